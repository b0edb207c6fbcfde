//! Visits 走访: load through the actor's sight, let the rules decide, write the row, its derived rows and one event.

use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, Body, Said, parse, write};
use crate::row::Row;
use crate::terms::{Failure, Terms};
use crate::visit_record;
use crate::words::sha256;
use crate::{campaign, counter, policy, promise, questionnaire, search_visit, subject, team, vals};
use domain::fault::Fault;
use domain::id::{PersonId, TeamId, VersionId, VisitId};
use domain::questionnaire::Questionnaire;
use domain::refusal::Refusal;
use domain::role::Actor;
use domain::time::Millis;
use domain::visit::{self, Change, Command, Facts, Order, Plan, Record, Scene, Tie, Visit};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// A visit with its number and whom it is to.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub no: i64,
    pub visit: Visit,
    pub subject_no: i64,
    pub subject: String,
    /// Digest of the plan, then of the last order: what was sent about it, to tell a retry.
    sent: String,
}

impl Found {
    fn planned(&self) -> &str {
        self.sent.split(' ').next().unwrap_or_default()
    }
}

/// A visit as its actor meets it.
#[derive(Clone, Debug)]
pub struct Met {
    pub found: Found,
    pub ties: Vec<Tie>,
}

fn found(row: &Row) -> Result<Found> {
    Ok(Found {
        no: row.int(0)?,
        visit: parse(row.text(1)?)?,
        sent: row.string(2)?,
        subject_no: row.int(3)?,
        subject: row.string(4)?,
    })
}

pub fn find(tx: &mut dyn Tx, id: VisitId) -> Result<Option<Found>> {
    tx.query_opt(
        "select v.no, v.body, v.sent, s.no, s.name from visit v join subject s on s.id = v.subject where v.id = $1",
        &vals![id],
    )?
    .map(|row| found(&row))
    .transpose()
}

pub fn find_by_no(tx: &mut dyn Tx, no: i64) -> Result<Option<Found>> {
    tx.query_opt(
        "select v.no, v.body, v.sent, s.no, s.name from visit v join subject s on s.id = v.subject where v.no = $1",
        &vals![no],
    )?
    .map(|row| found(&row))
    .transpose()
}

/// Unknown and out of sight are the same.
pub fn meet_no(tx: &mut dyn Tx, actor: &Actor, no: i64) -> Result<Met, Failure> {
    let found = find_by_no(tx, no)?;
    met(tx, actor, found)
}

pub fn meet(tx: &mut dyn Tx, actor: &Actor, id: VisitId) -> Result<Met, Failure> {
    let found = find(tx, id)?;
    met(tx, actor, found)
}

fn met(tx: &mut dyn Tx, actor: &Actor, found: Option<Found>) -> Result<Met, Failure> {
    let found = found.ok_or(Refusal::Absent)?;
    let teams: Vec<TeamId> = team::list_of_actor(tx, actor)?.into_iter().map(|it| it.id).collect();
    let ties = visit::ties(actor, &found.visit, &teams);
    if ties.is_empty() { Err(Refusal::Absent.into()) } else { Ok(Met { found, ties }) }
}

/// Plans a visit. The first answer to a client id holds for every retry with the same content; the flag says whether it
/// was new.
pub fn plan(tx: &mut dyn Tx, terms: &Terms, plan: Plan, actor: &Actor, now: Millis) -> Result<(Found, bool), Failure> {
    let sent = sha256(&[format!("{plan:?}").as_bytes()]);
    if let Some(known) = find(tx, plan.id)? {
        return if known.planned() == sent { Ok((known, false)) } else { Err(Refusal::ClientIdReused.into()) };
    }
    if !visit::may_visit(actor) {
        return Err(Refusal::NotYourRole.into());
    }
    fits(tx, &plan)?;
    let visit = visit::plan(plan, actor.person(), now)?;
    let no = counter::next(tx, "visit")?;
    let body = write(&visit)?;
    tx.exec(
        "insert into visit (id, no, subject, campaign, round, team, unit, officer, state, purpose, day, revision, body, sent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &vals![
            visit.id, no, visit.subject, visit.campaign, visit.round, visit.team, visit.unit, visit.officer,
            visit.state.name().code(), visit.purpose.code(), visit.when.day, visit.revision, &body, sent
        ],
    )?;
    viewers(tx, no, None, &visit)?;
    let data =
        json!({ "no": no, "subject": visit.subject, "round": visit.round, "team": visit.team, "day": visit.when.day });
    tell(tx, terms, &visit, "visit-planned", data, &body, &Said::default(), now)?;
    let found = find(tx, visit.id)?.ok_or(Refusal::Absent)?;
    Ok((found, true))
}

/// The team is of the round, the round asks for the subject, the campaign is the round's. A unit outside the teams visits
/// in the campaign alone, or in none.
fn fits(tx: &mut dyn Tx, plan: &Plan) -> Result<(), Failure> {
    if subject::find(tx, plan.subject)?.is_none() {
        let fault = Fault::new("subject", "没有这个走访对象。", "There is no such subject.");
        return Err(Refusal::Faults(vec![fault]).into());
    }
    let assigned = team::list_of_subject(tx, plan.subject)?;
    let known = match (plan.round, plan.team) {
        (None, None) => match plan.campaign {
            Some(campaign) => campaign::find(tx, campaign)?.is_some(),
            None => true,
        },
        (None, Some(_)) => false,
        (Some(round), team) => assigned.iter().any(|(it, its_team)| {
            it.id == round && Some(it.campaign) == plan.campaign && team.is_none_or(|team| team == its_team.id)
        }),
    };
    if known {
        return Ok(());
    }
    let fault = Fault::new(
        "round",
        "这个对象不在所选轮次里，或不由所选走访组包联；请重选轮次。",
        "The subject is not in this round, or not of this team; choose the round again.",
    );
    Err(Refusal::Faults(vec![fault]).into())
}

/// Carries out `order` on visit `id`, in the caller's transaction. The same order sent twice is answered like once.
pub fn perform(
    tx: &mut dyn Tx,
    terms: &Terms,
    actor: &Actor,
    id: VisitId,
    order: &Order,
    now: Millis,
) -> Result<Found, Failure> {
    let Met { found, ties } = meet(tx, actor, id)?;
    let sent = format!("{} {}", found.planned(), sha256(&[format!("{:?}{order:?}", actor.person()).as_bytes()]));
    if found.sent == sent && found.visit.revision == order.seen + 1 {
        return Ok(found);
    }
    let facts = facts(tx, &found.visit, &order.command)?;
    let change = visit::decide(&found.visit, order, &Scene { actor, ties: &ties, now, facts: &facts })?;
    let (before, after) = (&found.visit, &change.after);
    let body = write(after)?;
    let changed = tx.exec(
        "update visit set state = $3, day = $4, revision = $5, body = $6, sent = $7 where id = $1 and revision = $2",
        &vals![id, before.revision, after.state.name().code(), after.when.day, after.revision, &body, sent],
    )?;
    if changed == 0 {
        let last = find(tx, id)?.ok_or(Refusal::Absent)?.visit.last;
        return Err(Refusal::ChangedMeanwhile { by: last.by, at: last.at, event: last.event }.into());
    }
    viewers(tx, found.no, Some(before), after)?;
    let mut data = json!({ "day": after.when.day, "version": after.version });
    if let Some(record) = after.record.as_ref().filter(|_| before.record != after.record) {
        visit_record::write_derived(tx, terms, before, after, record, &order.words, now)?;
        search_visit::put(tx, found.no, record)?;
        visit_record::register_problems(tx, terms, after, change.reports, actor, now)?;
        data["problems"] = json!(record.problems);
        data["promises"] = json!(record.promises.iter().map(|it| it.id).collect::<Vec<_>>());
    }
    let said = Said { words: order.words.trim().to_owned(), ..Said::default() };
    tell(tx, terms, after, change.event, data, &body, &said, now)?;
    Ok(Found { visit: change.after, ..found })
}

/// What `perform` would say to the order, without carrying it out: for a form that is wrong already, so that all that
/// is wrong with it is named at once, and for a look at what will be saved.
pub fn check(tx: &mut dyn Tx, actor: &Actor, id: VisitId, order: &Order, now: Millis) -> Result<Change, Failure> {
    let Met { found, ties } = meet(tx, actor, id)?;
    let facts = facts(tx, &found.visit, &order.command)?;
    Ok(visit::decide(&found.visit, order, &Scene { actor, ties: &ties, now, facts: &facts })?)
}

/// What the form of its record asks: the versions it answered already, else the newest of what its round asks.
pub fn asked(tx: &mut dyn Tx, visit: &Visit) -> Result<Vec<questionnaire::Version>> {
    let mut asked = match visit.round {
        Some(round) => questionnaire::list_of_round(tx, round)?,
        None => vec![],
    };
    for filled in visit.record.iter().flat_map(|it| &it.filled) {
        let Some(answered) = questionnaire::find_version(tx, filled.version)? else { continue };
        match asked.iter_mut().find(|it| it.questionnaire == answered.questionnaire) {
            Some(newest) => *newest = answered,
            None => asked.push(answered),
        }
    }
    Ok(asked)
}

#[expect(clippy::too_many_arguments, reason = "one event has these parts")]
fn tell(
    tx: &mut dyn Tx,
    terms: &Terms,
    visit: &Visit,
    kind: &str,
    data: serde_json::Value,
    body: &str,
    said: &Said,
    now: Millis,
) -> Result<()> {
    let event = Body {
        thing: visit.id.to_string(),
        seq: visit.revision,
        kind: kind.into(),
        at: now,
        written: now,
        by: visit.last.by,
        party: String::new(),
        state: visit.state.name().code().into(),
        data,
        words: String::new(),
        after: sha256(&[body.as_bytes()]),
    };
    event::append(tx, &terms.master, event, said)
}

/// Brings the rows that say who finds it from `before` to `after`.
fn viewers(tx: &mut dyn Tx, no: i64, before: Option<&Visit>, after: &Visit) -> Result<()> {
    let of = |visit: &Visit| -> BTreeSet<String> {
        let people = visit.people.iter().chain([&visit.officer]).map(PersonId::to_string);
        people.chain(visit.team.map(|it| it.to_string())).collect()
    };
    let (old, new) = (before.map(of).unwrap_or_default(), of(after));
    for viewer in old.difference(&new) {
        tx.exec("delete from visit_viewer where viewer = $1 and no = $2", &vals![viewer, no])?;
    }
    for viewer in new.difference(&old) {
        tx.exec(
            "insert into visit_viewer (viewer, visit, no, day, subject) values ($1, $2, $3, $4, $5)",
            &vals![viewer, after.id, no, after.when.day, after.subject],
        )?;
    }
    if before.is_some_and(|it| it.when.day != after.when.day) {
        tx.exec("update visit_viewer set day = $2 where visit = $1", &vals![after.id, after.when.day])?;
    }
    Ok(())
}

/// What the rules must know to take a record; nothing for the other commands.
fn facts(tx: &mut dyn Tx, visit: &Visit, command: &Command) -> Result<Facts> {
    let (Command::Record { record, .. } | Command::Amend { record, .. }) = command else {
        return Ok(Facts::default());
    };
    let before = visit.record.as_ref();
    let mut policies: BTreeMap<_, _> =
        policy::list(tx, true)?.into_iter().filter(|it| !it.ended).map(|it| (it.id, it.edition)).collect();
    policies.extend(before.into_iter().flat_map(|it| it.policies.clone()));
    Ok(Facts {
        forms: forms(tx, visit, record)?,
        promises: promise::open_or_settled_by(tx, visit)?,
        policies,
        persons: persons(tx, record)?,
    })
}

/// The newest version of what the round asks; where the record answers another version of it, that one: the form was
/// opened before the new one was published.
fn forms(tx: &mut dyn Tx, visit: &Visit, record: &Record) -> Result<Vec<(VersionId, Questionnaire)>> {
    let asked = match visit.round {
        Some(round) => questionnaire::list_of_round(tx, round)?,
        None => vec![],
    };
    let mut forms: Vec<_> = asked.iter().map(|it| (it.id, it.form.clone())).collect();
    for filled in record.filled.iter().filter(|it| !asked.iter().any(|asked| asked.id == it.version)) {
        let Some(older) = questionnaire::find_version(tx, filled.version)? else { continue };
        let Some(newest) = asked.iter().find(|it| it.questionnaire == older.questionnaire) else { continue };
        for form in forms.iter_mut().filter(|(id, _)| *id == newest.id) {
            *form = (older.id, older.form.clone());
        }
    }
    // What the round no longer asks stays answered when the record is amended.
    let kept = visit.record.iter().flat_map(|it| &it.filled).map(|it| it.version);
    for version in kept.filter(|it| record.filled.iter().any(|filled| filled.version == *it)) {
        if let Some(kept) = questionnaire::find_version(tx, version)?
            && !asked.iter().any(|it| it.questionnaire == kept.questionnaire)
        {
            forms.push((kept.id, kept.form));
        }
    }
    Ok(forms)
}

/// Those named in the record who are here: visitors and owners of promises.
fn persons(tx: &mut dyn Tx, record: &Record) -> Result<BTreeSet<PersonId>> {
    let named: BTreeSet<PersonId> =
        record.people.iter().copied().chain(record.promises.iter().map(|it| it.owner)).collect();
    let mut here = BTreeSet::new();
    for id in named {
        if tx.query_opt("select 1 from person where id = $1 and left_at is null", &vals![id])?.is_some() {
            here.insert(id);
        }
    }
    Ok(here)
}

/// A record as it was before an amendment: version, text, who changed it, when, why; newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Older {
    pub version: i64,
    pub record: Record,
    pub by_name: String,
    pub at: Millis,
    pub reason: String,
}

pub fn list_versions(tx: &mut dyn Tx, id: VisitId) -> Result<Vec<Older>> {
    tx.query(
        "select o.version, o.body, coalesce(p.name, ''), o.at, o.reason from visit_version o left join person p on p.id = o.by
         where o.visit = $1 order by o.version desc limit 100",
        &vals![id],
    )?
    .iter()
    .map(|row| {
        Ok(Older {
            version: row.int(0)?,
            record: parse(row.text(1)?)?,
            by_name: row.string(2)?,
            at: row.millis(3)?,
            reason: row.string(4)?,
        })
    })
    .collect()
}

/// The newest recorded visit to the same subject before this one, for what is prefilled from it.
pub fn last_before(tx: &mut dyn Tx, visit: &Visit) -> Result<Option<Visit>> {
    let row = tx.query_opt(
        "select body from visit where subject = $1 and state in ('recorded', 'confirmed') and day <= $2 and id <> $3
         order by day desc, no desc limit 1",
        &vals![visit.subject, visit.when.day, visit.id],
    )?;
    row.map(|row| parse(row.text(0)?)).transpose()
}
