//! Generated: every route × every role, a reporter by link, an enterprise's account and nobody × things inside and
//! outside their sight.

use crate::stage::{As, PERSONS, Reply, TestApp, encode};
use crate::world::{INTERNAL, Made, TELLING, World};
use domain::role::Role;
use testkit::on_both_async;
use web::router::{ROUTES, Route};

const NOWHERE: &str = "0190a1b2-0000-7000-8000-00000000dead";

/// Who asks, and with which role.
async fn everybody(world: &World) -> Vec<(String, Option<Role>, As)> {
    let mut all =
        vec![("nobody".to_owned(), None, As::Nobody), ("reporter by link".to_owned(), None, world.taihe.clone())];
    for (login, _, _, roles) in PERSONS {
        all.push((login.to_owned(), roles.first().copied(), world.app.session(login).await));
    }
    all.push(("donghai".to_owned(), Some(Role::Enterprise), world.app.session("donghai").await));
    let covered = |role: &Role| all.iter().any(|(_, it, _)| it.as_ref() == Some(role));
    assert!(Role::ALL.iter().all(covered), "a role has nobody");
    all
}

/// Whether the rules let `who` see a problem; everything else follows from it.
async fn sees(app: &TestApp, who: &As, made: &Made) -> bool {
    app.get(who, &format!("/api/v1/problems/{}", made.id)).await.status == 200
}

/// A path of the route about `id`, or about the problem with the number `no`.
fn path(route: &Route, id: &str, no: &str) -> String {
    let what = if route.path.starts_with("/people") { "link" } else { "note" };
    let filled = route
        .path
        .replace("{id}", id)
        .replace("{no}", no)
        .replace("{code}", if no == "1" { "status" } else { "none" })
        .replace("{act}", "recall")
        .replace("{version}", "1")
        .replace("{other}", "2")
        .replace("{command}", what)
        .replace("{what}", what);
    filled.replace("{digest}", "0").replace("{name}", "app.css").replace("{token}", NOWHERE)
}

/// Without the request number, which is another each time.
fn same(reply: &Reply) -> (u16, String) {
    let number = reply.header("x-request-id");
    (reply.status, if number.is_empty() { reply.text() } else { reply.text().replace(number, "") })
}

async fn ask(app: &TestApp, who: &As, route: &Route, path: &str) -> Reply {
    // A form and JSON that are both harmless; what matters is who may ask, not what.
    let body = if route.method == "get" {
        ""
    } else if route.path.starts_with("/api/") {
        "{\"command\":\"note\",\"words\":\"x\",\"seen\":-1}"
    } else {
        "words=x&seen=-1"
    };
    let reply = app.call(who, route.method, path, body.to_owned()).await;
    assert!(reply.status < 500 || reply.status == 501, "{} {path}: {} {}", route.method, reply.status, reply.text());
    reply
}

on_both_async!(without_a_session_only_open_routes_answer, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let made = world.of("own");
    for route in ROUTES.iter().filter(|it| !it.open) {
        for (id, no) in
            [(made.id.as_str(), made.no.to_string()), (NOWHERE, "99999".to_owned()), ("%ff", "x".to_owned())]
        {
            let path = path(route, id, &no);
            for who in [As::Nobody, As::Session("0".repeat(64)), As::Link("0".repeat(64))] {
                let reply = ask(&world.app, &who, route, &path).await;
                match route.path.starts_with("/api/") {
                    true => drop(reply.refused(401, "sign-in-needed")),
                    // What was typed on a doorstep waits in a page of its own.
                    false if (route.method, route.path) == ("post", "/visits/{no}/record") => drop(reply.expect(401)),
                    false => {
                        let to = reply.expect(303).header("location").to_owned();
                        assert!(to == "/sign-in" || to.starts_with("/sign-in?back=%2F"), "{} {to}", route.path);
                    }
                }
            }
        }
    }
});

on_both_async!(what_is_out_of_sight_is_as_if_it_did_not_exist, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let about: Vec<&Route> = ROUTES.iter().filter(|it| !it.open && it.path.contains("/problems/{")).collect();
    assert!(about.len() >= 10);
    let mut hidden = 0;
    for (name, _, who) in everybody(&world).await.iter().skip(1) {
        for made in &world.made {
            if sees(&world.app, who, made).await {
                continue;
            }
            hidden += 1;
            for route in &about {
                let there = ask(&world.app, who, route, &path(route, &made.id, &made.no.to_string())).await;
                let nowhere = ask(&world.app, who, route, &path(route, NOWHERE, "99999")).await;
                assert_eq!(there.status, 404, "{name} {} {}", made.what, route.path);
                assert_eq!(same(&there), same(&nowhere), "{name} {} {}", made.what, route.path);
            }
            // With orders that mean something, too: nothing may be looked at before the problem itself.
            for order in [
                "{\"command\":\"close\",\"seen\":1}",
                "{\"command\":\"nonsense\"}",
                "{",
                "{\"command\":\"coordinate\",\"seen\":1}",
            ] {
                let there = world.app.call(who, "post", &format!("/api/v1/problems/{}/commands", made.id), order).await;
                let nowhere = world.app.call(who, "post", &format!("/api/v1/problems/{NOWHERE}/commands"), order).await;
                assert_eq!(same(&there), same(&nowhere), "{name} {} {order}", made.what);
            }
            for (file, _) in world.files.iter().filter(|(_, no)| *no == made.no) {
                for start in ["/attachments/", "/api/v1/attachments/"] {
                    let there = world.app.get(who, &format!("{start}{file}")).await.expect(404);
                    let nowhere = world.app.get(who, &format!("{start}{NOWHERE}")).await;
                    assert_eq!(same(&there), same(&nowhere), "{name} {start}");
                }
            }
            let list = world.app.get(who, "/problems?by=newest").await.expect(200).text();
            assert!(
                !list.contains(&format!("href=\"/problems/{}\"", made.no)),
                "{name} finds {} in his list",
                made.what
            );
            let inbox = world.app.get(who, "/inbox").await.expect(200).text();
            assert!(
                !inbox.contains(&format!("href=\"/problems/{}\"", made.no)),
                "{name} finds {} in his inbox",
                made.what
            );
        }
    }
    assert!(hidden > 100, "only {hidden} were hidden from somebody");
});

/// Addresses of everything that somebody can read.
fn readable(world: &World) -> Vec<String> {
    let mut all: Vec<String> = [
        "/problems",
        "/problems?by=newest",
        "/problems/paper?by=newest",
        "/problems/export.csv?by=newest",
        "/problems/bulk?command=receive&no=1&no=2&no=3&no=4",
        "/problems/bulk?command=remind&no=1&no=2&no=3&no=4",
        "/problems/new",
        "/inbox",
        "/people",
        "/api/v1/problems?by=newest",
        "/api/v1/notices",
        "/api/v1/me",
    ]
    .map(str::to_owned)
    .to_vec();
    all.extend(
        ["/problems?text=", "/api/v1/problems?text=", "/search?text=", "/api/v1/search?text="]
            .iter()
            .flat_map(|start| TELLING.map(|it| format!("{start}{}", encode(it)))),
    );
    for made in &world.made {
        all.extend([format!("/problems/{}", made.no), format!("/problems/{}/paper", made.no)]);
        all.extend(["", "/events", "/attachments"].map(|end| format!("/api/v1/problems/{}{end}", made.id)));
    }
    all.extend(
        world.files.iter().flat_map(|(id, _)| [format!("/attachments/{id}"), format!("/api/v1/attachments/{id}")]),
    );
    all
}

on_both_async!(nothing_tells_a_shielded_reporter_and_no_reporter_reads_notes, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let mut looked = 0;
    for (name, role, who) in everybody(&world).await.iter().skip(1) {
        let knows = matches!(role, None | Some(Role::Office | Role::Supervision | Role::Leader)) || name == "he";
        for address in readable(&world) {
            let reply = world.app.get(who, &address).await;
            assert!(reply.status < 500, "{name} {address}: {}", reply.text());
            let head: String =
                reply.headers.values().map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()).collect();
            // What one has typed stands in its field, in what keeps the filter, and in the line for paper.
            let typed = TELLING.iter().find(|it| address.ends_with(&format!("text={}", encode(it)))).unwrap_or(&"-");
            let text = (reply.text() + &head)
                .replace(&format!("value=\"{typed}\""), "")
                .replace(&format!("text={}", encode(typed)), "")
                .replace(&format!("筛选：查找 {typed}"), "");
            looked += 1;
            for telling in TELLING.iter().filter(|_| !knows) {
                assert!(
                    !text.contains(telling) && !text.contains(&encode(telling)),
                    "{name} reads {telling} in {address}: {text}"
                );
            }
            if matches!(role, None | Some(Role::Enterprise)) {
                assert!(!text.contains(INTERNAL), "{name} reads notes in {address}");
            }
            if address.contains("text=") && !knows {
                assert!(!text.contains("/problems/1\""), "{name} finds the shielded one by {address}");
            }
        }
    }
    assert!(looked > 500);
    // The other way round: those who may know do, and the look is in the log.
    let wu = world.app.session("wu").await;
    world.app.get(&wu, "/problems/1").await.expect(200).says("泰和电子").says("谁看过反映人").says("吴岳");
    let li = world.app.session("li").await;
    world.app.get(&li, "/problems/1").await.expect(200).says("＊＊门前积水").says("已保密").says("附件2.jpg");
    let (waiting, _) = &world.files[0];
    world.app.get(&li, &format!("/attachments/{waiting}")).await.expect(404);
});

on_both_async!(people_and_setup_are_for_their_administrators, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let id = world.app.person("li");
    for (name, role, who) in everybody(&world).await.iter().skip(1) {
        for route in ROUTES.iter().filter(|it| !it.open) {
            let of = |start: &str| route.path.starts_with(start);
            let admin = match (route.method, route.path) {
                ("get", "/people" | "/api/v1/persons") => vec![Role::Secadmin, Role::Sysadmin],
                _ if of("/people") || of("/api/v1/persons") => vec![Role::Secadmin],
                ("post", "/api/v1/units" | "/api/v1/categories" | "/api/v1/holidays") => vec![Role::Sysadmin],
                ("get", "/settings/units/{id}" | "/settings/categories/{id}") => vec![Role::Sysadmin],
                ("get", _) if of("/settings") => vec![Role::Office, Role::Secadmin, Role::Sysadmin],
                _ if of("/settings") => vec![Role::Sysadmin],
                _ => continue,
            };
            let id = match route.path {
                "/settings/units/{id}" => world.app.unit("税务局"),
                "/settings/categories/{id}" => world.app.category("用水用电"),
                _ => id.clone(),
            };
            let reply = ask(&world.app, who, route, &path(route, &id, "1")).await;
            let allowed = role.as_ref().is_some_and(|it| admin.contains(it));
            assert_eq!(reply.status != 404, allowed, "{name} {} {}: {}", route.method, route.path, reply.status);
            if !allowed {
                let nowhere = ask(&world.app, who, route, &path(route, NOWHERE, "1")).await;
                assert_eq!(same(&reply), same(&nowhere), "{name} {}", route.path);
            }
        }
    }
});

on_both_async!(who_may_not_report_is_told_so, |db| {
    let world = World::new(TestApp::new(db).await).await;
    for (name, role, who) in everybody(&world).await.iter().skip(1) {
        let may = matches!(role, None | Some(Role::Officer | Role::Office | Role::Enterprise));
        let form = world.app.get(who, "/problems/new").await;
        assert_eq!(form.status, if may { 200 } else { 403 }, "{name}");
        let sent = world.app.post(who, "/api/v1/problems", serde_json::json!({ "title": "路灯不亮" })).await;
        assert_eq!(sent.status, if may { 201 } else { 403 }, "{name}: {}", sent.text());
    }
});

/// What belongs to visits, and who sees it: `None` for those who see none of it.
fn is_doorstep(route: &Route) -> bool {
    let start = route.path.strip_prefix("/api/v1").unwrap_or(route.path);
    ["/subjects", "/campaigns", "/rounds", "/questionnaires", "/policies"].iter().any(|it| start.starts_with(it))
}

on_both_async!(the_doorstep_is_seen_by_those_who_go_there_and_set_up_by_the_office_alone, |db| {
    let world = World::new(TestApp::new(db).await).await;
    world.app.set("2018-04-16 14:00");
    crate::doorstep::settle(&world.app).await;
    let mut tried = 0;
    for (name, role, who) in everybody(&world).await.iter().skip(1) {
        let some = matches!(role, Some(Role::Officer | Role::Office | Role::Supervision | Role::Leader));
        let all = some && *role != Some(Role::Officer);
        for route in ROUTES.iter().filter(|it| !it.open && is_doorstep(it)) {
            tried += 1;
            let there = ask(
                &world.app,
                who,
                route,
                &path(route, NOWHERE, "1").replace(&format!("subjects/{NOWHERE}"), "subjects/1"),
            )
            .await;
            let nowhere = ask(
                &world.app,
                who,
                route,
                &path(route, NOWHERE, "99999").replace(&format!("subjects/{NOWHERE}"), "subjects/99999"),
            )
            .await;
            let form = matches!(
                route.path,
                "/questionnaires/new"
                    | "/questionnaires/{code}/edit"
                    | "/subjects/new"
                    | "/subjects/{no}/edit"
                    | "/campaigns/{no}/edit"
                    | "/rounds/{no}/split"
            );
            let numbers =
                ["/findings", "/campaigns/{no}/problems", "/behind", "/report", "/report.xlsx", "/answers/{code}"];
            let counts = numbers.iter().any(|it| route.path.contains(it));
            // The team of he has subject 1; qian's is another team of the same round.
            let outside = name == "qian" && route.path.contains("/subjects/{");
            let what = format!("{name} {} {}: {}", route.method, route.path, there.status);
            if !some || (counts && !all) || outside {
                assert_eq!((there.status, nowhere.status), (404, 404), "{what}");
                assert_eq!(same(&there), same(&nowhere), "{what}");
            } else if (route.method != "get" || form) && *role != Some(Role::Office) {
                assert_eq!(there.status, 403, "{what}");
            } else {
                // In a cell that is none there is nothing, and a team or contact of no id is none.
                let none =
                    route.path == "/campaigns/{no}/problems" || route.path.contains("/{id}") && route.method == "post";
                assert_eq!(there.status == 404, none, "{what}");
                assert_ne!(there.status, 403, "{what}");
            }
        }
        let bar = world.app.get(who, "/inbox").await.expect(200).text();
        assert_eq!(bar.contains("href=\"/campaigns\""), some, "{name}");
    }
    assert!(tried > 500);
});
