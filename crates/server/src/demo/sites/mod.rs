//! The sites of the demonstration: twelve in different stages, with some weeks of plans, punches, leave and what follows.
//! Three of them are the article's case: a technician who owes three site-days a day until the plans follow the stages.

mod crew;
mod month;
mod plans;

use super::days::Days;
use super::dice::Dice;
use crate::house::House;
use crate::{out, said};
use domain::attendance::rule_set::RuleSet;
use domain::id::{PersonId, SiteId, UnitId};
use domain::time::{Day, Millis};
use store::terms::{Deed, Failure, Terms};
use store::{Tx, attendance_rules, person, terms};

/// One site of `yards.txt` with its people.
pub struct Yard {
    pub id: SiteId,
    pub owner: UnitId,
    pub contractor: UnitId,
    /// Patterns of its first plan and of the one after it.
    pub before: &'static str,
    pub after: &'static str,
    pub crew: Vec<Member>,
}

#[derive(Clone, Copy)]
pub struct Member {
    pub person: PersonId,
    pub post: &'static str,
}

/// Who signs for whom, and when what happens.
pub struct Story {
    pub yards: Vec<Yard>,
    pub bureau: PersonId,
    pub owners: Vec<(UnitId, PersonId)>,
    pub contractors: Vec<(UnitId, PersonId)>,
    /// The technician of the article.
    pub technician: PersonId,
    /// The first day that the first plans govern, a Monday.
    pub begin: Day,
    /// The Monday from which the plans follow the stages.
    pub turn: Day,
    pub today: Day,
    pub now: Millis,
}

impl Story {
    pub fn owner(&self, yard: &Yard) -> PersonId {
        self.owners.iter().find(|it| it.0 == yard.owner).map_or(self.bureau, |it| it.1)
    }

    pub fn contractor(&self, yard: &Yard) -> PersonId {
        self.contractors.iter().find(|it| it.0 == yard.contractor).map_or(self.bureau, |it| it.1)
    }
}

pub fn at(day: Day, hour: i64, minute: i64) -> Millis {
    Millis::at(day, (hour * 60 + minute) * 60_000)
}

/// Plays all of it, a day at a time; what would lie after `now` has not happened.
pub fn play(house: &House, days: &Days, dice: &Dice, phc: &str) -> anyhow::Result<()> {
    let (terms, phc, now, first) = (house.terms.clone(), phc.to_owned(), days.now, days.first());
    let today = now.day();
    let (begin, turn) = (today.plus(-39).monday(), today.plus(-18).monday());
    let master = terms.master.clone();
    let made = house.db.write_blocking(move |tx| -> Result<(Story, Terms), Failure> {
        let bureau = find(tx, "bureau")?;
        let deed = Deed { terms: &terms, by: Some(bureau), now: first };
        // Absences against lists that nobody could keep are no problems for the pool.
        let old = RuleSet { effective_from: first.day(), problem_after_absences: 0, ..RuleSet::default() };
        attendance_rules::add(tx, &deed, &old)?;
        let new = RuleSet { effective_from: turn.plus(-4), ..RuleSet::default() };
        attendance_rules::add(tx, &Deed { now: first.plus(60_000), ..deed }, &new)?;
        let terms = terms::load(tx, &master)?;
        let deed = Deed { terms: &terms, by: Some(bureau), now: first };
        let story = crew::make(tx, &deed, &phc, (begin, turn), now)?;
        plans::first(tx, &terms, &story)?;
        Ok((story, terms))
    });
    let (story, terms) = made.map_err(said::failure("工地演示"))?;
    let count = story.today.number() - begin.number() + 1;
    let bar = out::measuring("建立工地演示 Making the sites", count.max(0) as u64);
    let story = std::sync::Arc::new(story);
    for day in (begin.number()..=today.number()).map(Day::from_number) {
        let (story, terms, seed) = (story.clone(), terms.clone(), dice.between(0, 1 << 30) as u64);
        let played = house.db.write_blocking(move |tx| month::day(tx, &terms, &story, day, &Dice::new(seed)));
        played.map_err(said::failure("工地演示"))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

fn find(tx: &mut dyn Tx, login: &str) -> Result<PersonId, Failure> {
    Ok(person::find_by_login(tx, login)?.ok_or(store::Error::NotFound)?.id)
}
