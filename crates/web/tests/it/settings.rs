//! Setting up: units, categories, the calendar, deadlines and questionnaires by their forms; what was typed is kept, what
//! is wrong stands at its field, and what was done is noted.

use crate::r#loop::step;
use crate::stage::{TestApp, at};
use serde_json::json;
use testkit::on_both_async;

/// Kinds of the events about a thing, oldest first.
async fn chain(app: &TestApp, thing: &str) -> Vec<String> {
    let (thing, master) = (thing.to_owned(), app.app.terms().master);
    let events = app.db.read(move |tx| store::event::timeline(tx, &master, &thing)).await.unwrap();
    events.into_iter().map(|it| it.body.kind).collect()
}

on_both_async!(units_are_added_renamed_and_retired_when_nothing_holds_them, |db| {
    let app = TestApp::new(db).await;
    let (guan, zhou, li) = (app.session("guan").await, app.session("zhou").await, app.session("li").await);
    app.get(&zhou, "/settings/units").await.expect(200).says("经发局").lacks("<form class=\"sheet\"");
    app.get(&li, "/settings").await.expect(404);
    let taken = [("name", "经发局"), ("name_en", "Economy"), ("parent", "")];
    app.form(&guan, "/settings/units", &taken)
        .await
        .expect(422)
        .says("已有同名单位")
        .says("value=\"Economy\"")
        .says("data-wrong");
    let parent = app.unit("经发局");
    app.form(&guan, "/settings/units", &[("name", "工业科"), ("name_en", "Industry"), ("parent", &parent)])
        .await
        .redirect("/settings/units");
    let list = app.get(&guan, "/settings/units").await.expect(200).text();
    let id = list
        .split("/settings/units/")
        .find(|it| it.contains(">工业科<"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let here = format!("/settings/units/{id}");
    app.form(&guan, &here, &[("what", "rename"), ("name", "工业信息科"), ("name_en", "")])
        .await
        .redirect("/settings/units");
    app.form(&guan, &here, &[("what", "rename"), ("name", "建设局"), ("name_en", "")])
        .await
        .expect(422)
        .says("已有同名单位");
    // The bureau above it is held by its people, then by the unit below.
    app.form(&guan, &format!("/settings/units/{parent}"), &[("what", "end")])
        .await
        .expect(422)
        .says("个岗位在这个单位");
    app.form(&guan, &here, &[("what", "end")]).await.redirect("/settings/units");
    app.get(&guan, "/settings/units").await.says("已停用");
    app.form(&guan, &here, &[("what", "revive")]).await.redirect("/settings/units");
    assert_eq!(chain(&app, &id).await, ["unit-added", "unit-renamed", "unit-ended", "unit-revived"]);
    // A unit that handles something stays.
    let he = app.session("he").await;
    let told =
        app.post(&he, "/api/v1/problems", json!({ "title": "路灯不亮", "source": "visit" })).await.expect(201).json();
    step(&app, &zhou, told["id"].as_str().unwrap(), json!({ "command": "dispatch", "lead": id })).await.expect(200);
    app.form(&guan, &here, &[("what", "end")]).await.expect(422).says("还有没办完的问题");
});

on_both_async!(categories_hold_for_what_is_triaged_from_then_on, |db| {
    let app = TestApp::new(db).await;
    let (guan, zhou, he) = (app.session("guan").await, app.session("zhou").await, app.session("he").await);
    app.set("2018-04-16 09:00");
    let here = format!("/settings/categories/{}", app.category("用水用电"));
    let wrong = [("name", ""), ("span", "三"), ("span_unit", "hours"), ("evidence", "照片")];
    app.form(&guan, &here, &wrong)
        .await
        .expect(422)
        .says("请填写名称")
        .says("1到999的整数")
        .says("value=\"三\"")
        .says("value=\"hours\" selected");
    let right = [
        ("name", "用水用电"),
        ("name_en", "Power"),
        ("span", "2"),
        ("span_unit", "workdays"),
        ("evidence", "抢修单\n\n照片"),
    ];
    let register = async || {
        app.post(&he, "/api/v1/problems", json!({ "title": "停电", "source": "visit" })).await.expect(201).json()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let due = async |id: &str| {
        app.get(&zhou, &format!("/api/v1/problems/{id}")).await.json()["first_due_at"].as_str().unwrap()[..10]
            .to_owned()
    };
    let run = async || {
        let id = register().await;
        step(
            &app,
            &zhou,
            &id,
            json!({ "command": "triage", "category": app.category("用水用电"), "tier": "unit", "urgency": "ordinary" }),
        )
        .await
        .expect(200);
        step(&app, &zhou, &id, json!({ "command": "dispatch", "lead": app.unit("经发局") })).await.expect(200);
        due(&id).await
    };
    let before = run().await;
    app.form(&guan, &here, &right).await.redirect("/settings/categories");
    app.get(&zhou, "/settings/categories").await.says("2个工作日").says("抢修单、照片").says("统一：7个工作日");
    assert_eq!((before.as_str(), run().await.as_str()), ("2018-04-25", "2018-04-18"));
    assert_eq!(chain(&app, &app.category("用水用电")).await, ["category-changed"]);
    app.form(&guan, "/settings/categories", &[("name", "施工噪声")]).await.expect(422).says("已有同名类别");
    app.form(&guan, "/settings/categories", &[("name", "噪声扰民"), ("span", "24"), ("span_unit", "hours")])
        .await
        .redirect("/settings/categories");
    app.get(&guan, "/settings/categories").await.says("24小时");
});

on_both_async!(a_notice_says_what_it_would_change_and_then_changes_it, |db| {
    let app = TestApp::new(db).await;
    let (guan, zhou, he) = (app.session("guan").await, app.session("zhou").await, app.session("he").await);
    app.set("2018-04-16 09:00");
    let id = app.post(&he, "/api/v1/problems", json!({ "title": "停电", "source": "visit" })).await.expect(201).json()
        ["id"]
        .as_str()
        .unwrap()
        .to_owned();
    step(&app, &zhou, &id, json!({ "command": "dispatch", "lead": app.unit("经发局") })).await.expect(200);
    let due = async || {
        app.get(&zhou, &format!("/api/v1/problems/{id}")).await.json()["due_at"].as_str().unwrap()[..10].to_owned()
    };
    assert_eq!(due().await, "2018-04-25");
    app.get(&zhou, "/settings/calendar?year=2018").await.expect(200).says("劳动节").lacks("粘贴");
    app.get(&zhou, "/settings/calendar?year=2050").await.says("还没有收入");
    app.form(&guan, "/settings/calendar/preview", &[("notice", "{ \"year\": 2018")])
        .await
        .expect(422)
        .says("读不下去")
        .says("{ &quot;year&quot;: 2018");
    // The shipped notice and one more day off.
    let shipped =
        domain::calendar::Calendar::shipped_notices().unwrap().into_iter().find(|it| it.year == 2018).unwrap();
    let same = serde_json::to_string(&shipped).unwrap();
    app.form(&guan, "/settings/calendar/preview", &[("notice", &same)])
        .await
        .expect(200)
        .says("不会改动任何一天")
        .lacks("收入这个放假安排");
    let mut more = shipped.clone();
    let extra =
        domain::calendar::NoticeDay { name: "局庆".into(), date: at("2018-04-20 00:00").day(), is_off_day: true };
    more.days.push(extra);
    let text = serde_json::to_string(&more).unwrap();
    for reply in [
        app.form(&guan, "/settings/calendar/preview", &[("notice", &text)]).await,
        app.upload(&guan, "/settings/calendar/file", "2018.json", text.as_bytes()).await,
    ] {
        reply.expect(200).says("会改动1天；1件在办的问题里，1件的现到期会移动").says("2018-04-20").says("局庆");
    }
    assert_eq!(due().await, "2018-04-25", "a look changes nothing");
    app.form(&guan, "/settings/calendar", &[("notice", &text)]).await.redirect("/settings/calendar?year=2018");
    assert_eq!(due().await, "2018-04-26");
    app.get(&guan, "/settings/calendar?year=2018").await.says("title=\"局庆\"");
    assert_eq!(chain(&app, "calendar-2018").await, ["holidays-imported"]);
    app.form(&zhou, "/settings/calendar", &[("notice", &text)]).await.expect(404);
});

on_both_async!(deadlines_name_the_campaigns_that_set_their_own, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    crate::doorstep::subjects(&app, &zhou, 1).await;
    crate::doorstep::round(&app, &zhou).await;
    app.get(&zhou, "/settings/deadlines").await.expect(200).says("7个工作日").says("没有行动另作规定");
    let fields = [
        ("seen", "1"),
        ("name", "2018年“百千万”行动"),
        ("from", "2018-04-13"),
        ("to", "2018-12-31"),
        ("lead", "5"),
        ("lead_unit", "workdays"),
    ];
    app.form(&zhou, "/campaigns/1/edit", &fields).await.expect(303);
    app.get(&zhou, "/settings/deadlines")
        .await
        .says("/campaigns/1/edit")
        .says("<strong>5个工作日</strong>")
        .says("同左");
});

on_both_async!(a_questionnaire_is_made_question_by_question, |db| {
    let app = TestApp::new(db).await;
    let (zhou, he) = (app.session("zhou").await, app.session("he").await);
    app.get(&he, "/questionnaires/new").await.expect(403);
    app.get(&zhou, "/questionnaires/new").await.expect(200).says("第1题").says("手机上的样子");
    let one = [
        ("code", "exports"),
        ("title", "出口情况"),
        ("q.0.key", "q1"),
        ("q.0.ask", "出口怎么样？"),
        ("q.0.kind", "one"),
        ("q.0.options", "增长 | More\n下降 | Less"),
    ];
    let with = |more: &[(&'static str, &'static str)]| one.iter().chain(more).copied().collect::<Vec<_>>();
    // One more; the look follows what was typed; the second can ask for an answer of the first.
    app.form(&zhou, "/questionnaires/make", &with(&[("do", "more")]))
        .await
        .expect(200)
        .says("第2题")
        .says("1. <span>出口怎么样？")
        .says("第1题 出口怎么样？");
    let two =
        [("q.1.key", ""), ("q.1.ask", "为什么下降？"), ("q.1.kind", "long"), ("q.1.when", "q1"), ("q.1.is", "下降")];
    app.form(&zhou, "/questionnaires/make", &with(&two)).await.expect(200).says("第1题答“下降”时才问");
    let moved = [&two[..], &[("do", "up.1")]].concat();
    app.form(&zhou, "/questionnaires/make", &with(&moved)).await.expect(200).says("1. <span>为什么下降？");
    let wrong = [&two[..3], &[("q.1.when", "q1"), ("q.1.is", "飞涨"), ("do", "publish")]].concat();
    app.form(&zhou, "/questionnaires/make", &with(&wrong))
        .await
        .expect(422)
        .says("href=\"#q.1.is\"")
        .says("没有选项“飞涨”");
    let right = [&two[..], &[("do", "publish")]].concat();
    app.form(&zhou, "/questionnaires/make", &with(&right)).await.redirect("/questionnaires/exports");
    // Sent twice it is one version; its own form shows it again, and publishes the next.
    app.form(&zhou, "/questionnaires/make", &with(&right)).await.redirect("/questionnaires/exports");
    let page = app.get(&zhou, "/questionnaires/exports/edit").await.expect(200).says("增长 | More | o1").text();
    assert!(page.contains("name=\"seen\" value=\"1\""));
    let next = [&two[..], &[("seen", "1"), ("q.2.ask", "明年呢？"), ("q.2.kind", "text"), ("do", "publish")]].concat();
    app.form(&zhou, "/questionnaires/make", &with(&next)).await.redirect("/questionnaires/exports");
    app.get(&zhou, "/questionnaires/exports").await.says("明年呢？");
    // Somebody else published meanwhile.
    let stale = [&two[..], &[("seen", "1"), ("q.2.ask", "后年呢？"), ("do", "publish")]].concat();
    app.form(&zhou, "/questionnaires/make", &with(&stale)).await.expect(409).says("后年呢？");
    app.form(&zhou, "/questionnaires/make", &[("code", "new"), ("do", "publish")])
        .await
        .expect(422)
        .says("href=\"#code\"")
        .says("问卷没有标题");
});
