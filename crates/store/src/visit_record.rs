//! What a visit's record makes true besides the visit itself: responses, findings, promises, policies, tags, coverage,
//! the version before, and the problems reported in place.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::write;
use crate::problem::{self, Draft, Named};
use crate::terms::{Failure, Terms};
use crate::{promise, questionnaire, subject, team, vals};
use domain::course::Heard;
use domain::problem::Source;
use domain::role::Actor;
use domain::time::Millis;
use domain::visit::{Record, Reported, Visit};

/// Replaces the rows derived from the record before by those of `record`.
pub(crate) fn write_derived(
    tx: &mut dyn Tx,
    terms: &Terms,
    before: &Visit,
    visit: &Visit,
    record: &Record,
    reason: &str,
    now: Millis,
) -> Result<(), Failure> {
    if let Some(old) = &before.record {
        tx.exec(
            "insert into visit_version (visit, version, body, by, at, reason) values ($1, $2, $3, $4, $5, $6)",
            &vals![visit.id, before.version, write(old)?, visit.last.by, now, reason.trim()],
        )?;
        clear(tx, visit)?;
    }
    responses(tx, visit, record)?;
    for finding in &record.findings {
        tx.exec(
            "insert into finding (id, visit, subject, campaign, kind, text) values ($1, $2, $3, $4, $5, $6)",
            &vals![finding.id, visit.id, visit.subject, visit.campaign, finding.kind.code(), &finding.text],
        )?;
    }
    for (policy, edition) in &record.policies {
        tx.exec(
            "insert into visit_policy (visit, policy, edition, campaign) values ($1, $2, $3, $4)",
            &vals![visit.id, *policy, edition, visit.campaign],
        )?;
    }
    mark(tx, &visit.id.to_string(), "visit", visit, record)?;
    promise::of_record(tx, terms, before, visit, record, now)?;
    if let Some(round) = visit.round {
        team::count_visit(tx, round, visit.subject, before.record.is_none())?;
    }
    Ok(())
}

fn clear(tx: &mut dyn Tx, visit: &Visit) -> Result<()> {
    tx.exec("delete from response where visit = $1", &vals![visit.id])?;
    tx.exec("delete from finding where visit = $1", &vals![visit.id])?;
    tx.exec("delete from visit_policy where visit = $1", &vals![visit.id])?;
    tx.exec("delete from grid_mark where thing = $1", &vals![visit.id])?;
    Ok(())
}

fn mark(tx: &mut dyn Tx, thing: &str, kind: &'static str, visit: &Visit, record: &Record) -> Result<()> {
    for cell in &record.cells {
        tx.exec(
            "insert into grid_mark (thing, cell, kind, campaign) values ($1, $2, $3, $4) on conflict (thing, cell) do nothing",
            &vals![thing, cell.to_string(), kind, visit.campaign],
        )?;
    }
    Ok(())
}

/// One row a choice, or one with the text. The value is what a person reads, so that no list needs the form again.
fn responses(tx: &mut dyn Tx, visit: &Visit, record: &Record) -> Result<()> {
    for filled in &record.filled {
        let form = questionnaire::find_version(tx, filled.version)?.ok_or(Error::NotFound)?.form;
        for response in &filled.responses {
            let shown = form
                .questions
                .iter()
                .find(|it| it.key == response.question)
                .map(|it| it.show(response, false))
                .unwrap_or_default();
            let choices: Vec<&str> = match response.choices.is_empty() {
                true => vec![""],
                false => response.choices.iter().map(String::as_str).collect(),
            };
            for (place, choice) in choices.into_iter().enumerate() {
                tx.exec(
                    "insert into response (visit, version, question, place, choice, value, subject, round)
                     values ($1, $2, $3, $4, $5, $6, $7, $8)",
                    &vals![
                        visit.id,
                        filled.version,
                        &response.question,
                        place as i64,
                        choice,
                        &shown,
                        visit.subject,
                        visit.round
                    ],
                )?;
            }
        }
    }
    Ok(())
}

/// Reported in place: the subject is the reporter, the visiting officer a party to the end.
pub(crate) fn register_problems(
    tx: &mut dyn Tx,
    terms: &Terms,
    visit: &Visit,
    reports: Vec<Reported>,
    actor: &Actor,
    now: Millis,
) -> Result<(), Failure> {
    if reports.is_empty() {
        return Ok(());
    }
    let reporter = subject::reporter(tx, visit.subject, now)?;
    let address = subject::find(tx, visit.subject)?.map(|it| it.card.address).unwrap_or_default();
    for report in reports {
        let draft = Draft {
            id: report.id,
            title: report.title,
            detail: report.detail,
            place: if report.place.is_empty() { address.clone() } else { report.place },
            occurred: visit.when.day.to_string(),
            source: Source::Visit,
            reporter: Some(Named::Known(reporter)),
            shielded: report.shielded,
            officer: Some(visit.officer),
            heard: Heard { subject: Some(visit.subject), visit: Some(visit.id), campaign: visit.campaign },
        };
        let (found, new) = problem::register(tx, terms, draft, actor, now)?;
        if let (true, Some(record)) = (new, &visit.record) {
            mark(tx, &found.problem.id.to_string(), "problem", visit, record)?;
        }
    }
    Ok(())
}
