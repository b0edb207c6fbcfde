//! The whole path by JSON: report, triage, dispatch, receive, extension, answer, verify, rate, close, reopen.

use crate::stage::{As, PASSWORD, TestApp, encode};
use serde_json::{Value, json};
use testkit::on_both_async;

/// Takes a step with the revision that stands now.
pub async fn step(app: &TestApp, who: &As, id: &str, body: Value) -> crate::stage::Reply {
    let revision = app.get(who, &format!("/api/v1/problems/{id}")).await.json()["revision"].clone();
    let mut body = body;
    body["seen"] = revision;
    app.post(who, &format!("/api/v1/problems/{id}/commands"), body).await
}

/// A small picture that tells where it was taken.
pub fn photo() -> Vec<u8> {
    let exif = b"Exif\0\0GPS 30.2936,120.3415";
    let mut jpeg = vec![0xff, 0xd8, 0xff, 0xe1, 0, exif.len() as u8 + 2];
    jpeg.extend(exif);
    jpeg.extend([0xff, 0xda, 0, 3, 1, 1, 2, 3, 0xff, 0xd9]);
    jpeg
}

pub fn report(id: &str) -> Value {
    json!({
        "id": id, "title": "夜间停水", "detail": "泰和电子反映夜间用水压力不足，影响二车间生产。", "place": "23号大街", "occurred": "2018-04-12",
        "source": "visit", "reporter": { "name": "泰和电子", "phone": "13800000001", "address": "白杨街道" },
    })
}

on_both_async!(a_problem_goes_from_report_to_strike_off_and_back, |db| {
    let app = TestApp::new(db).await;
    let signed =
        app.post(&As::Nobody, "/api/v1/session", json!({ "login": "zhou", "password": PASSWORD })).await.expect(201);
    let zhou = As::Session(signed.json()["token"].as_str().unwrap().to_owned());
    let (he, li, wang, chen) =
        (app.session("he").await, app.session("li").await, app.session("wang").await, app.session("chen").await);

    app.set("2018-04-13 10:00");
    let id = &store::ids::fresh(app.now()).to_string();
    let first = app.post(&he, "/api/v1/problems", report(id)).await.expect(201).json();
    let again = app.post(&he, "/api/v1/problems", report(id)).await.expect(200).json();
    assert_eq!(first, again);
    let other = json!({ "id": id, "title": "另一件" });
    app.post(&he, "/api/v1/problems", other).await.refused(409, "client-id-reused");

    let path = &format!("/api/v1/problems/{id}");
    app.get(&li, path).await.refused(404, "not-found");
    let category = app.category("施工噪声");
    step(&app, &zhou, id, json!({ "command": "triage", "category": category, "tier": "unit", "urgency": "ordinary" }))
        .await
        .expect(200);
    step(&app, &zhou, id, json!({ "command": "dispatch", "supports": [app.unit("建设局")] }))
        .await
        .refused(422, "lead-missing");
    app.set("2018-04-16 09:00");
    let dispatch = json!({ "command": "dispatch", "lead": app.unit("经发局"), "supports": [app.unit("建设局")], "words": "请尽快" });
    assert_eq!(step(&app, &zhou, id, dispatch).await.expect(200).json()["state"], "dispatched");
    let shown = app.get(&li, path).await.expect(200).json();
    assert_eq!(
        (shown["first_due_at"].as_str(), shown["light"].as_str()),
        (Some("2018-04-25T17:30:00.000+08:00"), Some("none"))
    );

    app.set("2018-04-16 15:00");
    step(&app, &li, id, json!({ "command": "receive" })).await.expect(200);
    step(&app, &chen, id, json!({ "command": "support", "words": "已巡查管网" })).await.expect(200);
    // A stale revision learns who was faster (S60).
    let stale = json!({ "command": "note", "words": "x", "seen": 2 });
    let refused = app.post(&li, &format!("{path}/commands"), stale).await.refused(409, "changed-meanwhile").json();
    assert!(refused["detail"].as_str().unwrap().contains("陈立"), "{refused}");
    assert!(refused["title"].as_str().unwrap().contains("陈立 changed it"), "{refused}");

    app.set("2018-04-24 10:00");
    let ask = json!({ "command": "ask-extension", "until": "2018-05-04", "words": "须换水泵" });
    step(&app, &li, id, ask.clone()).await.refused(403, "needs-unit-head");
    step(&app, &wang, id, ask).await.expect(200);
    step(&app, &zhou, id, json!({ "command": "decide-extension", "grant": true, "words": "同意" })).await.expect(200);
    let shown = app.get(&li, path).await.json();
    assert_eq!(
        (shown["due_at"].as_str(), shown["first_due_at"].as_str()),
        (Some("2018-05-04T17:30:00.000+08:00"), Some("2018-04-25T17:30:00.000+08:00"))
    );

    let name = encode("整改后.jpg");
    let added = app.call(&li, "post", &format!("{path}/attachments?name={name}"), photo()).await.expect(201).json();
    let kept = app.get(&li, &format!("/api/v1/attachments/{}", added["id"].as_str().unwrap())).await.expect(200);
    assert!(!kept.bytes.windows(3).any(|it| it == b"GPS"), "the place is still in the picture");
    assert_eq!(
        (kept.header("content-type"), kept.header("content-disposition").starts_with("attachment;")),
        ("image/jpeg", true)
    );

    let answer = json!({
        "command": "answer", "outcome": "solved", "words": "已更换水泵，水压恢复。", "apply": true,
        "evidence": [{ "item": "整改后照片", "attachment": added["id"] }],
    });
    let mut bare = answer.clone();
    bare["evidence"] = json!([]);
    step(&app, &li, id, bare).await.refused(422, "evidence-missing");
    assert_eq!(step(&app, &li, id, answer).await.expect(200).json()["state"], "answered");
    step(&app, &zhou, id, json!({ "command": "close" })).await.refused(409, "close-incomplete");
    step(&app, &li, id, json!({ "command": "verify" })).await.refused(403, "not-your-role");
    step(&app, &he, id, json!({ "command": "verify", "words": "现场看过" })).await.expect(200);

    let link = app.post(&zhou, &format!("{path}/reporter-link"), Value::Null).await.expect(201).json();
    let taihe = As::Link(link["token"].as_str().unwrap().strip_prefix("link_").unwrap().to_owned());
    step(
        &app,
        &taihe,
        id,
        json!({ "command": "rate", "verdict": "yes", "satisfaction": "satisfied", "words": "谢谢" }),
    )
    .await
    .expect(200);
    app.set("2018-04-26 15:00");
    assert_eq!(step(&app, &zhou, id, json!({ "command": "close" })).await.expect(200).json()["state"], "closed");

    app.set("2018-05-21 09:30");
    step(&app, &taihe, id, json!({ "command": "reopen", "words": "又没水了" })).await.expect(200);
    let shown = app.get(&li, path).await.json();
    assert_eq!(
        (shown["state"].as_str(), shown["reopened"].as_i64(), shown["due_at"].as_str()),
        (Some("in-hand"), Some(1), Some("2018-05-30T17:30:00.000+08:00"))
    );
    let events = app.get(&zhou, &format!("{path}/events")).await.json();
    let kinds: Vec<&str> =
        events["events"].as_array().unwrap().iter().map(|it| it["event"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "registered",
            "triaged",
            "dispatched",
            "received",
            "supported",
            "extension-asked",
            "extension-decided",
            "answered",
            "applied",
            "verified",
            "rated",
            "closed",
            "reopened"
        ]
    );
    // The office that comes too late after the reporter is told of the reporter, and the reporter of no name.
    let stale =
        app.post(&zhou, &format!("{path}/commands"), json!({ "command": "remind", "words": "x", "seen": 1 })).await;
    assert!(stale.refused(409, "changed-meanwhile").says("反映人").text().contains("The reporter changed it"));
    step(&app, &li, id, json!({ "command": "note", "words": "已派人" })).await.expect(200);
    let stale =
        app.post(&taihe, &format!("{path}/commands"), json!({ "command": "shield", "on": true, "seen": 1 })).await;
    assert!(!stale.refused(409, "changed-meanwhile").text().contains("李晓"));
});

on_both_async!(what_is_not_there_yet_says_so, |db| {
    let app = TestApp::new(db).await;
    let (zhou, he) = (app.session("zhou").await, app.session("he").await);
    let id = &store::ids::fresh(app.now()).to_string();
    app.post(&he, "/api/v1/problems", report(id)).await.expect(201);
    for body in [json!({ "command": "join-common", "parent": id }), json!({ "command": "coordinate" })] {
        step(&app, &zhou, id, body).await.refused(501, "not-available-yet");
    }
    let page = app.form(&zhou, "/problems/1/coordinate", &[("words", "请协调"), ("seen", "1")]).await.expect(501);
    page.says("这一功能尚未开放。").says("请协调");
});

on_both_async!(json_that_is_wrong_is_refused_with_its_place, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    for (body, line, column) in
        [("{\n  \"title\": ,\n}", 2, 12), ("", 1, 0), ("{\"title\": 3}", 1, 11), ("[[[[[[", 1, 1)]
    {
        let reply = app.call(&zhou, "post", "/api/v1/problems", body).await.refused(422, "field-invalid").json();
        let said = reply["title"].as_str().unwrap();
        assert!(said.contains(&format!("line {line}, column {column}")), "{said}");
        assert!(reply["detail"].as_str().unwrap().contains(&format!("第{line}行第{column}列")), "{reply}");
    }
    let deep = "[".repeat(200_000);
    app.call(&zhou, "post", "/api/v1/problems", deep).await.refused(422, "field-invalid");
});
