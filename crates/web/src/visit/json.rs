//! A visit as JSON; names of fields are those of the record.

use crate::app::Directory;
use crate::visit::show::Shows;
use domain::visit;
use serde_json::{Value, json};
use store::visit_list::Line;

fn unit(directory: &Directory, id: domain::id::UnitId) -> Value {
    json!({ "id": id, "name": directory.unit(id).map(|it| it.name.clone()).unwrap_or_default() })
}

pub fn visit(shows: &Shows) -> Value {
    let (found, it) = (&shows.met.found, shows.visit());
    let steps = visit::steps(&shows.met.ties, it.state.name());
    let promises = shows.promises.iter().map(|it| {
        json!({
            "id": it.id, "visit_no": it.visit_no, "text": it.text, "owner": it.owner, "owner_name": it.owner_name, "due": it.due,
            "state": it.state.code(), "note": it.note,
        })
    });
    let versions = shows.versions.iter().map(
        |it| json!({ "version": it.version, "by": it.by_name, "at": it.at.rfc3339(), "reason": it.reason, "record": it.record }),
    );
    let people: Vec<Value> = it.people.iter().map(|id| json!({ "id": id, "name": shows.name(*id) })).collect();
    json!({
        "id": it.id,
        "no": found.no,
        "revision": it.revision,
        "state": it.state.name().code(),
        "subject": { "id": it.subject, "no": found.subject_no, "name": found.subject },
        "campaign": it.campaign,
        "round": it.round,
        "team": it.team,
        "unit": unit(&shows.directory, it.unit),
        "officer": { "id": it.officer, "name": shows.name(it.officer) },
        "people": people,
        "purpose": it.purpose.code(),
        "day": it.when.day,
        "until": it.when.until,
        "minute": it.when.minute,
        "record": it.record,
        "version": it.version,
        "promises": promises.collect::<Vec<_>>(),
        "versions": versions.collect::<Vec<_>>(),
        "steps": steps.into_iter().map(|it| it.code()).collect::<Vec<_>>(),
    })
}

pub fn line(line: &Line, directory: &Directory) -> Value {
    json!({
        "id": line.id,
        "no": line.no,
        "state": line.state.code(),
        "subject": { "no": line.subject_no, "name": line.subject },
        "purpose": line.purpose.code(),
        "day": line.when.day,
        "until": line.when.until,
        "minute": line.when.minute,
        "unit": unit(directory, line.unit),
        "team": line.team,
        "officer": { "id": line.officer, "name": line.officer_name },
    })
}
