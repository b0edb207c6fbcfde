//! Every case of `scenarios/attendance_cases.json` written as rows and read back: the roll from the database judges each
//! person and day as the case itself does, which the domain's tests compare with every row of `attendance.csv`.

use crate::yard::day;
use domain::attendance::asked::{self, Asked};
use domain::attendance::course::{self, FiledPlan, PlanState};
use domain::attendance::roll::Roll;
use domain::attendance::rule_set::RuleSets;
use domain::attendance::verdict::Judged;
use domain::attendance::worked::Cases;
use domain::attendance::{Judge, Terms};
use domain::calendar::Calendar;
use domain::id::{PersonId, SiteId, UnitId};
use domain::time::{DAY_MS, Millis};
use std::collections::BTreeSet;
use store::{Db, Tx, ids, vals};
use testkit::on_both;

/// Everybody and every place that a roll names.
fn named(roll: &Roll) -> (BTreeSet<PersonId>, BTreeSet<SiteId>) {
    let mut persons: BTreeSet<PersonId> = roll.punches.iter().map(|it| it.person).collect();
    let mut sites: BTreeSet<SiteId> = roll.punches.iter().map(|it| it.site).collect();
    for plan in &roll.versions {
        sites.insert(plan.site);
        for line in &plan.lines {
            persons.extend([Some(line.person), line.covers, line.replaces].into_iter().flatten());
            sites.extend(&line.excused_by);
        }
    }
    persons.extend(roll.substitutes.iter().flat_map(|it| [it.person, it.instead_of]));
    persons.extend(roll.leaves.iter().map(|it| it.person));
    persons.extend(roll.certificates.iter().map(|it| it.person));
    persons.extend(roll.exits.iter().map(|it| it.person));
    (persons, sites)
}

fn text<T: serde::Serialize>(it: &T) -> String {
    serde_json::to_string(it).unwrap()
}

fn enter(tx: &mut dyn Tx, roll: &Roll) -> store::Result<()> {
    let (persons, sites) = named(roll);
    tx.batch("insert into unit (id, name, name_en, path) values ('01890000-0000-7000-8000-00000000000a', '单位', '', '01890000-0000-7000-8000-00000000000a')")?;
    for (n, it) in persons.iter().enumerate() {
        tx.exec(
            "insert into person (id, login, name, unit, password) values ($1, $2, $2, '01890000-0000-7000-8000-00000000000a', '')",
            &vals![*it, format!("p{n}")],
        )?;
    }
    for (n, it) in sites.iter().enumerate() {
        tx.exec(
            "insert into site (id, no, name, permit, owner, contractor, secret, revision, made_at, changed_at)
             values ($1, $2, $3, $3, '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-00000000000a', '', 1, 0, 0)",
            &vals![*it, n as i64 + 1, format!("s{n}")],
        )?;
    }
    let (by, owner) = (PersonId(ids::fresh(Millis(0))), UnitId(ids::fresh(Millis(0))));
    for (n, plan) in roll.versions.iter().enumerate() {
        let mut filed: FiledPlan = course::file(plan.clone(), false, by, Millis(0));
        (filed.plan, filed.state) = (plan.clone(), PlanState::Approved);
        let version = n as i64 + 1;
        tx.exec(
            "insert into stage_plan (site, version, state, effective_from, approved_at, revision, body) values ($1, $2, 'approved', $3, $4, 1, $5)",
            &vals![plan.site, version, plan.effective_from, plan.approved_at, text(&filed)],
        )?;
        for line in &plan.lines {
            for person in [Some(line.person), line.covers, line.replaces].into_iter().flatten() {
                tx.exec(
                    "insert into plan_person (person, site, version, from_day, to_day) values ($1, $2, $3, $4, $5) on conflict do nothing",
                    &vals![person, plan.site, version, line.from, line.to],
                )?;
            }
        }
    }
    for it in &roll.punches {
        let id = ids::fresh(Millis(0)).to_string();
        tx.exec(
            "insert into punch (id, person, site, at, day, received, drift_s, way, device, doubt) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict do nothing",
            &vals![
                &id,
                it.person,
                it.site,
                it.at,
                it.at.day(),
                it.received.unwrap_or(it.at),
                it.drift_s,
                it.way.code(),
                it.device.clone().unwrap_or_default(),
                it.doubt.map_or("", |it| it.code())
            ],
        )?;
        for ruling in &it.rulings {
            tx.exec(
                "insert into ruling (punch, at, accepted) select id, $2, $3 from punch where id = $1",
                &vals![&id, ruling.at, ruling.accepted],
            )?;
        }
    }
    for it in &roll.leaves {
        let mut asked: Asked<_> = asked::ask(it.clone(), &[owner], by, false, Millis(0)).unwrap();
        asked.what = it.clone();
        tx.exec(
            "insert into leave (id, person, from_day, to_day, state, revision, body) values ($1, $2, $3, $4, 'granted', 1, $5)",
            &vals![ids::fresh(Millis(0)).to_string(), it.person, it.from, it.to, text(&asked)],
        )?;
    }
    for it in &roll.substitutes {
        let mut asked: Asked<_> = asked::ask(it.clone(), &[owner], by, false, Millis(0)).unwrap();
        asked.what = it.clone();
        tx.exec(
            "insert into substitute (id, site, person, instead_of, from_day, to_day, state, revision, body) values ($1, $2, $3, $4, $5, $6, 'granted', 1, $7)",
            &vals![ids::fresh(Millis(0)).to_string(), it.site, it.person, it.instead_of, it.from, it.to, text(&asked)],
        )?;
    }
    for it in &roll.certificates {
        tx.exec(
            "insert into certificate (id, person, post, number, from_day, to_day, made_at) values ($1, $2, $3, '', $4, $5, 0)",
            &vals![ids::fresh(Millis(0)).to_string(), it.person, it.post.0.as_str(), it.from, it.to],
        )?;
    }
    for it in &roll.exits {
        tx.exec(
            "insert into site_exit (id, person, site, last_day, filed_at) values ($1, $2, $3, $4, $5)",
            &vals![ids::fresh(Millis(0)).to_string(), it.person, it.site, it.last_day, it.filed_at],
        )?;
    }
    for it in &roll.calls {
        tx.exec(
            "insert into site_call (id, person, site, called_at, day) values ($1, $2, $3, $4, $5)",
            &vals![ids::fresh(Millis(0)).to_string(), it.person, it.site, it.called_at, it.day],
        )?;
    }
    for it in &roll.key_periods {
        tx.exec(
            "insert into key_period (id, site, from_day, to_day, made_at) values ($1, $2, $3, $4, 0)",
            &vals![ids::fresh(Millis(0)).to_string(), it.site, it.from, it.to],
        )?;
    }
    Ok(())
}

fn judged(roll: &Roll, places: &[(PersonId, SiteId)], now: Millis) -> Vec<Judged> {
    let (calendar, rules) = (Calendar::shipped(), RuleSets::default());
    let judge = Judge::new(roll, Terms { calendar: &calendar, rules: &rules, now });
    places.iter().flat_map(|(person, site)| judge.judge(*person, *site, day("2018-04-01"), day("2018-05-31"))).collect()
}

on_both!(rows_judge_as_the_worked_cases_do, |db| {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/attendance_cases.json");
    let cases = Cases::read(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut days = 0;
    for (name, case) in cases.iter() {
        let (calendar, rules) = (Calendar::shipped(), RuleSets::default());
        let now = Millis::at(case.as_of, DAY_MS);
        let places = Judge::new(&case.roll, Terms { calendar: &calendar, rules: &rules, now }).places();
        let mut found = loaded(&db, &case.roll, &places);
        // Leave used before the system began has no row.
        found.leave_used = case.roll.leave_used.clone();
        let (rows, case) = (judged(&found, &places, now), judged(&case.roll, &places, now));
        for (row, case) in rows.iter().zip(&case) {
            assert_eq!(row, case, "{name}: {}", case.en());
        }
        days += rows.len();
    }
    assert!(days > 2_000, "only {days} days were compared");
});

/// Written in a transaction that is undone, so that each case has the database for itself.
fn loaded(db: &Db, roll: &Roll, places: &[(PersonId, SiteId)]) -> Roll {
    let (roll, persons) = (roll.clone(), places.iter().map(|it| it.0).collect::<BTreeSet<_>>());
    let found = std::sync::Arc::new(std::sync::Mutex::new(None));
    let out = found.clone();
    let undone: Result<(), store::Error> = db.write_blocking(move |tx| {
        enter(tx, &roll)?;
        *out.lock().unwrap() = Some(store::roll::load(tx, &persons, day("2018-04-01"), day("2018-05-31"))?);
        Err(store::Error::Constraint("undone on purpose".into()))
    });
    assert_eq!(undone, Err(store::Error::Constraint("undone on purpose".into())));
    found.lock().unwrap().take().unwrap()
}
