//! The description of the API is a file in the repository; a change of the API shows as a change of that file.

use crate::stage::{As, TestApp};
use testkit::on_both_async;
use web::router::ROUTES;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

on_both_async!(the_file_is_what_the_program_says, |db| {
    let app = TestApp::new(db).await;
    let said = app.get(&As::Nobody, "/api/v1/openapi.json").await.expect(200).json();
    let text = serde_json::to_string_pretty(&said).unwrap() + "\n";
    if std::env::var("ZOUFANG_UPDATE").is_ok_and(|it| it == "1") {
        std::fs::write(FILE, &text).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        kept == text,
        "{FILE} is not what the program says. If the change is meant: ZOUFANG_UPDATE=1 cargo test -p web openapi"
    );
});

#[test]
fn every_api_route_is_described_and_nothing_else() {
    let document = web::openapi::document();
    let paths = document["paths"].as_object().unwrap();
    let said: usize = paths.values().map(|it| it.as_object().unwrap().len()).sum();
    let api: Vec<_> = ROUTES.iter().filter(|it| it.path.starts_with("/api/")).collect();
    assert_eq!(said, api.len());
    let mut ids = std::collections::BTreeSet::new();
    for route in api {
        let operation = &paths[route.path][route.method];
        assert_eq!(operation["summary"], route.says);
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{route:?} has the id of another");
        assert_eq!(operation.get("security").is_some(), route.open, "{route:?}");
        let named = route.path.matches('{').count();
        let described = operation["parameters"].as_array().unwrap().iter().filter(|it| it["in"] == "path").count();
        assert_eq!(named, described, "{route:?}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = web::openapi::document();
    fn walk(it: &serde_json::Value, found: &mut Vec<String>) {
        match it {
            serde_json::Value::Object(map) => {
                found.extend(map.get("$ref").and_then(|it| it.as_str()).map(str::to_owned));
                map.values().for_each(|it| walk(it, found));
            }
            serde_json::Value::Array(all) => all.iter().for_each(|it| walk(it, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}
