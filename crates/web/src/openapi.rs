//! The OpenAPI 3.1 document, made from the route table and the closed lists of the domain; a snapshot is in the repository.

use crate::router::ROUTES;
use axum::Json;
use domain::command::CommandName;
use domain::problem::*;
use domain::subject::Kind;
use serde_json::{Map, Value, json};

/// `GET /api/v1/openapi.json`
pub async fn json() -> Json<Value> {
    Json(document())
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Value {
    json!({ "type": "string", "enum": all.iter().map(|it| code(*it)).collect::<Vec<_>>() })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

/// Ids are UUIDs; what people count is a number.
fn place(name: &str) -> Value {
    match name {
        "no" | "version" => json!({ "type": "integer" }),
        _ => json!({ "type": "string", "format": "uuid" }),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/api/")) {
        let parameters: Vec<Value> = route
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": place(name) }))
            .chain(query(route.path, route.method))
            .collect();
        let mut operation = json!({
            "summary": route.says,
            "operationId": format!("{}{}", route.method, route.path.trim_start_matches("/api/v1").replace(['/', '{', '}', '.'], "-")),
            "parameters": parameters,
            "responses": {
                answer_status(route.path, route.method): { "description": "As asked.", "content": { "application/json": { "schema": answer(route.path, route.method) } } },
                "default": { "description": "Refused: RFC 9457 problem details.", "content": { "application/problem+json": { "schema": reference("Refusal") } } },
            },
        });
        if let (Some(schema), Some(map)) = (body(route.path, route.method), operation.as_object_mut()) {
            map.insert(
                "requestBody".into(),
                json!({ "required": true, "content": { "application/json": { "schema": schema } } }),
            );
        }
        if let (true, Some(map)) = (route.open, operation.as_object_mut()) {
            map.insert("security".into(), json!([]));
        }
        let entry = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Some(map) = entry.as_object_mut() {
            map.insert(route.method.into(), operation);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "走访通 Zoufang", "version": "1", "description": "The same rules as the pages. Sign in for a bearer token; a reporter's link token works as one too." },
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": { "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } }, "schemas": schemas() },
    })
}

fn query(path: &str, method: &str) -> Vec<Value> {
    let names: &[&str] = match (method, path) {
        ("get", "/api/v1/problems") => &[
            "text", "state", "light", "unit", "lead", "category", "tier", "source", "campaign", "tag", "from", "to",
            "boarded", "by", "after", "before",
        ],
        ("get", "/api/v1/subjects") => &["text", "kind", "area", "industry", "tag", "after"],
        ("get", "/api/v1/visits") => {
            &["subject", "campaign", "round", "team", "state", "policy", "cell", "from", "to", "after"]
        }
        ("get", "/api/v1/notices") => &["before"],
        ("get", "/api/v1/search") => &["text"],
        ("get", "/api/v1/persons") => &["after"],
        ("post", "/api/v1/problems/{id}/attachments") => &["name"],
        _ => &[],
    };
    names.iter().map(|name| json!({ "name": name, "in": "query", "schema": text() })).collect()
}

fn answer_status(path: &str, method: &str) -> &'static str {
    match (method, path) {
        ("delete", _)
        | ("post", "/api/v1/notices/read" | "/api/v1/persons/{id}/hats" | "/api/v1/persons/{id}/leave") => "204",
        (
            "post",
            "/api/v1/problems/{id}/commands"
            | "/api/v1/visits/{id}/commands"
            | "/api/v1/sites/{no}/plans/{version}/commands"
            | "/api/v1/holidays"
            | "/api/v1/punches",
        ) => "200",
        ("post", _) => "201",
        _ => "200",
    }
}

fn answer(path: &str, method: &str) -> Value {
    match (method, path) {
        ("get", "/api/v1/problems") => object(
            &["problems"],
            json!({
                "problems": { "type": "array", "items": reference("Line") },
                "next": { "type": ["string", "null"], "description": "Hand it back as `after`." },
                "previous": { "type": ["string", "null"], "description": "Hand it back as `before`." },
            }),
        ),
        ("get", "/api/v1/problems/{id}") => reference("Problem"),
        ("post", "/api/v1/problems" | "/api/v1/problems/{id}/commands") => reference("Done"),
        ("get", "/api/v1/subjects") => object(
            &["subjects"],
            json!({ "subjects": { "type": "array", "items": reference("SubjectLine") }, "next": { "type": ["string", "null"], "description": "Hand it back as `after`." } }),
        ),
        ("get", "/api/v1/subjects/{id}") => reference("SubjectLine"),
        ("post", "/api/v1/subjects") => object(
            &["id", "no", "revision"],
            json!({ "id": text(), "no": { "type": "integer" }, "revision": { "type": "integer" } }),
        ),
        ("post", "/api/v1/session") => object(&["token"], json!({ "token": text() })),
        ("post", "/api/v1/punches") => crate::punch::json::answers(),
        _ => json!({ "type": "object" }),
    }
}

fn body(path: &str, method: &str) -> Option<Value> {
    Some(match (method, path) {
        ("post", "/api/v1/session") => object(&["login", "password"], json!({ "login": text(), "password": text() })),
        ("post", "/api/v1/problems") => reference("Report"),
        ("post", "/api/v1/problems/{id}/commands") => reference("Order"),
        ("post", "/api/v1/subjects") => reference("NewSubject"),
        ("post", "/api/v1/visits") => crate::visit::schema::plan(),
        ("post", "/api/v1/visits/{id}/commands") => crate::visit::schema::order(),
        ("post", "/api/v1/punches") => crate::punch::json::batch(),
        ("post", "/api/v1/sites/{no}/plans") => crate::stage_plan::schema(),
        ("post", "/api/v1/sites/{no}/plans/{version}/commands") => crate::stage_plan::order_schema(),
        ("post", "/api/v1/units") => object(&["name"], json!({ "name": text(), "name_en": text(), "parent": text() })),
        ("post", "/api/v1/categories") => object(
            &["name"],
            json!({ "name": text(), "name_en": text(), "span": { "type": "object", "description": "{\"Workdays\": 7}, or Days, Months, Hours." }, "evidence": { "type": "array", "items": text() } }),
        ),
        ("post", "/api/v1/holidays") => object(
            &["year", "papers", "days"],
            json!({ "year": { "type": "integer" }, "papers": { "type": "array", "items": text() }, "days": { "type": "array", "items": object(&["name", "date", "isOffDay"], json!({ "name": text(), "date": text(), "isOffDay": { "type": "boolean" } })) } }),
        ),
        ("post", "/api/v1/persons") => object(
            &["login", "name", "unit", "roles"],
            json!({ "login": text(), "name": text(), "unit": text(), "roles": { "type": "array", "items": codes(&domain::role::Role::ALL, |it| it.code()) } }),
        ),
        ("post" | "delete", "/api/v1/persons/{id}/hats") => object(
            &["role", "unit"],
            json!({ "role": codes(&domain::role::Role::ALL, |it| it.code()), "unit": text() }),
        ),
        ("post", "/api/v1/persons/{id}/leave") => object(&["heir"], json!({ "heir": text() })),
        ("post", "/api/v1/deputies") => {
            object(&["by", "from", "to"], json!({ "person": text(), "by": text(), "from": text(), "to": text() }))
        }
        _ => return None,
    })
}

fn schemas() -> Value {
    let nullable = json!({ "type": ["string", "null"] });
    json!({
        "Refusal": object(&["type", "title", "detail", "status", "code"], json!({
            "type": text(), "title": { "type": "string", "description": "The sentence in English." },
            "detail": { "type": "string", "description": "The sentence in Chinese." }, "status": { "type": "integer" },
            "code": { "type": "string", "description": "Stable; the codes stand in scenarios/loop.md." },
        })),
        "Done": object(&["id", "no", "revision", "state"], json!({
            "id": text(), "no": { "type": "integer" }, "revision": { "type": "integer" }, "state": codes(StateName::ALL, StateName::code),
        })),
        "Report": object(&["title"], json!({
            "id": { "type": "string", "format": "uuid", "description": "Made by the client; a retry carries the same." },
            "title": text(), "detail": text(), "place": text(), "occurred": text(),
            "source": codes(Source::ALL, Source::code), "shielded": { "type": "boolean" },
            "reporter": object(&[], json!({ "id": text(), "name": text(), "phone": text(), "address": text(), "code": text() })),
        })),
        "SubjectLine": object(&["id", "no", "kind", "name"], json!({
            "id": text(), "no": { "type": "integer" }, "kind": codes(Kind::ALL, Kind::code), "name": text(), "code": text(),
            "area": text(), "industry": text(), "address": text(),
        })),
        "NewSubject": object(&["name"], json!({
            "id": { "type": "string", "format": "uuid", "description": "Made by the client; a retry carries the same." },
            "kind": codes(Kind::ALL, Kind::code), "name": text(), "code": { "type": "string", "description": "Credit code (GB 32100); its check digit is checked." },
            "address": text(), "area": text(), "industry": text(), "tags": { "type": "array", "items": text() },
            "founded": { "type": "string", "format": "date" }, "capital": text(), "business": text(), "remark": text(), "officer": text(),
        })),
        "Line": object(&["id", "no", "title", "state"], json!({
            "id": text(), "no": { "type": "integer" }, "title": text(), "state": codes(StateName::ALL, StateName::code),
            "lead": { "type": ["object", "null"] }, "category": nullable, "tier": codes(Tier::ALL, Tier::code), "boarded": { "type": "boolean" },
            "light": text(), "registered_at": text(), "due_at": nullable, "first_due_at": nullable,
        })),
        "Problem": object(&["id", "no", "revision", "state", "title", "steps"], json!({
            "id": text(), "no": { "type": "integer" }, "revision": { "type": "integer" }, "state": codes(StateName::ALL, StateName::code),
            "title": text(), "detail": text(), "place": text(), "occurred": text(), "source": codes(Source::ALL, Source::code),
            "tier": codes(Tier::ALL, Tier::code), "urgency": codes(Urgency::ALL, Urgency::code), "category": nullable,
            "light": text(), "due_at": nullable, "first_due_at": nullable, "shielded": { "type": "boolean" },
            "outcome": codes(Outcome::ALL, Outcome::code), "reporter": { "type": "object", "description": "Only for those who may see him." },
            "steps": { "type": "array", "items": codes(CommandName::ALL, CommandName::code) },
        })),
        "Order": object(&["command", "seen"], order()),
    })
}

/// Which field belongs to which command is said with it.
fn order() -> Value {
    json!({
        "command": codes(CommandName::ALL, CommandName::code),
        "seen": { "type": "integer", "description": "The revision its author saw; a stale one is refused with changed-meanwhile." },
        "words": { "type": "string", "description": "Reason, note, answer." },
        "rest": { "type": "string", "description": "answer partly: what remains, and why." },
        "apply": { "type": "boolean", "description": "answer: apply for strike-off in the same transaction." },
        "category": { "type": "string", "description": "triage, recategorise" }, "tier": codes(Tier::ALL, Tier::code), "urgency": codes(Urgency::ALL, Urgency::code),
        "into": { "type": "string", "description": "merge" }, "lead": { "type": "string", "description": "dispatch" },
        "supports": { "type": "array", "items": text(), "description": "dispatch" }, "on": { "type": "boolean", "description": "shield" },
        "ruling": { "description": "rule: \"keep\" or {\"to\": unit}" }, "unit": { "type": "string", "description": "rule: whose dispute" },
        "light": { "type": "string", "enum": ["blue", "yellow", "red"], "description": "slip" },
        "item": { "type": "string", "description": "evidence" }, "attachment": { "type": "string", "description": "evidence" },
        "evidence": { "type": "array", "items": object(&[], json!({ "item": text(), "attachment": text() })), "description": "support, answer" },
        "until": { "type": "string", "format": "date", "description": "ask-extension" }, "grant": { "type": "boolean", "description": "decide-extension, decide-pause" },
        "reason": codes(PauseReason::ALL, PauseReason::code), "leader": { "type": "string", "description": "board" },
        "milestones": { "type": "array", "items": object(&["what", "due"], json!({ "what": text(), "due": text() })), "description": "board" },
        "number": { "type": "integer", "description": "milestone, from 1" },
        "outcome": codes(Outcome::ALL, Outcome::code), "date": { "type": "string", "format": "date", "description": "answer planned" },
        "duplicate_of": { "type": "string", "description": "answer duplicate" }, "outside": { "type": "string", "description": "answer not-ours" },
        "reached": { "type": "boolean", "description": "contact" }, "verdict": codes(Verdict::ALL, Verdict::code),
        "satisfaction": codes(Satisfaction::ALL, Satisfaction::code), "to": { "type": "string", "description": "assign" },
    })
}
