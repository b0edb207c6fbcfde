//! The report upward, counted once: page and workbook show these numbers and these rows.

use super::show::{Which, find, sum};
use crate::app::{App, Directory};
use crate::auth::Who;
use crate::doorstep;
use crate::error::Error;
use crate::lang::Lang;
use crate::ui::number::percent;
use domain::access;
use domain::light::{self, Bounds};
use domain::problem::{StateName, Tier};
use domain::time::Millis;
use std::sync::Arc;
use store::Tx;
use store::campaign::{Campaign, Round};
use store::list::{By, Filter, Line};
use store::tally::{self, Count};
use store::team::{self, Coverage};
use store::terms::Failure;

/// A report on paper is read by people; more rows than these of a tier are in the ledger.
const MOST: i64 = 1_000;

/// To whom a part of the report goes: who can settle those problems.
pub struct Level {
    pub zh: &'static str,
    pub en: &'static str,
    pub tiers: &'static [Tier],
}

/// From the top down: city, zone, unit and spot.
pub const LEVELS: [Level; 3] = [
    Level { zh: "市级（上级）", en: "City (above)", tiers: &[Tier::Above] },
    Level { zh: "区级（管委会）", en: "Zone (committee)", tiers: &[Tier::Committee] },
    Level { zh: "部门和现场", en: "Unit and spot", tiers: &[Tier::Unit, Tier::Spot] },
];

/// How the problems of a level stand. The columns add up to `all`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    pub all: i64,
    pub closed: i64,
    pub in_hand: i64,
    pub answered: i64,
    pub planned: i64,
    pub registered: i64,
    /// Merged, refused or withdrawn: nothing is left to be settled, so no rate counts them.
    pub other: i64,
}

impl Stand {
    fn of<'c>(counts: impl Iterator<Item = &'c Count>) -> Stand {
        let mut stand = Stand::default();
        for it in counts {
            stand.all += it.count;
            let column = match it.state {
                StateName::Closed => &mut stand.closed,
                StateName::Dispatched | StateName::InHand => &mut stand.in_hand,
                StateName::Answered => &mut stand.answered,
                StateName::Planned => &mut stand.planned,
                StateName::Registered => &mut stand.registered,
                StateName::Merged | StateName::Refused | StateName::Withdrawn => &mut stand.other,
            };
            *column += it.count;
        }
        stand
    }

    /// Of how many the closing rate speaks.
    pub fn counted(&self) -> i64 {
        self.all - self.other
    }

    pub fn rate(&self) -> String {
        format!("{} ({}/{})", percent(self.closed, self.counted()), self.closed, self.counted())
    }

    pub fn cells(&self) -> [i64; 7] {
        [self.all, self.closed, self.in_hand, self.answered, self.planned, self.registered, self.other]
    }
}

pub struct Report {
    pub campaign: Campaign,
    /// One for each of `LEVELS`.
    pub stands: Vec<Stand>,
    pub total: Stand,
    pub rounds: Vec<(Round, Coverage)>,
    /// Those of the two upper levels.
    pub lines: Vec<Line>,
    pub now: Millis,
    pub directory: Arc<Directory>,
}

pub async fn load(app: &Arc<App>, who: &Who, no: &str) -> Result<Report, Error> {
    doorstep::look_at_all(who)?;
    let (which, actor, now, terms) = (Which::read(no), who.actor.clone(), app.now(), app.terms());
    let directory = app.directory().await?;
    let report = app.db.read(move |tx| {
        let campaign = find(tx, &which)?;
        let counts = tally::problems(tx, campaign.id)?;
        let stands = LEVELS.iter().map(|it| Stand::of(counts.iter().filter(|count| it.tiers.contains(&count.tier))));
        let stands: Vec<Stand> = stands.collect();
        let mut rounds = Vec::new();
        for round in store::campaign::list_rounds(tx, campaign.id)? {
            let covered = team::coverage(tx, round.id)?;
            rounds.push((round, sum(covered.values())));
        }
        let bounds = light::bounds(now, &terms.calendar);
        let mut lines = Vec::new();
        for tier in [Tier::Above, Tier::Committee] {
            lines.extend(of_tier(tx, &access::scope(&actor), &campaign, tier, now, &bounds)?);
        }
        let total = Stand::of(counts.iter());
        Ok::<_, Failure>(Report { campaign, stands, total, rounds, lines, now, directory })
    });
    report.await.map_err(Error::from)
}

fn of_tier(
    tx: &mut dyn Tx,
    scope: &access::Scope,
    campaign: &Campaign,
    tier: Tier,
    now: Millis,
    bounds: &Bounds,
) -> Result<Vec<Line>, Failure> {
    let filter = Filter { campaign: Some(campaign.id), tier: Some(tier), by: By::Newest, ..Filter::default() };
    let mut lines = store::list::list(tx, scope, &filter, now, bounds, MOST)?;
    lines.reverse();
    Ok(lines)
}

pub fn level_heads(lang: Lang) -> [&'static str; 9] {
    match lang {
        Lang::Zh => ["层级", "合计", "已销号", "办理中", "已反馈", "列入计划", "待交办", "其他", "销号率"],
        Lang::En => {
            ["Level", "All", "Closed", "In hand", "Answered", "Planned", "To dispatch", "Other", "Closing rate"]
        }
    }
}

pub fn round_heads(lang: Lang) -> [&'static str; 5] {
    match lang {
        Lang::Zh => ["轮次", "走访对象", "已走访", "覆盖率", "走访次数"],
        Lang::En => ["Round", "Subjects", "Visited", "Coverage", "Visits"],
    }
}

pub fn line_heads(lang: Lang) -> [&'static str; 6] {
    match lang {
        Lang::Zh => ["编号", "标题", "办理层级", "主办单位", "状态", "首次到期"],
        Lang::En => ["No.", "Title", "Tier", "Lead unit", "State", "First due"],
    }
}

impl Report {
    /// The table of levels as texts, with the sum below.
    pub fn level_rows(&self, lang: Lang) -> Vec<Vec<String>> {
        let names = LEVELS.iter().map(|it| lang.of(it.zh, it.en)).chain([lang.of("合计", "All")]);
        let stands = self.stands.iter().chain([&self.total]);
        names
            .zip(stands)
            .map(|(name, stand)| {
                let cells = stand.cells().map(|it| it.to_string());
                [name.to_owned()].into_iter().chain(cells).chain([stand.rate()]).collect()
            })
            .collect()
    }

    pub fn round_rows(&self) -> Vec<Vec<String>> {
        let row = |(round, it): &(Round, Coverage)| {
            vec![
                round.name.clone(),
                it.assigned.to_string(),
                it.visited.to_string(),
                format!("{} ({}/{})", percent(it.visited, it.assigned), it.visited, it.assigned),
                it.visits.to_string(),
            ]
        };
        self.rounds.iter().map(row).collect()
    }

    pub fn line_rows(&self, lang: Lang) -> Vec<Vec<String>> {
        let unit =
            |it: &Line| it.lead.and_then(|id| self.directory.unit(id)).map_or("—", |it| it.label(lang.is_en()));
        let row = |it: &Line| {
            vec![
                it.no.to_string(),
                it.title.clone(),
                lang.of(it.tier.zh(), it.tier.en()).to_owned(),
                unit(it).to_owned(),
                lang.of(it.state.zh(), it.state.en()).to_owned(),
                it.first_due_at.map_or("—".to_owned(), Millis::minute),
            ]
        };
        self.lines.iter().map(row).collect()
    }
}
