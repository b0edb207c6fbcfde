//! What programs send about visits, for the description of the API.

use domain::visit::{CommandName, FindingKind, Purpose};
use serde_json::{Value, json};

fn text() -> Value {
    json!({ "type": "string" })
}

fn codes<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> Value {
    json!({ "type": "string", "enum": all.iter().map(|it| code(*it)).collect::<Vec<_>>() })
}

fn list(item: Value) -> Value {
    json!({ "type": "array", "items": item })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

pub fn plan() -> Value {
    object(
        &["subject", "day"],
        json!({
            "id": { "type": "string", "format": "uuid", "description": "Made by the client; a retry carries the same." },
            "subject": text(), "day": { "type": "string", "format": "date" }, "until": { "type": "string", "format": "date", "description": "Of a stay." },
            "minute": { "type": "integer", "description": "Of the day, from local midnight." }, "purpose": codes(Purpose::ALL, Purpose::code),
            "round": { "type": "string", "description": "One in which the subject is assigned to a team of one's own; without it a visit outside the teams." },
            "officer": text(), "people": list(text()),
        }),
    )
}

pub fn order() -> Value {
    object(
        &["command", "seen"],
        json!({
            "command": codes(CommandName::ALL, CommandName::code),
            "seen": { "type": "integer", "description": "The revision its author saw; a stale one is refused with changed-meanwhile." },
            "words": { "type": "string", "description": "decline, amend: the reason." },
            "day": { "type": "string", "format": "date", "description": "agree, record, amend" },
            "until": { "type": "string", "format": "date" }, "minute": { "type": "integer" },
            "with": { "type": "string", "description": "agree: with whom" },
            "met": text(), "minutes": text(), "people": list(text()), "cells": list(text()),
            "filled": list(object(&["version", "responses"], json!({ "version": text(), "responses": list(object(&["question"], json!({ "question": text(), "choices": list(text()), "text": text() }))) }))),
            "findings": list(object(&["id", "kind", "text"], json!({ "id": text(), "kind": codes(FindingKind::ALL, FindingKind::code), "text": text() }))),
            "promises": list(object(&["id", "text", "owner", "due"], json!({ "id": text(), "text": text(), "owner": text(), "due": text() }))),
            "settled": list(object(&["promise", "kept"], json!({ "promise": text(), "kept": { "type": "boolean" }, "note": text() }))),
            "policies": { "type": "object", "description": "Policy id to the edition of the leaflet; empty: the present one." },
            "reports": list(object(&["id", "title"], json!({ "id": text(), "title": text(), "detail": text(), "place": text(), "shielded": { "type": "boolean" } }))),
        }),
    )
}
