//! Questionnaires 问卷 and their versions; what was answered, counted.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{note, parse, write};
use crate::ids::fresh;
use crate::row::Row;
use crate::terms::{Deed, Failure};
use crate::vals;
use domain::id::{QuestionnaireId, RoundId, SubjectId, VersionId};
use domain::questionnaire::{self as form, Response};
use domain::refusal::Refusal;
use domain::time::Day;
use serde_json::json;
use std::collections::BTreeMap;

/// One version; `form` is what it asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub id: VersionId,
    pub questionnaire: QuestionnaireId,
    pub code: String,
    pub version: i64,
    pub form: form::Questionnaire,
}

fn version(row: &Row) -> Result<Version> {
    Ok(Version {
        id: row.parse(0)?,
        questionnaire: row.parse(1)?,
        code: row.string(2)?,
        version: row.int(3)?,
        form: parse(row.text(4)?)?,
    })
}

/// The newest version of each, in the order in which they were made.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Version>> {
    tx.query(
        "select v.id, v.questionnaire, q.code, v.version, v.body from questionnaire q join questionnaire_version v on v.questionnaire = q.id
         where v.version = (select max(n.version) from questionnaire_version n where n.questionnaire = q.id) order by q.id limit 200",
        &[],
    )?
    .iter()
    .map(version)
    .collect()
}

/// All versions of one, newest first.
pub fn list_versions(tx: &mut dyn Tx, code: &str) -> Result<Vec<Version>> {
    tx.query(
        "select v.id, v.questionnaire, q.code, v.version, v.body from questionnaire q join questionnaire_version v on v.questionnaire = q.id
         where q.code = $1 order by v.version desc limit 200",
        &vals![code],
    )?
    .iter()
    .map(version)
    .collect()
}

pub fn find_version(tx: &mut dyn Tx, id: VersionId) -> Result<Option<Version>> {
    tx.query_opt(
        "select v.id, v.questionnaire, q.code, v.version, v.body from questionnaire_version v join questionnaire q on q.id = v.questionnaire where v.id = $1",
        &vals![id],
    )?
    .map(|row| version(&row))
    .transpose()
}

/// What a round asks: the newest version of each of its questionnaires, in order.
pub fn list_of_round(tx: &mut dyn Tx, round: RoundId) -> Result<Vec<Version>> {
    tx.query(
        "select v.id, v.questionnaire, q.code, v.version, v.body from round_questionnaire r join questionnaire q on q.id = r.questionnaire
           join questionnaire_version v on v.questionnaire = q.id
         where r.round = $1 and v.version = (select max(n.version) from questionnaire_version n where n.questionnaire = q.id)
         order by r.place limit 50",
        &vals![round],
    )?
    .iter()
    .map(version)
    .collect()
}

/// A new questionnaire, or the next version of the one with this code; the same content again changes nothing.
pub fn publish(tx: &mut dyn Tx, deed: &Deed, code: &str, it: &form::Questionnaire) -> Result<Version, Failure> {
    let faults = it.faults();
    if !faults.is_empty() {
        return Err(Refusal::Faults(faults).into());
    }
    let newest = list_versions(tx, code)?.into_iter().next();
    if let Some(newest) = newest.as_ref().filter(|newest| newest.form == *it) {
        return Ok(newest.clone());
    }
    let questionnaire = match &newest {
        Some(newest) => newest.questionnaire,
        None => {
            let id = QuestionnaireId(fresh(deed.now));
            tx.exec("insert into questionnaire (id, code, made_at) values ($1, $2, $3)", &vals![id, code, deed.now])?;
            id
        }
    };
    let (id, version) = (VersionId(fresh(deed.now)), newest.map_or(1, |it| it.version + 1));
    let body = write(it)?;
    tx.exec(
        "insert into questionnaire_version (id, questionnaire, version, body, made_at, by) values ($1, $2, $3, $4, $5, $6)",
        &vals![id, questionnaire, version, &body, deed.now, deed.by],
    )?;
    let data = json!({ "version": version, "digest": crate::words::sha256(&[body.as_bytes()]) });
    note(tx, deed, questionnaire, "questionnaire-published", data)?;
    Ok(Version { id, questionnaire, code: code.to_owned(), version, form: it.clone() })
}

/// How often each choice of each question was given in a round.
pub fn counts(tx: &mut dyn Tx, round: RoundId, version: VersionId) -> Result<BTreeMap<(String, String), i64>> {
    tx.query(
        "select question, choice, count(*) from response where round = $1 and version = $2 group by question, choice",
        &vals![round, version],
    )?
    .iter()
    .map(|row| Ok(((row.string(0)?, row.string(1)?), row.int(2)?)))
    .collect()
}

/// How many visits of a round answered anything of a version.
pub fn count_visits(tx: &mut dyn Tx, round: RoundId, version: VersionId) -> Result<i64> {
    tx.query_one(
        "select count(distinct visit) from response where round = $1 and version = $2",
        &vals![round, version],
    )?
    .int(0)
}

/// One visit that gave an answer: for the rows behind a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub visit_no: i64,
    pub subject_no: i64,
    pub subject: String,
    pub value: String,
    pub day: Day,
}

/// The visits of a round that answered `question` with `choice` (empty: in words), by number after `after`.
pub fn list_given(
    tx: &mut dyn Tx,
    round: RoundId,
    version: VersionId,
    question: &str,
    choice: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Given>> {
    tx.query(
        "select v.no, s.no, s.name, r.value, v.day from response r join visit v on v.id = r.visit join subject s on s.id = r.subject
         where r.round = $1 and r.version = $2 and r.question = $3 and r.choice = $4 and v.no > $5 order by v.no limit $6",
        &vals![round, version, question, choice, after, limit],
    )?
    .iter()
    .map(|row| {
        Ok(Given {
            visit_no: row.int(0)?,
            subject_no: row.int(1)?,
            subject: row.string(2)?,
            value: row.string(3)?,
            day: row.parse(4)?,
        })
    })
    .collect()
}

/// What a subject answered over time: per visit the answers to one version, newest visit first; 50 at most.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    pub visit_no: i64,
    pub day: Day,
    pub version: Version,
    pub responses: Vec<Response>,
}

pub fn list_of_subject(tx: &mut dyn Tx, subject: SubjectId) -> Result<Vec<Past>> {
    let rows = tx.query(
        "select v.no, v.day, v.body from visit v where v.subject = $1 and v.state in ('recorded', 'confirmed') order by v.day desc, v.no desc limit 50",
        &vals![subject],
    )?;
    let mut known: BTreeMap<VersionId, Version> = BTreeMap::new();
    let mut past = Vec::new();
    for row in &rows {
        let visit: domain::visit::Visit = parse(row.text(2)?)?;
        for filled in visit.record.map(|it| it.filled).unwrap_or_default() {
            if let std::collections::btree_map::Entry::Vacant(entry) = known.entry(filled.version) {
                entry.insert(find_version(tx, filled.version)?.ok_or(Error::NotFound)?);
            }
            past.push(Past {
                visit_no: row.int(0)?,
                day: row.parse(1)?,
                version: known[&filled.version].clone(),
                responses: filled.responses,
            });
        }
    }
    Ok(past)
}
