//! Visits by page and by JSON: plan, agree, record, amend, minutes, promises; what a refused or orphaned form keeps.

use crate::doors::{self, Doors, FIRM, act};
use crate::forms::seen;
use crate::stage::{As, PASSWORD, Reply, TestApp};
use serde_json::json;
use testkit::on_both_async;

/// The value of a hidden field of the page.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}"));
    page[at..].split('"').nth(3).unwrap().to_owned()
}

async fn send(app: &TestApp, who: &As, no: i64, fields: &[(String, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.form(who, &format!("/visits/{no}/record"), &fields).await
}

/// A whole form as a browser sends it.
async fn filled(app: &TestApp, doors: &Doors, who: &As, no: i64) -> Vec<(String, String)> {
    let page = app.get(who, &format!("/visits/{no}/record")).await.expect(200).text();
    let he = app.person("he");
    let mut fields = doors.answers();
    let policy = doors.policy.to_string();
    for (name, value) in [
        ("seen", seen(&page).as_str()),
        ("day", "2018-04-13"),
        ("time", "09:30"),
        ("met", "沈厂长"),
        ("minutes", "订单饱满，缺二十人。"),
        ("finding.0.id", hidden(&page, "finding.0.id").as_str()),
        ("finding.0.kind", "suggestion"),
        ("finding.0.text", "建议多开专场招聘"),
        ("promise.0.id", hidden(&page, "promise.0.id").as_str()),
        ("promise.0.text", "问清并网手续"),
        ("promise.0.owner", he.as_str()),
        ("promise.0.due", "2018-04-23"),
        ("problem.0.id", hidden(&page, "problem.0.id").as_str()),
        ("problem.0.title", "西门行道树挡住视线"),
        ("problem.0.detail", "货车左转看不到来车"),
        ("policy", policy.as_str()),
        ("cell", "enterprise.projects"),
    ] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}

fn with(fields: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let kept = fields.iter().filter(|(it, _)| it != name).cloned();
    kept.chain([(name.to_owned(), value.to_owned())]).collect()
}

on_both_async!(a_visit_from_plan_to_minutes_by_forms, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let (he, zhou, zheng) = (app.session("he").await, app.session("zhou").await, app.session("zheng").await);
    app.get(&he, "/visits/new?find=示例").await.expect(200).says(FIRM).says("/visits/new?subject=1");
    let page = app.get(&he, "/visits/new?subject=1").await.expect(200).says("百家企业 第一组").text();
    let (id, round) = (hidden(&page, "id"), doors.round.to_string());
    let plan = [
        ("id", id.as_str()),
        ("subject", "1"),
        ("purpose", "visit"),
        ("day", "2018-04-13"),
        ("time", "9：30"),
        ("round", &round),
    ];
    app.form(&he, "/visits", &plan).await.redirect("/visits/1");
    app.form(&he, "/visits", &plan).await.redirect("/visits/1");
    app.get(&he, "/visits").await.expect(200).says("2018-04-13").says("09:30").says(FIRM);
    let page = app.get(&he, "/visits/1").await.says("沈厂长").says("13900001111").says("约定时间").text();
    let agree =
        [("seen", seen(&page)), ("day", "2018-04-13".into()), ("time", "10:00".into()), ("with", "沈厂长".into())];
    let agree: Vec<(&str, &str)> = agree.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.form(&he, "/visits/1/agree", &agree).await.redirect("/visits/1");
    let page = app.get(&zheng, "/visits/1").await.says("我也参加").text();
    app.form(&zheng, "/visits/1/join", &[("seen", &seen(&page))]).await.redirect("/visits/1");
    app.set("2018-04-13 15:00");
    app.get(&he, "/visits").await.says("今天走访1家");
    let fields = filled(&app, &doors, &he, 1).await;
    send(&app, &he, 1, &fields).await.redirect("/visits/1");
    // Sent once more: nothing happens twice.
    send(&app, &he, 1, &fields).await.redirect("/visits/1");
    let page = app.get(&he, "/visits/1").await.expect(200).says("已走访").says("订单饱满").says("建议多开专场招聘");
    let page = page.says("问清并网手续").says("技改补助（第一版）").says("href=\"/problems/1\"").text();
    assert!(!page.contains("/problems/2\""), "one problem, not two");
    app.get(&he, "/problems/1").await.says(&format!("/subjects/1\" lang=\"zh-CN\">{FIRM}")).says("href=\"/visits/1\"");
    let minutes = app
        .get(&he, "/visits/1/minutes")
        .await
        .expect(200)
        .says("走访纪要")
        .says("2018-04-13 09:30")
        .says("西门行道树")
        .text();
    assert!(!minutes.contains("建议多开专场招聘"), "findings are ours");
    // Amended by the office, with a reason; what stood there is kept.
    let page = app.get(&zhou, "/visits/1/record").await.expect(200).text();
    let amend = with(&with(&fields, "seen", &seen(&page)), "minutes", "订单饱满，缺三十人。");
    send(&app, &zhou, 1, &amend).await.expect(422).says("请写明理由").says("缺三十人");
    send(&app, &zhou, 1, &with(&amend, "words", "企业来电更正")).await.redirect("/visits/1");
    app.get(&he, "/visits/1").await.says("第1版").says("企业来电更正").says("缺二十人").says("缺三十人");
    let state = app.get(&he, "/visits?state=recorded&cell=enterprise.projects").await.expect(200).says(FIRM).text();
    assert!(!state.contains("没有走访"));
    app.get(&he, "/visits?cell=community.projects").await.says("没有走访");
});

on_both_async!(a_wrong_record_comes_back_whole_with_every_fault, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let he = app.session("he").await;
    let (_, no) = doors.plan(&app, &he, "2018-04-13").await;
    app.set("2018-04-13 15:00");
    let fields = filled(&app, &doors, &he, no).await;
    let mut wrong = with(&with(&with(&fields, "minutes", " "), "promise.0.due", "下周"), "time", "25点");
    wrong = with(&with(&wrong, "problem.0.title", ""), "promise.0.owner", "");
    let planned = format!("q.{}.planned", doors.projects);
    wrong.retain(|(name, _)| *name != planned);
    let page = send(&app, &he, no, &wrong).await.expect(422);
    let page = ["请写几句走访情况", "日期请写成", "时间请写成", "请写标题", "请选择由谁落实", "请回答"]
        .into_iter()
        .fold(page, Reply::says);
    let page =
        ["沈厂长", "建议多开专场招聘", "问清并网手续", "货车左转看不到来车"].into_iter().fold(page, Reply::says).text();
    assert!(page.contains(&format!("href=\"#{planned}\"")) && page.contains(&format!("id=\"{planned}\"")));
    assert!(page.contains("value=\"enterprise.projects\" checked"), "the grid was lost");
    app.get(&he, &format!("/visits/{no}/minutes")).await.expect(404);
    // One more row, nothing saved, nothing lost.
    let page = send(&app, &he, no, &with(&fields, "more", "finding")).await.expect(200).says("建议多开专场招聘").text();
    assert!(page.contains("name=\"finding.1.text\"") && page.contains("name=\"finding.1.id\" value=\""));
    assert_eq!(hidden(&page, "problem.0.id"), fields.iter().find(|it| it.0 == "problem.0.id").unwrap().1);
    // A hidden question's answer is dropped by the server: there are no planned projects.
    let list = format!("q.{}.planned-list", doors.projects);
    let no_plans = with(&with(&fields, &planned, "no"), &list, "二期厂房");
    send(&app, &he, no, &no_plans).await.redirect(&format!("/visits/{no}"));
    assert!(!app.get(&he, &format!("/visits/{no}")).await.text().contains("二期厂房"));
    // The next visit shows last time's answers, and what was promised.
    let (_, next) = doors.plan(&app, &he, "2018-04-20").await;
    app.set("2018-04-20 15:00");
    let page =
        app.get(&he, &format!("/visits/{next}/record")).await.expect(200).says("上次（2018-04-13）").says("上次答应的");
    let page = page.says("问清并网手续").text();
    let promise = page.split("name=\"settled.").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut fields = filled(&app, &doors, &he, next).await;
    fields
        .extend([(format!("settled.{promise}"), "kept".to_owned()), (format!("note.{promise}"), "已答复".to_owned())]);
    send(&app, &he, next, &fields).await.redirect(&format!("/visits/{next}"));
    app.get(&he, &format!("/visits/{no}")).await.says("已落实").says("已答复");
});

on_both_async!(who_was_faster_is_named_and_the_form_kept, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let (he, zhou) = (app.session("he").await, app.session("zhou").await);
    let (id, no) = doors.plan(&app, &he, "2018-04-13").await;
    app.set("2018-04-13 15:00");
    let fields = filled(&app, &doors, &he, no).await;
    act(&app, &zhou, &id, json!({ "command": "agree", "day": "2018-04-13", "with": "沈厂长" })).await.expect(200);
    let page = send(&app, &he, no, &fields).await.expect(409).says("周敏已于").says("订单饱满").text();
    send(&app, &he, no, &with(&fields, "seen", &seen(&page))).await.redirect(&format!("/visits/{no}"));
    let declined =
        app.form(&he, &format!("/visits/{no}/decline"), &[("seen", "3"), ("words", "企业搬迁写了很久")]).await;
    declined.expect(409).says("现在可以：修改记录").says("企业搬迁写了很久");
});

on_both_async!(a_lost_session_loses_nothing_typed, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let he = app.session("he").await;
    let (_, no) = doors.plan(&app, &he, "2018-04-13").await;
    app.set("2018-04-13 15:00");
    let (path, fields) = (format!("/visits/{no}/record"), filled(&app, &doors, &he, no).await);
    let page = send(&app, &As::Nobody, no, &fields).await.expect(401).says("请重新登录").text();
    for (name, value) in &fields {
        assert!(page.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name} was lost");
    }
    let signed = with(&with(&fields, "login", "he"), "password", "不对的密码不对");
    let page = send(&app, &As::Nobody, no, &signed).await.expect(403).says("账号或密码不对").says("订单饱满").text();
    assert!(!page.contains("不对的密码"), "a password is not handed back");
    let done =
        send(&app, &As::Nobody, no, &with(&signed, "password", PASSWORD)).await.redirect(&format!("/visits/{no}"));
    let again = As::Session(done.cookie("zf").unwrap());
    app.get(&again, &format!("/visits/{no}")).await.expect(200).says("订单饱满");
    // Whoever signs in must see it; and the page says the same of what is not there.
    let (_, other) = doors.plan(&app, &he, "2018-04-13").await;
    let stranger = with(&with(&signed, "login", "qian"), "password", PASSWORD);
    send(&app, &As::Nobody, other, &stranger).await.expect(404);
    // Back to where one was, and nowhere else.
    app.get(&As::Nobody, &path).await.redirect(&format!("/sign-in?back=%2Fvisits%2F{no}%2Frecord"));
    app.get(&As::Nobody, &format!("/sign-in?back=%2Fvisits%2F{no}%2Frecord"))
        .await
        .says(&format!("name=\"back\" value=\"{path}\""));
    let sign = |back: &str| [("login", "he".to_owned()), ("password", PASSWORD.to_owned()), ("back", back.to_owned())];
    for (back, to) in
        [(path.as_str(), path.as_str()), ("//elsewhere", "/"), ("https://elsewhere", "/"), ("/\\elsewhere", "/")]
    {
        let fields = sign(back);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.form(&As::Nobody, "/sign-in", &fields).await.redirect(to);
    }
});

on_both_async!(promises_are_reminded_and_settled, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let (he, zhou, qian) = (app.session("he").await, app.session("zhou").await, app.session("qian").await);
    let (_, no) = doors.plan(&app, &he, "2018-04-13").await;
    app.set("2018-04-13 15:00");
    send(&app, &he, no, &filled(&app, &doors, &he, no).await).await.redirect(&format!("/visits/{no}"));
    app.set("2018-04-23 08:30");
    app.tick().await;
    app.get(&he, "/inbox").await.says("承诺快到期").says("问清并网手续").says("href=\"/subjects/1\"");
    let page = app.get(&he, "/promises").await.expect(200).says("问清并网手续").text();
    let path =
        page.split("action=\"").find(|it| it.starts_with("/promises/0")).unwrap().split('"').next().unwrap().to_owned();
    assert!(!app.get(&qian, "/promises").await.expect(200).text().contains("问清并网手续"));
    app.form(&qian, &path, &[("kept", "kept"), ("seen", "1")]).await.expect(404);
    app.form(&he, &path, &[("note", "写了半天"), ("seen", "1")])
        .await
        .expect(422)
        .says("请选择是否已落实")
        .says("写了半天");
    app.form(&he, &path, &[("kept", "broken"), ("seen", "1")]).await.expect(422).says("请写明原因");
    app.form(&he, &path, &[("kept", "kept"), ("note", "已答复"), ("seen", "0")]).await.expect(409).says("已答复");
    for _ in 0..2 {
        app.form(&he, &path, &[("kept", "kept"), ("note", "已答复"), ("seen", "1")]).await.redirect("/promises");
    }
    app.get(&zhou, "/promises?state=kept").await.says("问清并网手续").says("已答复");
    app.get(&zhou, "/promises?state=kept&whose=mine").await.says("没有这样的承诺");
});

on_both_async!(programs_follow_the_same_rules, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let (he, qian, li) = (app.session("he").await, app.session("qian").await, app.session("li").await);
    let id = store::ids::fresh(app.now()).to_string();
    let body = json!({ "id": id, "subject": doors.subject, "round": doors.round, "day": "2018-04-13", "minute": 570 });
    app.post(&he, "/api/v1/visits", body.clone()).await.expect(201);
    app.post(&he, "/api/v1/visits", body.clone()).await.expect(200);
    let mut other = body.clone();
    other["day"] = json!("2018-04-20");
    app.post(&he, "/api/v1/visits", other.clone()).await.refused(409, "client-id-reused");
    app.post(&li, "/api/v1/visits", body.clone()).await.refused(403, "not-your-role");
    let refused = app
        .post(
            &qian,
            "/api/v1/visits",
            json!({ "subject": doors.subject, "round": doors.round, "day": "2018-04-13", "purpose": "stay" }),
        )
        .await;
    let faults = refused.refused(422, "fields-invalid").json()["faults"].clone();
    assert_eq!(
        faults.as_array().unwrap().iter().map(|it| it["field"].as_str().unwrap()).collect::<Vec<_>>(),
        ["round", "until"]
    );
    // Outside the teams, without a round.
    let own = app
        .post(&qian, "/api/v1/visits", json!({ "subject": doors.subject, "day": "2018-04-13" }))
        .await
        .expect(201)
        .json();
    let path = format!("/api/v1/visits/{id}");
    app.get(&qian, &path).await.refused(404, "not-found");
    app.set("2018-04-13 15:00");
    let mut record = doors.record("2018-04-13");
    record["reports"] = json!([{ "id": store::ids::fresh(app.now()), "title": "招工难" }]);
    record["seen"] = json!(1);
    let done = act(&app, &he, &id, record.clone()).await.expect(200).json();
    assert_eq!((done["state"].as_str(), done["problems"].as_array().unwrap().len()), (Some("recorded"), 1));
    assert_eq!(act(&app, &he, &id, record.clone()).await.expect(200).json(), done, "a retry");
    record["minutes"] = json!("另一份");
    act(&app, &he, &id, record).await.refused(409, "changed-meanwhile");
    let shown = app.get(&he, &path).await.expect(200).json();
    assert_eq!(shown["record"]["minutes"], "订单饱满，缺人。");
    assert_eq!(shown["steps"], json!(["amend"]));
    let empty = json!({ "command": "record", "day": "2018-04-13" });
    let own_id = own["id"].as_str().unwrap();
    let faults = act(&app, &qian, own_id, empty).await.refused(422, "fields-invalid").json()["faults"].clone();
    assert_eq!(faults[0]["field"], "minutes");
    act(&app, &qian, own_id, json!({ "command": "decline" })).await.refused(422, "reason-missing");
    let list = app.get(&he, "/api/v1/visits?state=recorded").await.expect(200).json();
    assert_eq!((list["visits"].as_array().unwrap().len(), list["next"].is_null()), (1, true));
    assert!(app.get(&li, "/api/v1/visits").await.json()["visits"].as_array().unwrap().is_empty());
});

on_both_async!(pages_of_visits_stand_in_english_too, |db| {
    let app = TestApp::new(db).await;
    let doors = doors::open(&app).await;
    let he = app.session("he").await;
    let (_, no) = doors.plan(&app, &he, "2018-04-13").await;
    app.set("2018-04-13 15:00");
    let before =
        [format!("/visits/{no}/record"), format!("/visits/{no}"), "/visits/new?subject=1".into(), "/visits/new".into()];
    for path in before {
        speaks(&app, &he, &path).await;
    }
    send(&app, &he, no, &filled(&app, &doors, &he, no).await).await.redirect(&format!("/visits/{no}"));
    for path in [
        format!("/visits/{no}"),
        format!("/visits/{no}/record"),
        format!("/visits/{no}/minutes"),
        "/visits".into(),
        "/promises".into(),
    ] {
        speaks(&app, &he, &path).await;
    }
});

/// No Chinese in an English page but what is marked as such.
async fn speaks(app: &TestApp, who: &As, path: &str) {
    let page = app.get_in(who, path, "en").await.expect(200).text();
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut marked: Vec<bool> = vec![];
    for piece in page.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        let void = ["meta", "link", "input", "br", "path", "!DOCTYPE"].contains(&name);
        if tag.starts_with('/') {
            marked.pop();
        } else if !void {
            marked.push(tag.contains("lang=\"zh-CN\"") || marked.last() == Some(&true));
        }
        assert!(!chinese(text) || marked.last() == Some(&true), "{path}: {text} in <{tag}>");
    }
}
