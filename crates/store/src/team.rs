//! Teams 走访组 of a round, and which subjects each is assigned 包联.

use crate::db::Tx;
use crate::error::Result;
use crate::event::note;
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::{campaign, vals};
use domain::id::{PersonId, RoundId, SubjectId, TeamId, UnitId};
use domain::refusal::Refusal;
use domain::role::{Actor, Role};
use domain::time::Day;
use serde_json::json;
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub id: TeamId,
    pub round: RoundId,
    pub unit: UnitId,
    pub name: String,
}

fn team(row: &Row) -> Result<Team> {
    Ok(Team { id: row.parse(0)?, round: row.parse(1)?, unit: row.parse(2)?, name: row.string(3)? })
}

pub fn list(tx: &mut dyn Tx, round: RoundId) -> Result<Vec<Team>> {
    tx.query("select id, round, unit, name from team where round = $1 order by id limit 500", &vals![round])?
        .iter()
        .map(team)
        .collect()
}

pub fn find(tx: &mut dyn Tx, id: TeamId) -> Result<Option<Team>> {
    tx.query_opt("select id, round, unit, name from team where id = $1", &vals![id])?.map(|row| team(&row)).transpose()
}

/// The teams of which one of these persons is a member, newest round first.
pub fn list_of(tx: &mut dyn Tx, persons: &[PersonId]) -> Result<Vec<Team>> {
    let mut found: Vec<Team> = Vec::new();
    for person in persons {
        let rows = tx.query(
            "select t.id, t.round, t.unit, t.name from team_member m join team t on t.id = m.team where m.person = $1 order by t.round desc, t.id limit 200",
            &vals![*person],
        )?;
        for row in &rows {
            let team = team(row)?;
            if !found.contains(&team) {
                found.push(team);
            }
        }
    }
    Ok(found)
}

/// The teams that an actor's officers' hats belong to.
pub fn list_of_actor(tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Team>> {
    let mut officers: Vec<PersonId> = Vec::new();
    for hat in actor.hats().iter().filter(|hat| hat.role == Role::Officer) {
        if !officers.contains(&hat.of) {
            officers.push(hat.of);
        }
    }
    list_of(tx, &officers)
}

/// A unit's team; its officers are members from the start.
pub fn insert(
    tx: &mut dyn Tx,
    deed: &Deed,
    id: TeamId,
    round: RoundId,
    unit: UnitId,
    name: &str,
) -> Result<Team, Failure> {
    if let Some(known) = find(tx, id)? {
        return Ok(known);
    }
    campaign::free(tx, "select count(*) from team where round = $1 and name = $2", &vals![round, name])?;
    tx.exec(
        "insert into team (id, round, unit, name, made_at) values ($1, $2, $3, $4, $5)",
        &vals![id, round, unit, name, deed.now],
    )?;
    tx.exec(
        "insert into team_member (team, person)
         select $1, h.person from hat h join person p on p.id = h.person where h.unit = $2 and h.role = 'officer' and p.left_at is null",
        &vals![id, unit],
    )?;
    note(tx, deed, id, "team-formed", json!({ "round": round, "unit": unit }))?;
    find(tx, id)?.ok_or_else(|| Refusal::Absent.into())
}

/// Members in the order of their names, with the name.
pub fn members(tx: &mut dyn Tx, team: TeamId) -> Result<Vec<(PersonId, String)>> {
    tx.query(
        "select p.id, p.name from team_member m join person p on p.id = m.person where m.team = $1 and p.left_at is null order by p.name limit 200",
        &vals![team],
    )?
    .iter()
    .map(|row| Ok((row.parse(0)?, row.string(1)?)))
    .collect()
}

/// How many members each team of a round has, and the names of the first five.
pub fn members_of_round(tx: &mut dyn Tx, round: RoundId) -> Result<HashMap<TeamId, (i64, Vec<String>)>> {
    let rows = tx.query(
        "select team, name, members from (
           select m.team, p.name, count(*) over (partition by m.team) as members,
             row_number() over (partition by m.team order by p.name, p.id) as place
           from team t join team_member m on m.team = t.id join person p on p.id = m.person
           where t.round = $1 and p.left_at is null) as all_members
         where place <= 5 order by team, place limit 2500",
        &vals![round],
    )?;
    let mut members: HashMap<TeamId, (i64, Vec<String>)> = HashMap::new();
    for row in &rows {
        let (count, names) = members.entry(row.parse(0)?).or_default();
        *count = row.int(2)?;
        names.push(row.string(1)?);
    }
    Ok(members)
}

pub fn set_members(tx: &mut dyn Tx, deed: &Deed, team: TeamId, persons: &[PersonId]) -> Result<(), Failure> {
    tx.exec("delete from team_member where team = $1", &vals![team])?;
    for person in persons {
        tx.exec(
            "insert into team_member (team, person) values ($1, $2) on conflict (team, person) do nothing",
            &vals![team, *person],
        )?;
    }
    note(tx, deed, team, "team-changed", json!({ "members": persons }))?;
    Ok(())
}

/// One subject of a round with its team and how often it was visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    pub subject: SubjectId,
    pub no: i64,
    pub name: String,
    pub area: String,
    pub team: TeamId,
    pub visits: i64,
    pub visited_on: Option<Day>,
}

/// The subjects of a round, or of one of its teams, by number after `after`; 1,000 at most.
pub fn list_assigned(
    tx: &mut dyn Tx,
    round: RoundId,
    team: Option<TeamId>,
    after: i64,
    limit: i64,
) -> Result<Vec<Assigned>> {
    list_covered(tx, round, team, None, after, limit)
}

/// Of these those that were visited, or those that were not.
pub fn list_covered(
    tx: &mut dyn Tx,
    round: RoundId,
    team: Option<TeamId>,
    visited: Option<bool>,
    after: i64,
    limit: i64,
) -> Result<Vec<Assigned>> {
    let visited = visited.map_or("", |it| if it { "yes" } else { "no" });
    tx.query(
        "select a.subject, s.no, s.name, s.area, a.team, a.visits, a.visited_on from assignment a join subject s on s.id = a.subject
         where a.round = $1 and ($2 = '' or a.team = $2) and s.no > $3
           and ($5 = '' or ($5 = 'yes' and a.visits > 0) or ($5 = 'no' and a.visits = 0)) order by s.no limit $4",
        &vals![round, team.map(|it| it.to_string()).unwrap_or_default(), after, limit, visited],
    )?
    .iter()
    .map(|row| {
        Ok(Assigned {
            subject: row.parse(0)?,
            no: row.int(1)?,
            name: row.string(2)?,
            area: row.string(3)?,
            team: row.parse(4)?,
            visits: row.int(5)?,
            visited_on: row.opt_parse(6)?,
        })
    })
    .collect()
}

/// How far a team is: subjects assigned, of them visited, visits to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub assigned: i64,
    pub visited: i64,
    pub visits: i64,
}

pub fn coverage(tx: &mut dyn Tx, round: RoundId) -> Result<HashMap<TeamId, Coverage>> {
    tx.query(
        "select team, count(*), sum(case when visits > 0 then 1 else 0 end), cast(sum(visits) as bigint) from assignment where round = $1 group by team",
        &vals![round],
    )?
    .iter()
    .map(|row| Ok((row.parse(0)?, Coverage { assigned: row.int(1)?, visited: row.int(2)?, visits: row.int(3)? })))
    .collect()
}

/// The rounds in which a subject is assigned, newest first: round, team.
pub fn list_of_subject(tx: &mut dyn Tx, subject: SubjectId) -> Result<Vec<(campaign::Round, Team)>> {
    tx.query(
        "select t.id, t.round, t.unit, t.name from assignment a join team t on t.id = a.team where a.subject = $1 order by a.round desc limit 50",
        &vals![subject],
    )?
    .iter()
    .map(|row| {
        let team = team(row)?;
        let round = campaign::find_round(tx, team.round)?.ok_or(crate::Error::NotFound)?;
        Ok((round, team))
    })
    .collect()
}

/// Assigns subjects of a round, or hands them over to another team; visits made before stay counted.
pub fn assign(tx: &mut dyn Tx, deed: &Deed, round: RoundId, given: &[(SubjectId, TeamId)]) -> Result<(), Failure> {
    let teams = list(tx, round)?;
    if given.iter().any(|(_, team)| !teams.iter().any(|it| it.id == *team)) {
        return Err(Refusal::Absent.into());
    }
    for (subject, team) in given {
        tx.exec(
            "insert into assignment (round, subject, team, made_at) values ($1, $2, $3, $4)
             on conflict (round, subject) do update set team = excluded.team",
            &vals![round, *subject, *team, deed.now],
        )?;
    }
    let digest = crate::words::sha256(&[format!("{given:?}").as_bytes()]);
    let data = json!({ "subjects": given.len(), "digest": digest });
    note(tx, deed, round, "assigned", data)?;
    Ok(())
}

/// Takes a subject out of a round, unless it was visited there.
pub fn unassign(tx: &mut dyn Tx, deed: &Deed, round: RoundId, subject: SubjectId) -> Result<bool, Failure> {
    let gone =
        tx.exec("delete from assignment where round = $1 and subject = $2 and visits = 0", &vals![round, subject])?;
    if gone > 0 {
        note(tx, deed, round, "unassigned", json!({ "subject": subject }))?;
    }
    Ok(gone > 0)
}

/// A team's subjects pass to another team of the round in one step; says how many.
pub fn hand_over(tx: &mut dyn Tx, deed: &Deed, round: RoundId, from: TeamId, to: TeamId) -> Result<u64, Failure> {
    let teams = list(tx, round)?;
    if from == to || [from, to].iter().any(|id| !teams.iter().any(|it| it.id == *id)) {
        return Err(Refusal::Absent.into());
    }
    let moved = tx.exec("update assignment set team = $3 where round = $1 and team = $2", &vals![round, from, to])?;
    let data = json!({ "from": from, "to": to, "subjects": moved });
    note(tx, deed, round, "handed-over", data)?;
    Ok(moved)
}

/// Counts a visit recorded for the first time, and looks which one is the newest now: an amendment may move the day.
pub(crate) fn count_visit(tx: &mut dyn Tx, round: RoundId, subject: SubjectId, new: bool) -> Result<()> {
    // First the row, which others wait for; then what they have written is seen.
    tx.exec(
        "update assignment set visits = visits + $3 where round = $1 and subject = $2",
        &vals![round, subject, i64::from(new)],
    )?;
    let newest = tx.query_opt(
        "select id, day from visit where subject = $2 and round = $1 and state in ('recorded', 'confirmed') order by day desc, no desc limit 1",
        &vals![round, subject],
    )?;
    if let Some(row) = newest {
        tx.exec(
            "update assignment set visit = $3, visited_on = $4 where round = $1 and subject = $2",
            &vals![round, subject, row.string(0)?, row.string(1)?],
        )?;
    }
    Ok(())
}
