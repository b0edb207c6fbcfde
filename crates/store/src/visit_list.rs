//! Lists of visits: always through a scope, always with a limit, one range of one index. And numbers about them.

use crate::db::Tx;
use crate::error::Result;
use crate::event::parse;
use crate::row::Row;
use crate::vals;
use crate::{Val, team};
use domain::id::{CampaignId, PersonId, PolicyId, RoundId, SubjectId, TeamId, UnitId, VisitId};
use domain::role::{Actor, Role};
use domain::time::Day;
use domain::visit::{self, Purpose, StateName, When};
use serde::Deserialize;

/// Whose visits are seen: all, or those of teams and persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    Of(Vec<String>),
}

impl Scope {
    pub fn is_nothing(&self) -> bool {
        matches!(self, Scope::Of(viewers) if viewers.is_empty())
    }
}

/// Through which windows an actor looks at visits and subjects.
pub fn scope(tx: &mut dyn Tx, actor: &Actor) -> Result<Scope> {
    if visit::sees_all(actor) {
        return Ok(Scope::All);
    }
    own_scope(tx, actor)
}

/// Those of his own teams and his own, also of somebody who sees all.
pub fn own_scope(tx: &mut dyn Tx, actor: &Actor) -> Result<Scope> {
    let mut viewers: Vec<String> = team::list_of_actor(tx, actor)?.into_iter().map(|it| it.id.to_string()).collect();
    for hat in actor.hats().iter().filter(|hat| hat.role == Role::Officer) {
        let of = hat.of.to_string();
        if !viewers.contains(&of) {
            viewers.push(of);
        }
    }
    Ok(Scope::Of(viewers))
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub subject: Option<SubjectId>,
    pub campaign: Option<CampaignId>,
    pub round: Option<RoundId>,
    pub team: Option<TeamId>,
    pub state: Option<StateName>,
    /// Only what still has to take place.
    pub open: bool,
    pub policy: Option<PolicyId>,
    /// A cell of the grid.
    pub cell: String,
    /// The first and the last day.
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// Day and number of the last row seen.
    pub after: Option<(Day, i64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub id: VisitId,
    pub no: i64,
    pub subject_no: i64,
    pub subject: String,
    pub state: StateName,
    pub purpose: Purpose,
    pub when: When,
    pub unit: UnitId,
    pub team: Option<TeamId>,
    pub officer: PersonId,
    pub officer_name: String,
}

#[derive(Deserialize)]
struct Brief {
    when: When,
}

fn line(row: &Row) -> Result<Line> {
    let brief: Brief = parse(row.text(4)?)?;
    Ok(Line {
        id: row.parse(0)?,
        no: row.int(1)?,
        subject_no: row.int(2)?,
        subject: row.string(3)?,
        when: brief.when,
        state: StateName::parse(row.text(5)?).unwrap_or(StateName::Planned),
        purpose: Purpose::parse(row.text(6)?).unwrap_or(Purpose::Visit),
        unit: row.parse(7)?,
        team: row.opt_parse(8)?,
        officer: row.parse(9)?,
        officer_name: row.string(10)?,
    })
}

/// One text for all lists, the newest day first. Parameters: 1 the key of the window, 2–8 filters, 9, 10 the range of
/// days, 11, 12 where the page before ended, 13 the limit.
macro_rules! lines {
    ($t:literal, $from:literal, $where:literal) => {
        concat!(
            "select v.id, v.no, s.no, s.name, v.body, v.state, v.purpose, v.unit, v.team, v.officer, p.name from ",
            $from,
            " join subject s on s.id = v.subject join person p on p.id = v.officer where ",
            $where,
            " and ($2 = '' or v.subject = $2) and ($3 = '' or v.campaign = $3) and ($4 = '' or v.round = $4)
               and ($5 = '' or v.team = $5) and ($6 = '' or v.state = $6 or $6 = 'open' and v.state in ('planned', 'proposed', 'agreed'))
               and ($7 = '' or exists (select 1 from visit_policy e where e.visit = v.id and e.policy = $7))
               and ($8 = '' or exists (select 1 from grid_mark g where g.thing = v.id and g.cell = $8)) and ",
            $t,
            ".day >= $9 and ",
            $t,
            ".day <= $10 and ",
            $t,
            ".day <= $11 and (",
            $t,
            ".day < $11 or ",
            $t,
            ".no < $12)
             order by ",
            $t,
            ".day desc, ",
            $t,
            ".no desc limit $13"
        )
    };
}

const SEEN: &str = lines!("w", "visit_viewer w join visit v on v.id = w.visit", "w.viewer = $1");
const ALL: &str = lines!("v", "visit v", "$1 = ''");
const OF_SUBJECT: &str = lines!("v", "visit v", "v.subject = $1");
const OF_ROUND: &str = lines!("v", "visit v", "v.round = $1");

/// For the test that prepares every statement on both engines.
pub const STATEMENTS: [&str; 4] = [SEEN, ALL, OF_SUBJECT, OF_ROUND];

/// At most `limit` visits, the newest day first.
pub fn list(tx: &mut dyn Tx, scope: &Scope, filter: &Filter, limit: i64) -> Result<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    match (scope, filter.subject, filter.round) {
        (Scope::All, Some(subject), _) => read(tx, OF_SUBJECT, &subject.to_string(), filter, limit, &mut lines)?,
        (Scope::All, None, Some(round)) => read(tx, OF_ROUND, &round.to_string(), filter, limit, &mut lines)?,
        (Scope::All, None, None) => read(tx, ALL, "", filter, limit, &mut lines)?,
        (Scope::Of(viewers), ..) => {
            for viewer in viewers {
                read(tx, SEEN, viewer, filter, limit, &mut lines)?;
            }
            if viewers.len() > 1 {
                lines.sort_by_key(|it| std::cmp::Reverse((it.when.day, it.no)));
                lines.dedup_by_key(|it| it.no);
                lines.truncate(limit.max(0) as usize);
            }
        }
    }
    Ok(lines)
}

fn read(
    tx: &mut dyn Tx,
    statement: &'static str,
    key: &str,
    filter: &Filter,
    limit: i64,
    into: &mut Vec<Line>,
) -> Result<()> {
    let text = |it: Option<String>| it.unwrap_or_default();
    let day = |it: Option<Day>, other: &str| it.map_or(other.to_owned(), |it| it.to_string());
    let (after_day, after_no) = filter.after.map_or(("9999-99-99".to_owned(), 0), |(day, no)| (day.to_string(), no));
    let values: Vec<Val> = vals![
        key,
        text(filter.subject.map(|it| it.to_string())),
        text(filter.campaign.map(|it| it.to_string())),
        text(filter.round.map(|it| it.to_string())),
        text(filter.team.map(|it| it.to_string())),
        filter.state.map_or(if filter.open { "open" } else { "" }, StateName::code),
        text(filter.policy.map(|it| it.to_string())),
        &filter.cell,
        day(filter.from, ""),
        day(filter.to, "9999-99-99"),
        after_day,
        after_no,
        limit
    ]
    .to_vec();
    for row in &tx.query(statement, &values)? {
        into.push(line(row)?);
    }
    Ok(())
}

/// Whether `actor` may open the page of a subject: one assigned to his teams, his own, or visited by them; the office,
/// supervision and leaders any.
pub fn sees_subject(tx: &mut dyn Tx, actor: &Actor, scope: &Scope, subject: SubjectId) -> Result<bool> {
    let Scope::Of(viewers) = scope else { return Ok(true) };
    for viewer in viewers {
        let row = tx.query_one(
            "select (select count(*) from (select 1 as one from assignment where subject = $1 and team = $2 limit 1) as a)
                  + (select count(*) from (select 1 as one from visit_viewer where viewer = $2 and subject = $1 limit 1) as b)",
            &vals![subject, viewer],
        )?;
        if row.int(0)? > 0 {
            return Ok(true);
        }
    }
    for hat in actor.hats().iter().filter(|hat| hat.role == Role::Officer) {
        let own = tx.query_opt("select 1 from subject where id = $1 and officer = $2", &vals![subject, hat.of])?;
        if own.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
