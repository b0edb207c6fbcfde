//! The register of subjects: entered, changed and found by form and by program; what is refused keeps what was typed.

use crate::doorstep::{QUIET, assign, id, round, subjects, team, teams, visit};
use crate::forms::seen;
use crate::stage::TestApp;
use serde_json::json;
use testkit::on_both_async;

const CODE: &str = "91330100MA2AXXXXXX";

fn good_code() -> String {
    domain::credit_code::complete(&CODE[..17].replace('X', "1")).unwrap()
}

on_both_async!(a_subject_is_entered_once_and_a_refused_form_keeps_all, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    app.get(&zhou, "/subjects").await.expect(200).says("没有符合条件的对象");
    let form = app.get(&zhou, "/subjects/new").await.expect(200).says("登记走访对象").text();
    assert!(form.contains("name=\"id\""));
    let wrong = [
        ("id", id(&app)),
        ("kind", "enterprise".into()),
        ("name", " ".into()),
        ("code", CODE.into()),
        ("founded", "去年".into()),
        ("address", "幸福南路18号".into()),
        ("tags", "重点企业、出口".into()),
    ];
    let sent = |fields: &[(&'static str, String)]| {
        fields.iter().map(|(name, value)| (*name, value.clone())).collect::<Vec<_>>()
    };
    let post = async |path: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.form(&zhou, path, &fields).await
    };
    let page = post("/subjects", sent(&wrong)).await.expect(422).text();
    for kept in [
        "幸福南路18号",
        "重点企业、出口",
        CODE,
        "href=\"#card-name\"",
        "href=\"#card-code\"",
        "href=\"#card-founded\"",
        "请填写名称",
    ] {
        assert!(page.contains(kept), "{kept} is not in {page}");
    }
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 3);
    let mut right = sent(&wrong);
    for (name, value) in [("name", "示例精密机械有限公司"), ("code", good_code().as_str()), ("founded", "2008/8/8")]
    {
        right.iter_mut().find(|it| it.0 == name).unwrap().1 = value.to_owned();
    }
    post("/subjects", right.clone()).await.redirect("/subjects/1");
    post("/subjects", right.clone()).await.redirect("/subjects/1");
    let page = app.get(&zhou, "/subjects/1").await.expect(200).says("2008-08-08").says("重点企业").says("出口");
    page.says(&good_code());
    right.iter_mut().find(|it| it.0 == "id").unwrap().1 = id(&app);
    post("/subjects", right).await.expect(422).says("1号").says("示例精密机械有限公司");
    app.get(&zhou, "/subjects?kind=enterprise").await.expect(200).says("href=\"/subjects/1\"");
    let none = app.get(&zhou, "/subjects?kind=site").await.expect(200).text();
    assert!(!none.contains("href=\"/subjects/1\""));
    app.get_in(&zhou, "/subjects/1", "en")
        .await
        .expect(200)
        .says("Contacts")
        .says("lang=\"zh-CN\">示例精密机械有限公司");
});

on_both_async!(a_change_made_meanwhile_is_shown_and_not_lost, |db| {
    let app = TestApp::new(db).await;
    let (zhou, feng) = (app.session("zhou").await, app.session("feng").await);
    subjects(&app, &zhou, 1).await;
    let stale = seen(&app.get(&zhou, "/subjects/1/edit").await.expect(200).text());
    let of = |name: &'static str, address: &'static str, seen: &str| {
        vec![
            ("kind", "enterprise".to_owned()),
            ("name", name.to_owned()),
            ("address", address.to_owned()),
            ("seen", seen.to_owned()),
        ]
    };
    let post = async |who, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.form(who, "/subjects/1", &fields).await
    };
    post(&feng, of("改名有限公司", "一号路", &stale)).await.redirect("/subjects/1");
    let page = post(&zhou, of("另名有限公司", "二号路", &stale)).await.expect(409).text();
    assert!(page.contains("二号路") && page.contains("一号路") && page.contains("改名有限公司"), "{page}");
    post(&zhou, of("另名有限公司", "二号路", &seen(&page))).await.redirect("/subjects/1");
    post(&zhou, of("另名有限公司", "二号路", &seen(&page))).await.expect(409);
    app.get(&zhou, "/subjects/1").await.says("二号路");
});

on_both_async!(contacts_are_added_changed_and_removed, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    subjects(&app, &zhou, 2).await;
    let contact = id(&app);
    let new = [("id", contact.as_str()), ("name", "李明"), ("phone", "13800000009")];
    let page = app.form(&zhou, "/subjects/1/contacts", &[new[0], new[1], ("phone", "手机")]).await.expect(422).text();
    assert!(
        page.contains("value=\"李明\"") && page.contains("value=\"手机\"") && page.contains("href=\"#contact-phone\"")
    );
    for _ in 0..2 {
        app.form(&zhou, "/subjects/1/contacts", &new).await.redirect("/subjects/1");
    }
    let page = app.get(&zhou, "/subjects/1").await.says("tel:13800000009").text();
    assert_eq!(page.matches("tel:13800000009").count(), 1);
    let path = format!("/subjects/1/contacts/{contact}");
    app.form(&zhou, &path, &[("name", ""), ("do", "save")])
        .await
        .expect(422)
        .says("请填写联系人姓名")
        .says("change-name");
    app.form(&zhou, &path, &[("name", "李明华"), ("do", "save")]).await.redirect("/subjects/1");
    app.get(&zhou, "/subjects/1").await.says("李明华");
    app.form(&zhou, &format!("/subjects/2/contacts/{contact}"), &[("name", "别人"), ("do", "save")]).await.expect(404);
    for _ in 0..2 {
        app.form(&zhou, &path, &[("do", "remove")]).await.redirect("/subjects/1");
    }
    assert!(!app.get(&zhou, "/subjects/1").await.text().contains("李明华"));
});

on_both_async!(an_officer_sees_his_teams_subjects_and_no_others, |db| {
    let app = TestApp::new(db).await;
    let (zhou, he, qian) = (app.session("zhou").await, app.session("he").await, app.session("qian").await);
    subjects(&app, &zhou, 4).await;
    round(&app, &zhou).await;
    teams(&app, &zhou, &["财政局", "税务局"]).await;
    let (finance, tax) = (team(&app, "财政局").await, team(&app, "税务局").await);
    assign(&app, &zhou, &finance, "1 2").await;
    assign(&app, &zhou, &tax, "3").await;
    app.set("2018-04-16 10:00");
    let no = visit(&app, "he", &finance, 1, QUIET).await;
    let page =
        app.get(&he, "/subjects/1").await.expect(200).says("摸情况").says("基本持平").says("旺季缺一线操作工").text();
    assert!(page.contains(&format!("href=\"/visits/{no}\"")) && !page.contains("/edit\""));
    for (path, who) in [("/subjects/1", &qian), ("/subjects/3", &he), ("/subjects/4", &he)] {
        let hidden = app.get(who, path).await.expect(404).text();
        let nowhere = app.get(who, "/subjects/99999").await.expect(404).text();
        assert_eq!(hidden.len(), nowhere.len(), "{path}");
        app.get(who, &format!("/api/v1{path}")).await.refused(404, "not-found");
    }
    app.get(&he, "/subjects/1/edit").await.expect(403);
    app.form(&he, "/subjects/1", &[("name", "x")]).await.expect(403);
    let list = app.get(&he, "/api/v1/subjects").await.expect(200).json();
    assert_eq!(
        list["subjects"].as_array().unwrap().iter().map(|it| it["no"].as_i64().unwrap()).collect::<Vec<_>>(),
        [2, 1]
    );
    let li = app.session("li").await;
    app.get(&li, "/subjects").await.expect(404);
    assert!(!app.get(&li, "/problems").await.text().contains("href=\"/subjects\""));
});

on_both_async!(programs_enter_and_read_subjects_under_the_same_rules, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    let body = json!({ "id": id(&app), "kind": "enterprise", "name": "泰和电子有限公司", "code": good_code(), "tags": ["出口"] });
    let made = app.post(&zhou, "/api/v1/subjects", body.clone()).await.expect(201).json();
    assert_eq!(app.post(&zhou, "/api/v1/subjects", body).await.expect(200).json(), made);
    let refused =
        app.post(&zhou, "/api/v1/subjects", json!({ "name": "" })).await.refused(422, "fields-invalid").json();
    assert_eq!(refused["faults"][0]["field"], "name");
    for key in [made["id"].as_str().unwrap(), "1"] {
        let read = app.get(&zhou, &format!("/api/v1/subjects/{key}")).await.expect(200).json();
        assert_eq!((read["no"].as_i64(), read["name"].as_str()), (Some(1), Some("泰和电子有限公司")));
    }
    subjects(&app, &zhou, 60).await;
    let first = app.get(&zhou, "/api/v1/subjects").await.expect(200).json();
    assert_eq!(first["subjects"].as_array().unwrap().len(), 50);
    let next = first["next"].as_str().unwrap();
    let second = app.get(&zhou, &format!("/api/v1/subjects?after={next}")).await.expect(200).json();
    assert_eq!((second["subjects"].as_array().unwrap().len(), second["next"].is_null()), (11, true));
    app.get(&zhou, "/subjects").await.says("/subjects?after=12");
});
