//! Visits kept on paper: each row becomes a plan and its record, by the rules, in the name of the officer of the row.

use crate::batch::{Outcome, Scene};
use crate::contact::subject_of;
use crate::identity::derived;
use crate::people::People;
use crate::row::{Cells, day, wanted};
use domain::fault::Fault;
use domain::id::{FindingId, PersonId, ProblemId, PromiseId, RoundId, VisitId};
use domain::refusal::Refusal;
use domain::time::Day;
use domain::visit::{Command, Finding, FindingKind, Order, Plan, Promise, Purpose, Record, Reported, When};
use sheet::{Columns, Row, Wanted};
use std::collections::BTreeSet;
use store::attempt::attempt;
use store::campaign::Round;
use store::import_change::Change;
use store::person::{self, Person};
use store::subject::Subject;
use store::team::{self, Team};
use store::terms::Failure;
use store::{Tx, unit, visit};

pub(crate) const WANTED: [Wanted; 12] = [
    wanted(
        "subject",
        true,
        &["企业名称", "走访对象", "subject", "走访企业", "统一社会信用代码", "信用代码", "单位名称", "company"],
    ),
    wanted("day", true, &["走访日期", "日期", "day", "date", "走访时间", "时间"]),
    wanted("officer", true, &["走访干部", "officer", "走访人", "走访人员", "填报人", "记录人"]),
    wanted("unit", false, &["走访单位", "unit", "单位", "牵头单位"]),
    wanted("team", false, &["走访组", "team", "组别", "小组"]),
    wanted("round", false, &["轮次", "round", "走访轮次"]),
    wanted("met", false, &["接待人", "met", "会见人", "企业接待人", "参加人员"]),
    wanted("minutes", true, &["走访情况", "minutes", "纪要", "走访纪要", "走访内容", "内容"]),
    wanted("opinions", false, &["意见", "opinions", "反映意见"]),
    wanted("suggestions", false, &["建议", "suggestions", "意见建议"]),
    wanted("promises", false, &["承诺", "promises", "承诺事项"]),
    wanted("problems", false, &["问题", "problems", "反映问题", "困难问题", "存在问题"]),
];

pub(crate) struct Good {
    subject: String,
    day: Day,
    officer: String,
    unit: String,
    team: String,
    round: String,
    met: String,
    minutes: String,
    findings: Vec<(FindingKind, String)>,
    promises: Vec<Promised>,
    problems: Vec<String>,
}

/// 文字；期限；由谁落实.
struct Promised {
    text: String,
    due: Day,
    owner: String,
}

pub(crate) fn read(row: &Row, columns: &Columns) -> Result<Good, Vec<Fault>> {
    let mut cells = Cells::of(row, columns)?;
    let subject = cells.needed("subject", 200, "走访对象", "subject");
    let text = cells.needed("day", 40, "走访日期", "day of the visit");
    let day = if text.is_empty() { None } else { day("day", &text).map_err(|it| cells.faults.push(it)).ok() };
    let officer = cells.needed("officer", 100, "走访干部", "visiting officer");
    let minutes = cells.needed("minutes", 20_000, "走访情况", "account of the visit");
    let (unit, team, round) = (cells.text("unit", 100), cells.text("team", 100), cells.text("round", 100));
    let met = cells.text("met", 200);
    let opinions = cells.lines("opinions", 20_000).into_iter().map(|it| (FindingKind::Opinion, it));
    let mut findings: Vec<_> = opinions.collect();
    findings.extend(cells.lines("suggestions", 20_000).into_iter().map(|it| (FindingKind::Suggestion, it)));
    let mut promises = Vec::new();
    for line in cells.lines("promises", 20_000) {
        match promised(&line) {
            Ok(promise) => promises.push(promise),
            Err(fault) => cells.faults.push(fault),
        }
    }
    let problems = cells.lines("problems", 20_000);
    let Some(day) = day else { return Err(cells.faults) };
    cells.ended(Good { subject, day, officer, unit, team, round, met, minutes, findings, promises, problems })
}

fn promised(line: &str) -> Result<Promised, Fault> {
    let mut parts = line.split([';', '；']).map(str::trim);
    let (text, due, owner) = (parts.next().unwrap_or_default(), parts.next(), parts.next().unwrap_or_default());
    let Some(due) = due.filter(|it| !it.is_empty()) else {
        return Err(Fault::new(
            "promises",
            format!("承诺“{text}”没有期限；请写成：内容；2018-05-31；落实人。"),
            format!("The promise \"{text}\" has no day; write: text; 2018-05-31; owner."),
        ));
    };
    Ok(Promised { text: text.into(), due: day("promises", due)?, owner: owner.into() })
}

pub(crate) fn save(
    tx: &mut dyn Tx,
    scene: &Scene,
    people: &People,
    good: &Good,
    changes: &mut Vec<Change>,
) -> Result<Outcome, Failure> {
    let meant = match meant(tx, people, good)? {
        Ok(meant) => meant,
        Err(faults) => return Ok(Outcome::Rejected(faults)),
    };
    let id = id(good, &meant, &scene.run.source);
    if visit::find(tx, id)?.is_some() {
        return Ok(Outcome::Unchanged);
    }
    let (plan, order) = match (plan(id, good, &meant), order(id, good, &meant, people)) {
        (plan, Ok(order)) => (plan, order),
        (_, Err(faults)) => return Ok(Outcome::Rejected(faults)),
    };
    let actor = person::actor(tx, meant.officer, scene.now)?;
    let done = attempt(tx, |tx| {
        visit::plan(tx, scene.terms, plan, &actor, scene.now)?;
        visit::perform(tx, scene.terms, &actor, id, &order, scene.now)
    })?;
    match done {
        Ok(found) => {
            changes.push(Change::made("visit", id, found.visit.revision.to_string()));
            Ok(Outcome::Imported)
        }
        Err(refusal) => Ok(Outcome::Rejected(faults_of(refusal))),
    }
}

fn faults_of(refusal: Refusal) -> Vec<Fault> {
    match refusal {
        Refusal::Faults(faults) => faults.into_iter().map(|it| Fault { field: column(&it.field), ..it }).collect(),
        Refusal::NotYourRole => vec![Fault::new(
            "officer",
            "这位干部没有走访干部、走访办或领导岗位；请先授予岗位，或改填走访的人。",
            "This person is neither officer nor office nor leader; give the role first, or name who visited.",
        )],
        other => {
            let said = other.say(&|id| id.to_string());
            vec![Fault::new("", said.zh, said.en)]
        }
    }
}

/// The column of a field of the form.
fn column(field: &str) -> String {
    let column = match field.split('.').next().unwrap_or_default() {
        "finding" => "opinions",
        "promise" => "promises",
        "problem" => "problems",
        "q" => "minutes",
        other => other,
    };
    column.to_owned()
}

/// Whom and what a row names.
struct Meant<'a> {
    subject: Subject,
    officer: &'a Person,
    round: Option<Round>,
    team: Option<Team>,
    unit: domain::id::UnitId,
}

fn meant<'a>(tx: &mut dyn Tx, people: &'a People, good: &Good) -> Result<Result<Meant<'a>, Vec<Fault>>, Failure> {
    let subject = match subject_of(tx, &good.subject)? {
        Ok(subject) => subject,
        Err(fault) => return Ok(Err(vec![fault])),
    };
    let named = match good.unit.as_str() {
        "" => None,
        name => match unit::find_by_name(tx, name)? {
            Some(unit) => Some(unit.id),
            None => return Ok(Err(vec![no_such("unit", "单位", "unit", name)])),
        },
    };
    let assigned = team::list_of_subject(tx, subject.id)?;
    let (round, given) = match round(tx, good, &assigned)? {
        Ok(found) => found,
        Err(fault) => return Ok(Err(vec![fault])),
    };
    let team = match (good.team.as_str(), &round) {
        ("", _) => given,
        (name, Some(round)) => match team::list(tx, round.id)?.into_iter().find(|it| it.name == name) {
            Some(team) => Some(team),
            None => return Ok(Err(vec![no_such("team", "走访组", "team", name)])),
        },
        (name, None) => return Ok(Err(vec![no_such("team", "走访组", "team", name)])),
    };
    let officer = match people.find("officer", &good.officer, named.or(team.as_ref().map(|it| it.unit))) {
        Ok(officer) => officer,
        // Somebody of another unit went along: his name must then be unique.
        Err(fault) => match people.find("officer", &good.officer, None) {
            Ok(officer) => officer,
            Err(_) => return Ok(Err(vec![fault])),
        },
    };
    // A unit outside the teams visits for itself.
    let mut team = team;
    if let Some(it) = team.as_ref().filter(|_| good.team.is_empty()) {
        let member = team::members(tx, it.id)?.iter().any(|(id, _)| *id == officer.id);
        if !member {
            team = None;
        }
    }
    let unit = named.or(team.as_ref().map(|it| it.unit)).unwrap_or(officer.unit);
    Ok(Ok(Meant { subject, officer, round, team, unit }))
}

type Place = (Option<Round>, Option<Team>);

/// By number or name; else the newest in which the subject is assigned. With the team to which it is assigned there.
fn round(tx: &mut dyn Tx, good: &Good, assigned: &[(Round, Team)]) -> Result<Result<Place, Fault>, Failure> {
    if good.round.is_empty() {
        let newest = assigned.first().cloned();
        return Ok(Ok(newest.map_or((None, None), |(round, team)| (Some(round), Some(team)))));
    }
    let of = |id: RoundId| assigned.iter().find(|it| it.0.id == id).map(|it| it.1.clone());
    if let Some((round, team)) = assigned.iter().find(|it| it.0.name == good.round) {
        return Ok(Ok((Some(round.clone()), Some(team.clone()))));
    }
    if let Ok(no) = good.round.parse()
        && let Some(round) = store::campaign::find_round_by_no(tx, no)?
    {
        let team = of(round.id);
        return Ok(Ok((Some(round), team)));
    }
    for campaign in store::campaign::list(tx)? {
        let rounds = store::campaign::list_rounds(tx, campaign.id)?;
        if let Some(round) = rounds.into_iter().find(|it| it.name == good.round) {
            let team = of(round.id);
            return Ok(Ok((Some(round), team)));
        }
    }
    Ok(Err(no_such("round", "轮次", "round", &good.round)))
}

fn no_such(field: &str, zh: &str, en: &str, text: &str) -> Fault {
    Fault::new(
        field,
        format!("没有“{text}”这个{zh}；请核对，或先建立。"),
        format!("There is no {en} \"{text}\"; check it, or make it first."),
    )
}

/// The same row is the same visit for ever.
fn id(good: &Good, meant: &Meant, source: &str) -> VisitId {
    let (subject, officer) = (meant.subject.id.to_string(), meant.officer.id.to_string());
    let day = good.day.to_string();
    let problems = good.problems.join("\n");
    VisitId(derived(&["visit", source, &subject, &officer, &day, &good.met, &good.minutes, &problems]))
}

fn plan(id: VisitId, good: &Good, meant: &Meant) -> Plan {
    Plan {
        id,
        subject: meant.subject.id,
        campaign: meant.round.as_ref().map(|it| it.campaign),
        round: meant.round.as_ref().map(|it| it.id),
        team: meant.team.as_ref().map(|it| it.id),
        unit: meant.unit,
        officer: meant.officer.id,
        people: BTreeSet::new(),
        purpose: Purpose::Visit,
        when: When { day: good.day, until: None, minute: None },
    }
}

fn order(id: VisitId, good: &Good, meant: &Meant, people: &People) -> Result<Order, Vec<Fault>> {
    let own = id.to_string();
    let part = |what: &str, n: usize| derived(&[what, &own, &n.to_string()]);
    let mut record = Record::on(When { day: good.day, until: None, minute: None });
    (record.met, record.minutes) = (good.met.clone(), good.minutes.clone());
    record.findings = good
        .findings
        .iter()
        .enumerate()
        .map(|(n, (kind, text))| Finding { id: FindingId(part("finding", n)), kind: *kind, text: text.clone() })
        .collect();
    let mut faults = Vec::new();
    for (n, it) in good.promises.iter().enumerate() {
        let owner: PersonId = match it.owner.as_str() {
            "" => meant.officer.id,
            text => match people.find("promises", text, None) {
                Ok(person) => person.id,
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            },
        };
        record.promises.push(Promise { id: PromiseId(part("promise", n)), text: it.text.clone(), owner, due: it.due });
    }
    let reports = good.problems.iter().enumerate().map(|(n, text)| reported(ProblemId(part("problem", n)), text));
    let reports = reports.collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Order { command: Command::Record { record: Box::new(record), reports }, words: String::new(), seen: 1 })
}

/// A line longer than a title is the detail, and begins the title.
fn reported(id: ProblemId, text: &str) -> Reported {
    let long = text.chars().count() > 40;
    let title = if long { text.chars().take(39).chain(['…']).collect() } else { text.to_owned() };
    let detail = if long { text.to_owned() } else { String::new() };
    Reported { id, title, detail, place: String::new(), shielded: false }
}
