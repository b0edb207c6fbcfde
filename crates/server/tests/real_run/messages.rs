//! 4,326 messages of citizens go the whole way on both engines.

use crate::cast::Cast;
use crate::course::Run;
use crate::taking::take;
use crate::{input, one_changed_byte_is_named, read_back_equal};
use intake::Kind;
use server::house::{At, House};
use server::now;
use store::Place;
use testkit::{TestPlace, on_both_places};

on_both_places!(every_message_goes_the_whole_way_and_nothing_is_lost, |place| { whole_way(place) });

fn whole_way(place: &TestPlace) {
    let folder = tempfile::tempdir().unwrap();
    let mut at = At::new(folder.path());
    if let Place::Postgres(url) = place.place() {
        at.database = Some(url.clone());
    }
    let house = House::open(&at, now::now()).unwrap();
    let input = input::find(folder.path());
    let again = |imported: usize, unchanged: usize| {
        let line = format!("imported {imported}, updated 0, unchanged {unchanged}, rejected 0");
        assert_eq!(take(&house, Kind::Problems, &input.pool, "pool"), line);
    };
    again(input.messages, 0);
    again(0, input.messages);

    let cast = Cast::make(&house, now::now());
    let mut run = Run::begin(&house, cast, input.replies.clone());
    assert_eq!(run.problems(), input.messages);
    run.go();
    let states = run.states();
    println!("{:?}: {states:?}, {} commands accepted", house.db.engine(), run.accepted);
    for state in ["in-hand", "closed", "merged", "refused", "withdrawn"] {
        assert!(states.get(state).is_some_and(|count| *count > 0), "no problem ended {state}: {states:?}");
    }
    assert!(run.accepted as usize > input.messages * 7);
    assert!(states["closed"] > input.messages as i64 / 2);
    run.outcomes_are_as_driven();
    assert_eq!(states.get("planned"), None, "all planned ones have woken");
    let woken = house
        .db
        .read_blocking(|tx| tx.query_one("select count(*) from event where kind = 'woken'", &[])?.int(0))
        .unwrap();
    assert_eq!(woken as usize, (0..input.messages).filter(|i| i % 20 == 9).count());

    read_back_equal(&house, folder.path(), input.messages);
    let report = house.db.read_blocking(|tx| store::audit::verify(tx, &mut |_| {})).unwrap();
    assert_eq!(report.broken, None);
    assert_eq!(report.problems as usize, input.messages);
    assert_eq!(
        report.events,
        house.db.read_blocking(|tx| tx.query_one("select count(*) from event", &[])?.int(0)).unwrap() as u64
    );
    one_changed_byte_is_named(&house);
}
