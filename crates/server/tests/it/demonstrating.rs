//! The demonstration, at any hour of any day, shows every state and every light.

use crate::stage::Stage;
use domain::light::Light;
use domain::problem::StateName;
use domain::schedule;
use domain::time::Millis;
use server::house::{At, House};
use std::collections::BTreeMap;

#[test]
fn at_any_hour_every_state_and_light_is_there() {
    for moment in [
        "2018-05-14 09:00",
        "2026-10-04 12:00",
        "2026-11-22 23:59",
        "2026-11-23 15:30",
        "2026-02-24 00:01",
        "2027-01-04 08:31",
    ] {
        let now = Millis::parse_local(moment).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let house = House::open(&At::new(folder.path()), now).unwrap();
        let accounts = server::demo::fill(&house, String::new(), now).unwrap();
        assert_eq!(accounts.iter().filter(|it| it.main).count(), 16, "one of each role");
        let terms = house.terms.clone();
        let (states, lights) = house
            .db
            .read_blocking(move |tx| {
                let (mut states, mut lights) = (BTreeMap::<StateName, u32>::new(), BTreeMap::<Light, u32>::new());
                for no in 1..=400 {
                    let Some(found) = store::problem::find_by_no(tx, no)? else { continue };
                    let p = &found.problem;
                    assert!(p.registered.at <= now && p.last.at <= now, "nothing happens tomorrow");
                    *states.entry(p.state.name()).or_default() += 1;
                    *lights.entry(schedule::light_under(p, now, &terms.rules, &terms.calendar)).or_default() += 1;
                }
                let report = store::audit::verify(tx, &mut |_| {})?;
                assert_eq!(report.broken, None);
                Ok::<_, store::Error>((states, lights))
            })
            .unwrap();
        assert_eq!((states.len(), states.values().sum::<u32>()), (9, 300), "{moment} {states:?}");
        assert_eq!(lights.len(), 5, "{moment} {lights:?}");
    }
}

#[test]
fn it_is_made_anew_and_never_over_anything_else() {
    let stage = Stage::sqlite();
    let said = stage.run(&["demo", "--no-serve", "--password", "demo-password"]).ok();
    for login in ["office", "supervision", "leader", "clerk", "head", "officer", "site-staff", "auditor"] {
        assert!(said.out.lines().any(|line| line.starts_with(login) && line.contains("demo-password")), "{}", said.out);
    }
    stage.run(&["audit", "verify"]).ok();
    stage.run(&["demo", "--no-serve"]).ok();
    stage.run(&["demo", "--no-serve", "--database", "postgres:///x"]).refused();

    let other = Stage::sqlite();
    other.run(&["unit", "add", "--name", "走访办"]).ok();
    let said = other.run(&["demo", "--no-serve"]).refused();
    assert!(said.err.contains("没有动它"), "{}", said.err);
    let kept = other.db().read_blocking(|tx| tx.query_one("select count(*) from unit", &[])?.int(0));
    assert_eq!(kept.unwrap(), 1);
}
