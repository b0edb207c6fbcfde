//! Powers that come and go: deputies by the clock, handing over, and three administrators who stay apart.

use crate::r#loop::{report, step};
use crate::stage::{As, TestApp};
use serde_json::{Value, json};
use testkit::on_both_async;

async fn add(app: &TestApp, who: &As, login: &str, name: &str, roles: &[&str]) -> crate::stage::Reply {
    app.post(
        who,
        "/api/v1/persons",
        json!({ "login": login, "name": name, "unit": app.unit("经发局"), "roles": roles }),
    )
    .await
}

async fn status(app: &TestApp, who: &As, path: &str) -> u16 {
    app.get(who, path).await.status
}

on_both_async!(a_deputy_has_the_powers_for_the_dated_time_only, |db| {
    let app = TestApp::new(db).await;
    let (an, zhou, he, li, sun) = (
        app.session("an").await,
        app.session("zhou").await,
        app.session("he").await,
        app.session("li").await,
        app.session("sun").await,
    );
    app.set("2018-04-13 10:00");
    let id = &store::ids::fresh(app.now()).to_string();
    app.post(&he, "/api/v1/problems", report(id)).await.expect(201);
    app.set("2018-04-16 09:00");
    step(&app, &zhou, id, json!({ "command": "dispatch", "lead": app.unit("经发局") })).await.expect(200);
    let path = &format!("/api/v1/problems/{id}");

    // 李 names his own deputy; for somebody else only the security administrator does.
    let deputy = |person: Value, from: &str, to: &str| json!({ "person": person, "by": app.person("sun"), "from": from, "to": to });
    app.post(&li, "/api/v1/deputies", deputy(Value::Null, "2018-04-17 09:00", "2018-04-18 09:00")).await.expect(201);
    app.post(&sun, "/api/v1/deputies", deputy(json!(app.person("wang")), "2018-04-17 09:00", "2018-04-18 09:00"))
        .await
        .refused(404, "no-such-page");
    app.post(&an, "/api/v1/deputies", deputy(json!(app.person("wang")), "2018-04-19", "2018-04-20")).await.expect(201);
    app.post(&an, "/api/v1/deputies", deputy(json!(app.person("sun")), "2018-04-19", "2018-04-20"))
        .await
        .refused(422, "field-invalid");
    app.post(&an, "/api/v1/deputies", deputy(json!(app.person("wang")), "2018-04-20", "2018-04-19"))
        .await
        .refused(422, "field-invalid");
    app.post(&an, "/api/v1/deputies", deputy(json!(app.person("wang")), "明天", "2018-04-19"))
        .await
        .refused(422, "field-invalid")
        .says("2018-04-16 09:00");

    let seen = async |when: &str| {
        app.set(when);
        status(&app, &sun, path).await
    };
    assert_eq!(seen("2018-04-17 08:59").await, 404);
    assert_eq!(seen("2018-04-17 09:00").await, 200);
    step(&app, &sun, id, json!({ "command": "receive" })).await.expect(200);
    let events = app.get(&zhou, &format!("{path}/events")).await.json();
    assert_eq!(events["events"].as_array().unwrap().last().unwrap()["by"], "孙浩");
    step(&app, &sun, id, json!({ "command": "ask-extension", "until": "2018-05-04", "words": "x" }))
        .await
        .refused(403, "needs-unit-head");
    assert_eq!(seen("2018-04-18 09:00").await, 404);
    // For the head he may ask what only the head asks.
    assert_eq!(seen("2018-04-19 00:00").await, 200);
    step(&app, &sun, id, json!({ "command": "ask-extension", "until": "2018-05-04", "words": "代为申请" }))
        .await
        .expect(200);
    assert_eq!(seen("2018-04-20 00:00").await, 404);
});

on_both_async!(a_security_administrators_powers_are_never_lent, |db| {
    let app = TestApp::new(db).await;
    let (an, sun) = (app.session("an").await, app.session("sun").await);
    let body = json!({ "by": app.person("sun"), "from": "2018-04-12", "to": "2018-04-20" });
    app.post(&an, "/api/v1/deputies", body).await.expect(201);
    app.get(&sun, "/api/v1/persons").await.refused(404, "no-such-page");
    app.get(&sun, "/people").await.expect(404);
});

on_both_async!(who_leaves_hands_over_in_one_step, |db| {
    let app = TestApp::new(db).await;
    let (an, zhou, he, li) =
        (app.session("an").await, app.session("zhou").await, app.session("he").await, app.session("li").await);
    let id = &store::ids::fresh(app.now()).to_string();
    app.post(&he, "/api/v1/problems", report(id)).await.expect(201);
    step(&app, &zhou, id, json!({ "command": "dispatch", "lead": app.unit("经发局") })).await.expect(200);
    let heir = add(&app, &an, "xin", "新人", &[]).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let now = app.now();
    let token = crate::stage::web_token();
    let (digest, person) = (store::session::TokenDigest::of(&token), heir.parse().unwrap());
    app.db.write(move |tx| store::session::start(tx, person, &digest, now, 86_400_000_000)).await.unwrap();
    let xin = As::Session(token);
    let path = &format!("/api/v1/problems/{id}");
    app.get(&xin, path).await.refused(404, "not-found");

    let leave = async |login: &str, heir: &str| {
        app.post(&an, &format!("/api/v1/persons/{}/leave", app.person(login)), json!({ "heir": heir })).await
    };
    leave("li", &app.person("li")).await.refused(422, "field-invalid");
    leave("li", "0190a1b2-0000-7000-8000-00000000dead").await.refused(422, "field-invalid");
    leave("li", &heir).await.expect(204);
    app.get(&li, path).await.refused(401, "sign-in-needed");
    app.form(&As::Nobody, "/sign-in", &[("login", "li"), ("password", crate::stage::PASSWORD)]).await.expect(403);
    app.get(&xin, path).await.expect(200);
    step(&app, &xin, id, json!({ "command": "receive" })).await.expect(200);
    // Who has left is given nothing more.
    leave("li", &heir).await.refused(404, "no-such-page");
    leave("wang", &app.person("li")).await.refused(422, "field-invalid");
    let person = format!("/api/v1/persons/{}", app.person("li"));
    app.post(&an, &format!("{person}/hats"), json!({ "role": "office", "unit": app.unit("走访办") }))
        .await
        .refused(404, "no-such-page");
    app.post(&an, &format!("{person}/one-time-link"), json!({})).await.refused(404, "no-such-page");
    app.post(
        &an,
        "/api/v1/deputies",
        json!({ "person": app.person("wang"), "by": app.person("li"), "from": "2018-04-12", "to": "2018-04-20" }),
    )
    .await
    .refused(422, "field-invalid");
    app.get(&an, "/people").await.expect(200).says("已离任");
});

on_both_async!(nobody_holds_two_of_the_three_administrators_roles, |db| {
    let app = TestApp::new(db).await;
    let an = app.session("an").await;
    add(&app, &an, "both", "双肩", &["sysadmin", "auditor"]).await.refused(422, "field-invalid").says("三个管理员");
    let one = add(&app, &an, "one", "单肩", &["sysadmin"]).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    add(&app, &an, "one", "重名", &[]).await.refused(422, "field-invalid").says("这个账号已经有人用了");
    let hats = format!("/api/v1/persons/{one}/hats");
    for role in ["secadmin", "auditor"] {
        app.post(&an, &hats, json!({ "role": role, "unit": app.unit("走访办") })).await.refused(422, "field-invalid");
    }
    app.post(&an, &hats, json!({ "role": "clerk", "unit": app.unit("经发局") })).await.expect(204);
    app.call(&an, "delete", &hats, json!({ "role": "clerk", "unit": app.unit("经发局") }).to_string())
        .await
        .expect(204);
    app.post(&an, &hats, json!({ "role": "king", "unit": app.unit("经发局") })).await.refused(422, "field-invalid");
    // Nobody changes his own powers, and nothing is noted about persons who do not exist.
    let own = format!("/api/v1/persons/{}/hats", app.person("an"));
    app.post(&an, &own, json!({ "role": "office", "unit": app.unit("走访办") })).await.refused(403, "denied");
    let nobody = "/api/v1/persons/0190a1b2-0000-7000-8000-00000000dead";
    app.call(
        &an,
        "delete",
        &format!("{nobody}/hats"),
        json!({ "role": "office", "unit": app.unit("走访办") }).to_string(),
    )
    .await
    .refused(404, "no-such-page");
    app.post(&an, &format!("{nobody}/leave"), json!({ "heir": one })).await.refused(404, "no-such-page");
    app.post(&an, &format!("{nobody}/one-time-link"), json!({})).await.refused(404, "no-such-page");
});

on_both_async!(the_page_of_persons_does_it_too, |db| {
    let app = TestApp::new(db).await;
    let an = app.session("an").await;
    let page = app.form(&an, "/people", &[("login", "xin"), ("name", ""), ("roles", "clerk")]).await.expect(422);
    page.says("请写账号和姓名").says("value=\"xin\"").says("value=\"clerk\" checked");
    let unit = app.unit("经发局");
    let added = app
        .form(
            &an,
            "/people",
            &[("login", "xin"), ("name", "新人"), ("unit", &unit), ("roles", "clerk"), ("roles", "head")],
        )
        .await
        .expect(200)
        .text();
    let path = format!("/first/{}", added.split("/first/").nth(1).unwrap().split('<').next().unwrap());
    app.get(&As::Nobody, &path).await.expect(200);
    app.get(&an, "/people").await.says("承办人、单位负责人");
    let (li, wang) = (app.person("li"), app.person("wang"));
    app.form(
        &an,
        &format!("/people/{li}/deputy"),
        &[("by", &wang), ("from", "2018-04-12T09:00"), ("to", "2018-04-13T09:00")],
    )
    .await
    .redirect(&format!("/people/{li}"));
    app.form(&an, &format!("/people/{li}/deputy"), &[("by", ""), ("from", "2018-05-01T09:00"), ("to", "")])
        .await
        .expect(422)
        .says("请选择代理人")
        .says("value=\"2018-05-01T09:00\"")
        .says("data-wrong=\"true\"");
    // A deputyship ends before its time, once however often it is asked.
    let wang_sees = async || app.get(&app.session("wang").await, "/api/v1/me").await.json().to_string();
    app.set("2018-04-12 12:00");
    assert!(wang_sees().await.contains("clerk"));
    let page = app.get(&an, &format!("/people/{li}")).await.expect(200).says("王建平").text();
    let id = page.split("name=\"deputy\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for _ in 0..2 {
        app.form(&an, &format!("/people/{li}/end-deputy"), &[("deputy", &id)]).await.redirect(&format!("/people/{li}"));
    }
    assert!(!wang_sees().await.contains("clerk"));
    // Roles are given and taken on the page; nobody changes his own.
    let hat = [("role", "officer"), ("unit", unit.as_str())];
    app.form(&an, &format!("/people/{wang}/hat"), &hat).await.redirect(&format!("/people/{wang}"));
    app.get(&an, &format!("/people/{wang}")).await.says("走访干部 · <span>经发局");
    app.form(&an, &format!("/people/{wang}/take"), &hat).await.redirect(&format!("/people/{wang}"));
    app.get(&an, &format!("/people/{wang}")).await.lacks("走访干部 · <span>经发局");
    app.form(&an, &format!("/people/{wang}/hat"), &[("role", ""), ("unit", &unit)])
        .await
        .expect(422)
        .says("请选择岗位");
    app.form(&an, &format!("/people/{}/hat", app.person("an")), &hat).await.expect(403);
    app.form(&an, &format!("/people/{wang}/link"), &[]).await.expect(200).says("/first/");
    app.form(&an, &format!("/people/{li}/leave"), &[("heir", &wang)]).await.redirect(&format!("/people/{li}"));
    app.get(&an, "/people").await.says("已离任");
});
