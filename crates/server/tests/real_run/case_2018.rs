//! The 2018 case on the real register, both engines: the register of the zone comes in, a round takes 160 of it evenly over
//! the ten units, all are visited, what they told becomes problems that go the whole way, and the report goes upward.

use crate::cast::Cast;
use crate::course::Run;
use crate::doorstep::{self, PROBLEMS, SUBJECTS};
use crate::taking::take;
use crate::{input, one_changed_byte_is_named, read_back_equal, report};
use domain::problem::{StateName, Tier};
use intake::Kind;
use server::house::{At, House};
use server::now;
use std::sync::Arc;
use store::{Place, tally, team};
use testkit::{TestPlace, on_both_places};

on_both_places!(the_case_of_2018_on_the_real_register, |place| { case_2018(place) });

fn case_2018(place: &TestPlace) {
    let folder = tempfile::tempdir().unwrap();
    let mut at = At::new(folder.path());
    if let Place::Postgres(url) = place.place() {
        at.database = Some(url.clone());
    }
    let begun = now::now();
    let house = House::open(&at, begun).unwrap();
    let register = input::register(folder.path());
    let rows = register.rows;
    let line = |imported: usize, unchanged: usize| {
        format!("imported {imported}, updated 0, unchanged {unchanged}, rejected 0")
    };
    assert_eq!(take(&house, Kind::Enterprises, &register.file, "zone"), line(rows, 0));
    assert_eq!(take(&house, Kind::Enterprises, &register.file, "zone"), line(0, rows));

    let cast = Cast::make(&house, begun);
    let input = input::find(folder.path());
    let round = doorstep::open(&house, &cast, now::now());
    let assigned = coverage(&house, &round);
    assert!(assigned.iter().all(|it| it.assigned == 16 && it.visited == 0), "{assigned:?}");
    doorstep::visit_everybody(&house, &cast, &round, &Arc::new(input.texts()), now::now());
    let visited = coverage(&house, &round);
    assert_eq!(visited.iter().map(|it| it.visited).sum::<i64>(), SUBJECTS as i64);
    assert!(visited.iter().all(|it| (it.visited, it.visits) == (16, 16)), "{visited:?}");

    let office = cast.office.clone();
    let mut run = Run::begin(&house, cast, input.replies.clone());
    assert_eq!(run.problems(), PROBLEMS);
    run.go();
    run.outcomes_are_as_driven();
    let (states, campaign) = (run.states(), round.campaign.clone());
    println!("{:?}: {rows} in the register, {states:?}, {} commands accepted", house.db.engine(), run.accepted);

    // The numbers of the campaign are the problems themselves, and every one of them stands on the report upward.
    let counts = house.db.read_blocking(move |tx| tally::problems(tx, campaign.id)).unwrap();
    let sum =
        |fits: &dyn Fn(&tally::Count) -> bool| counts.iter().filter(|it| fits(it)).map(|it| it.count).sum::<i64>();
    assert_eq!(sum(&|_| true), PROBLEMS as i64);
    for (state, count) in &states {
        assert_eq!(sum(&|it| it.state.code() == state), *count, "{state}");
    }
    let closed = sum(&|it| it.state == StateName::Closed);
    let above = sum(&|it| it.tier == Tier::Above);
    assert!(above >= 120 && closed > PROBLEMS as i64 / 2, "{above} of the city, {closed} closed");
    report::is_printed(&house, &office, &round.campaign, &counts);

    read_back_equal(&house, folder.path(), PROBLEMS);
    let checked = house.db.read_blocking(|tx| store::audit::verify(tx, &mut |_| {})).unwrap();
    assert_eq!(checked.broken, None);
    one_changed_byte_is_named(&house);
}

fn coverage(house: &House, round: &doorstep::Round) -> Vec<team::Coverage> {
    let (id, teams) = (round.round.id, round.teams.clone());
    let by_team = house.db.read_blocking(move |tx| team::coverage(tx, id)).unwrap();
    assert_eq!(by_team.len(), teams.len());
    teams.iter().map(|it| by_team[&it.id].clone()).collect()
}
