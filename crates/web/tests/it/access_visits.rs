//! Every route of visits and promises × every role: what is out of sight is as if it did not exist.

use crate::doors::{self, act};
use crate::stage::{As, PERSONS, Reply, TestApp};
use domain::role::Role;
use serde_json::json;
use testkit::on_both_async;
use web::router::{ROUTES, Route};

const NOWHERE: &str = "0190a1b2-0000-7000-8000-00000000dead";

fn same(reply: &Reply) -> (u16, String) {
    let number = reply.header("x-request-id");
    (reply.status, if number.is_empty() { reply.text() } else { reply.text().replace(number, "") })
}

async fn ask(app: &TestApp, who: &As, route: &Route, id: &str, no: &str) -> Reply {
    let path = route.path.replace("{id}", id).replace("{no}", no);
    let body = match (route.method, route.path.starts_with("/api/")) {
        ("get", _) => "",
        (_, true) => "{\"command\":\"join\",\"seen\":-1}",
        _ => "words=x&seen=-1&day=2018-04-13",
    };
    let reply = app.call(who, route.method, &path, body).await;
    assert!(reply.status < 500, "{} {path}: {}", route.method, reply.text());
    reply
}

on_both_async!(visits_out_of_sight_do_not_exist, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let he = app.session("he").await;
    let (id, no) = doors.plan(&app, &he, "2018-04-13").await;
    app.set("2018-04-13 15:00");
    let mut record = doors.record("2018-04-13");
    let promise = store::ids::fresh(app.now()).to_string();
    record["promises"] =
        json!([{ "id": promise, "text": "问清并网手续", "owner": app.person("he"), "due": "2018-04-23" }]);
    act(&app, &he, &id, record).await.expect(200);
    let about =
        |start: &str| -> Vec<&'static Route> { ROUTES.iter().filter(|it| it.path.starts_with(start)).collect() };
    let mut visits: Vec<&Route> = about("/visits/{").into_iter().chain(about("/api/v1/visits/{")).collect();
    // A photo is its photographer's own, whoever sees the visit.
    visits.retain(|it| it.path != "/visits/{no}/photos/{id}");
    assert!(visits.len() >= 8);
    let mut all = vec![("donghai", Some(Role::Enterprise), app.session("donghai").await)];
    for (login, _, _, roles) in PERSONS {
        all.push((login, roles.first().copied(), app.session(login).await));
    }
    for (name, role, who) in &all {
        let sees = *name == "he" || matches!(role, Some(Role::Office | Role::Supervision | Role::Leader));
        for route in &visits {
            let there = ask(&app, who, route, &id, &no.to_string()).await;
            let nowhere = ask(&app, who, route, NOWHERE, "99999").await;
            assert_eq!(nowhere.status, 404, "{name} {} {}", route.method, route.path);
            match sees {
                true => assert_ne!(there.status, 404, "{name} {} {}", route.method, route.path),
                false => assert_eq!(same(&there), same(&nowhere), "{name} {} {}", route.method, route.path),
            }
        }
        let command = format!("/api/v1/visits/{id}/commands");
        for order in ["{", "{\"command\":\"nonsense\"}", "{\"command\":\"record\",\"seen\":1,\"day\":\"2018-04-13\"}"] {
            let there = app.call(who, "post", &command, order).await;
            let nowhere = app.call(who, "post", &format!("/api/v1/visits/{NOWHERE}/commands"), order).await;
            assert!(sees || same(&there) == same(&nowhere), "{name} {order}");
        }
        let settle = about("/promises/{")[0];
        let there = ask(&app, who, settle, &promise, "").await;
        let nowhere = ask(&app, who, settle, NOWHERE, "").await;
        let settles = *name == "he" || *role == Some(Role::Office);
        assert_eq!(there.status != 404, settles, "{name} settles");
        assert!(settles || same(&there) == same(&nowhere), "{name} settles");
        for path in ["/visits", "/visits?state=recorded", "/promises", "/api/v1/visits"] {
            let list = app.get(who, path).await.expect(200).text();
            assert_eq!(list.contains(doors::FIRM), sees, "{name} {path}");
        }
        let may = matches!(role, Some(Role::Officer | Role::Office | Role::Leader));
        for path in ["/visits/new", "/visits/new?subject=1", "/visits/new?subject=999"] {
            let reply = app.get(who, path).await;
            assert_eq!(reply.status == 403, !may, "{name} {path}: {}", reply.status);
        }
        let planned = app.post(who, "/api/v1/visits", json!({ "subject": doors.subject, "day": "2018-04-13" })).await;
        assert_eq!(planned.status, if may { 201 } else { 403 }, "{name}: {}", planned.text());
    }
});

on_both_async!(what_a_visit_heard_does_not_tell_a_shielded_reporter, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let (he, zhou, li) = (app.session("he").await, app.session("zhou").await, app.session("li").await);
    let (id, _) = doors.plan(&app, &he, "2018-04-13").await;
    app.set("2018-04-13 15:00");
    let mut record = doors.record("2018-04-13");
    record["reports"] = json!([{ "id": store::ids::fresh(app.now()), "title": "邻厂排污", "shielded": true }]);
    act(&app, &he, &id, record).await.expect(200);
    let problem =
        app.get(&zhou, "/api/v1/problems?by=newest").await.json()["problems"][0]["id"].as_str().unwrap().to_owned();
    let lead = json!({ "command": "dispatch", "lead": app.unit("经发局") });
    crate::r#loop::step(&app, &zhou, &problem, lead).await.expect(200);
    let page = app.get(&li, "/problems/1").await.expect(200).text();
    assert!(!page.contains(doors::FIRM) && !page.contains("/subjects/") && !page.contains("/visits/"), "{page}");
    app.get(&he, "/problems/1").await.says(doors::FIRM).says("/visits/1");
});
