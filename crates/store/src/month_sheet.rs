//! The month sheet 月考勤表 of a site: everybody with each day's verdict, judged from what is known now.

use crate::db::Tx;
use crate::error::Result;
use crate::many::{look_up, rows_of};
use crate::terms::Deed;
use crate::{roll, stage_plan, vals};
use domain::attendance::Judge;
use domain::attendance::month::Month;
use domain::attendance::plan::{Post, Stage, StagePlan};
use domain::attendance::verdict::Judged;
use domain::id::{PersonId, SiteId};
use domain::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// One person's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub person: PersonId,
    pub name: String,
    pub posts: Vec<Post>,
    /// One for each day of the month.
    pub days: Vec<Judged>,
    pub month: Month,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub site: SiteId,
    pub first: Day,
    pub last: Day,
    pub lines: Vec<Line>,
    /// For each day the stage by the version in force, and whether another version begins there.
    pub stages: Vec<(Option<Stage>, u32)>,
}

fn names() -> &'static str {
    static SQL: OnceLock<&'static str> = OnceLock::new();
    SQL.get_or_init(|| look_up("select id, name from person where id", ""))
}

/// For the test that prepares every statement on both engines.
pub fn statements() -> [&'static str; 1] {
    [names()]
}

/// What people call these persons.
pub fn names_of(tx: &mut dyn Tx, persons: &BTreeSet<PersonId>) -> Result<BTreeMap<PersonId, String>> {
    let keys: Vec<String> = persons.iter().map(PersonId::to_string).collect();
    rows_of(tx, names(), &keys)?.iter().map(|row| Ok((row.parse(0)?, row.string(1)?))).collect()
}

/// The sheets of several sites from one roll; `first` is the first of the month. Sites together are loaded with a fixed
/// number of statements for every hundred persons; some fifty sites at once are best.
pub fn load(tx: &mut dyn Tx, deed: &Deed, sites: &[SiteId], first: Day) -> Result<Vec<Sheet>> {
    let last = first.plus_months(1).plus(-1);
    let persons = roll::persons_of(tx, sites)?;
    let roll = roll::load(tx, &persons, first, last)?;
    let names = names_of(tx, &persons)?;
    let judge = Judge::new(&roll, deed.attendance());
    let mut sheets = Vec::with_capacity(sites.len());
    for site in sites {
        let mut posts: BTreeMap<PersonId, Vec<Post>> = BTreeMap::new();
        for row in tx.query(
            "select person, posts from staff where site = $1 order by made_at, person limit 500",
            &vals![*site],
        )? {
            posts.insert(row.parse(0)?, row.text(1)?.split_whitespace().map(|it| Post(it.to_owned())).collect());
        }
        let plans: Vec<&StagePlan> = roll.versions.iter().filter(|it| it.site == *site).collect();
        let named = plans.iter().flat_map(|it| &it.lines).filter(|it| it.from <= last && it.to >= first);
        let mut all: BTreeSet<PersonId> = named.map(|it| it.person).collect();
        all.extend(posts.keys());
        let lines = all.into_iter().map(|person| {
            let days = judge.judge(person, *site, first, last);
            let month = Month::of(&days);
            Line {
                person,
                name: names.get(&person).cloned().unwrap_or_default(),
                posts: posts.get(&person).cloned().unwrap_or_else(|| posts_by_plan(&plans, person)),
                days,
                month,
            }
        });
        let mut lines: Vec<Line> = lines.collect();
        lines.sort_by(|a, b| (rank(&plans, a.person), &a.name).cmp(&(rank(&plans, b.person), &b.name)));
        let stages = (first.number()..=last.number()).map(|day| stage_of(&plans, Day::from_number(day))).collect();
        sheets.push(Sheet { site: *site, first, last, lines, stages });
    }
    Ok(sheets)
}

fn posts_by_plan(plans: &[&StagePlan], person: PersonId) -> Vec<Post> {
    let own = plans.iter().rev().flat_map(|it| &it.lines).find(|it| it.person == person);
    own.map(|it| it.post.clone()).into_iter().collect()
}

/// In the order of the newest plan's lines.
fn rank(plans: &[&StagePlan], person: PersonId) -> usize {
    let newest = plans.iter().max_by_key(|it| it.version);
    newest.and_then(|it| it.lines.iter().position(|line| line.person == person)).unwrap_or(usize::MAX)
}

fn stage_of(plans: &[&StagePlan], day: Day) -> (Option<Stage>, u32) {
    let Some(plan) = stage_plan::in_force(plans.iter().copied(), day) else { return (None, 0) };
    (plan.stages.iter().find(|it| it.from <= day && day <= it.to).cloned(), plan.version)
}
