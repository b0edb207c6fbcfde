//! The same path by forms as a browser without script sends them: POST, 303, GET; and what a refused form keeps.

use crate::r#loop::photo;
use crate::stage::{As, PASSWORD, Reply, TestApp};
use testkit::on_both_async;

/// The hidden revision of the first form on a page.
pub fn seen(page: &str) -> String {
    let at = page.find("name=\"seen\" value=\"").map(|at| at + 19).expect("no form with a revision");
    page[at..].split('"').next().unwrap().to_owned()
}

/// Sends the form of a step as it stands on the page now.
pub async fn step(app: &TestApp, who: &As, no: i64, step: &str, fields: &[(&str, &str)]) -> Reply {
    let page = app.get(who, &format!("/problems/{no}")).await.expect(200).text();
    assert!(page.contains(&format!("action=\"/problems/{no}/{step}\"")), "{step} is not offered");
    let seen = seen(&page);
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("seen", seen.as_str())]).collect();
    app.form(who, &format!("/problems/{no}/{step}"), &all).await
}

async fn done(app: &TestApp, who: &As, name: &str, fields: &[(&str, &str)]) {
    step(app, who, 1, name, fields).await.redirect("/problems/1");
}

on_both_async!(the_whole_path_by_forms, |db| {
    let app = TestApp::new(db).await;
    app.get(&As::Nobody, "/").await.redirect("/sign-in");
    app.get(&As::Nobody, "/problems").await.redirect("/sign-in");
    let signed = app.form(&As::Nobody, "/sign-in", &[("login", "he"), ("password", PASSWORD)]).await.redirect("/");
    let he = As::Session(signed.cookie("zf").unwrap());
    let (zhou, li, wang) = (app.session("zhou").await, app.session("li").await, app.session("wang").await);

    app.set("2018-04-13 10:00");
    let id = &store::ids::fresh(app.now()).to_string();
    let fields = [
        ("id", id.as_str()),
        ("title", "夜间停水"),
        ("detail", "二车间"),
        ("source", "visit"),
        ("reporter_name", "泰和电子"),
        ("reporter_phone", "13800000001"),
    ];
    app.form(&he, "/problems", &fields).await.redirect("/problems/1");
    app.form(&he, "/problems", &fields).await.redirect("/problems/1");
    app.get(&he, "/problems/1").await.expect(200).says("夜间停水").says("泰和电子");

    done(&app, &zhou, "triage", &[("tier", "unit"), ("urgency", "ordinary")]).await;
    app.set("2018-04-16 09:00");
    let (lead, support) = (app.unit("经发局"), app.unit("建设局"));
    done(&app, &zhou, "dispatch", &[("lead", &lead), ("supports", &support), ("words", "请尽快")]).await;
    app.get(&li, "/problems/1").await.expect(200).says("请尽快").says("签收");
    app.get(&li, "/problems/1/paper").await.expect(200).says("问题交办单").says("2018-04-25 17:30");
    done(&app, &li, "receive", &[]).await;
    let colleague = app.person("wang");
    done(&app, &li, "assign", &[("to", &colleague)]).await;
    app.set("2018-04-24 10:00");
    done(&app, &wang, "ask-extension", &[("until", "2018-05-04"), ("words", "须换水泵")]).await;
    done(&app, &zhou, "decide-extension", &[("grant", "yes"), ("words", "同意")]).await;
    app.upload(&li, "/problems/1/attachments", "整改后.jpg", &photo()).await.redirect("/problems/1");
    let page = app.get(&li, "/problems/1").await.says("整改后.jpg").text();
    let file = page.split("href=\"/attachments/").nth(1).unwrap().split('"').next().unwrap();
    let kept = app.get(&li, &format!("/attachments/{file}")).await.expect(200);
    assert!(kept.bytes.starts_with(&[0xff, 0xd8]) && !kept.bytes.windows(3).any(|it| it == b"GPS"));
    done(
        &app,
        &li,
        "answer",
        &[("outcome", "solved"), ("words", "已修好"), ("item", "照片"), ("attachment", file), ("apply", "yes")],
    )
    .await;
    done(&app, &he, "verify", &[("words", "看过")]).await;

    let link = app.form(&zhou, "/problems/1/reporter-link", &[]).await.expect(200).text();
    let path = format!("/r/{}", link.split("/r/").nth(1).unwrap().split('<').next().unwrap());
    let entered = app.get(&As::Nobody, &path).await.redirect("/problems?by=newest");
    let taihe = As::Link(entered.cookie("zf_link").unwrap());
    app.get(&taihe, "/problems").await.expect(200).says("夜间停水");
    done(&app, &taihe, "rate", &[("verdict", "yes"), ("satisfaction", "satisfied"), ("words", "谢谢")]).await;
    app.set("2018-04-26 15:00");
    done(&app, &zhou, "close", &[]).await;
    app.get(&taihe, "/problems/1").await.says("已销号");
    app.set("2018-05-21 09:30");
    done(&app, &taihe, "reopen", &[("words", "又没水了")]).await;
    app.get(&li, "/problems/1").await.says("办理中").says("又没水了");
    app.get(&li, "/inbox").await.expect(200).says("夜间停水");
    app.form(&li, "/inbox/read", &[]).await.redirect("/inbox");
});

/// Asserts that the field is marked, with its sentence, and that `kept` stands in the page.
#[track_caller]
fn marked(reply: Reply, status: u16, id: &str, sentence: &str, kept: &[&str]) {
    let page = reply.expect(status).says("没有提交成功").says(sentence).text();
    let control = page.split('<').find(|it| it.contains(&format!("id=\"{id}\""))).unwrap_or_else(|| panic!("no {id}"));
    assert!(control.contains("aria-invalid=\"true\"") && control.contains(&format!("{id}-error")), "{control}");
    assert!(page.contains(&format!("id=\"{id}-error\">{sentence}")), "{sentence} does not stand at {id}");
    for text in kept {
        assert!(page.contains(text), "{text} was lost");
    }
}

on_both_async!(a_refused_form_keeps_all_that_was_typed, |db| {
    let app = TestApp::new(db).await;
    let (zhou, he, li, wang) =
        (app.session("zhou").await, app.session("he").await, app.session("li").await, app.session("wang").await);
    let id = &store::ids::fresh(app.now()).to_string();
    let empty = [
        ("id", id.as_str()),
        ("title", " "),
        ("detail", "二车间没水"),
        ("place", "23号大街"),
        ("reporter_phone", "13800000001"),
        ("shielded", "yes"),
    ];
    marked(
        app.form(&he, "/problems", &empty).await,
        422,
        "title",
        "请写标题",
        &["二车间没水", "23号大街", "13800000001", "value=\"yes\" checked", id],
    );
    let long = "长".repeat(201);
    marked(
        app.form(&he, "/problems", &[("id", id), ("title", &long)]).await,
        422,
        "title",
        "这一栏最多200字，现有201字。",
        &[&long],
    );
    app.form(&he, "/problems", &[("id", id), ("title", "夜间停水")]).await.redirect("/problems/1");
    // The same form changed and sent again: nothing is lost, and sending once more files it under another number.
    let page = app.form(&he, "/problems", &[("id", id), ("title", "夜间停电"), ("detail", "三车间")]).await.expect(409);
    let page = page.says("这个编号已用于另一内容").says("夜间停电").says("三车间").text();
    let fresh = page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    app.form(&he, "/problems", &[("id", &fresh), ("title", "夜间停电")]).await.redirect("/problems/2");

    let (lead, support) = (app.unit("经发局"), app.unit("建设局"));
    marked(
        step(&app, &zhou, 1, "dispatch", &[("supports", &support), ("words", "请<快>办")]).await,
        422,
        "dispatch-lead",
        "请指定主办单位。",
        &["请&lt;快&gt;办", &format!("value=\"{support}\" checked")],
    );
    app.set("2018-04-16 09:00");
    step(&app, &zhou, 1, "dispatch", &[("lead", &lead)]).await.redirect("/problems/1");
    marked(step(&app, &wang, 1, "dispute", &[("words", "  ")]).await, 422, "dispute-words", "请写明理由。", &[]);
    step(&app, &li, 1, "receive", &[]).await.redirect("/problems/1");
    marked(
        step(&app, &wang, 1, "ask-extension", &[("until", "2018-04-25"), ("words", "等水泵")]).await,
        422,
        "ask-extension-until",
        "新期限须晚于现期限2018-04-25 17:30。",
        &["等水泵", "value=\"2018-04-25\""],
    );
    marked(
        step(&app, &wang, 1, "ask-extension", &[("until", "下周五"), ("words", "等水泵")]).await,
        422,
        "ask-extension-until",
        "日期请写成",
        &["等水泵", "下周五"],
    );
    marked(
        step(&app, &li, 1, "answer", &[("words", "已修好")]).await,
        422,
        "answer-outcome",
        "请选择办理结果。",
        &["已修好"],
    );
    marked(
        step(&app, &li, 1, "answer", &[("words", "已修好"), ("outcome", "solved"), ("apply", "yes")]).await,
        422,
        "answer-item",
        "请至少附一项办理依据。",
        &["已修好", "value=\"solved\" selected", "value=\"yes\" checked"],
    );
    marked(
        step(&app, &li, 1, "answer", &[("outcome", "planned"), ("date", "2018-04-16"), ("item", "照片")]).await,
        422,
        "answer-date",
        "计划日期须在明天起365天以内。",
        &["照片"],
    );

    // Stale: the name, what was typed, and the present revision, so that it can be sent again.
    let old = seen(&app.get(&wang, "/problems/1").await.text());
    step(&app, &li, 1, "note", &[("words", "先到现场")]).await.redirect("/problems/1");
    let page = app
        .form(&wang, "/problems/1/ask-extension", &[("until", "2018-05-04"), ("words", "等水泵到货"), ("seen", &old)])
        .await
        .expect(409);
    let page = page.says("李晓已于2018-04-16 09:00作了修改：记办理情况").says("等水泵到货").text();
    app.form(
        &wang,
        "/problems/1/ask-extension",
        &[("until", "2018-05-04"), ("words", "等水泵到货"), ("seen", &seen(&page))],
    )
    .await
    .redirect("/problems/1");

    // A step that is over by then: the words are still there to be copied.
    let old = seen(&app.get(&li, "/problems/1").await.text());
    step(&app, &wang, 1, "answer", &[("outcome", "solved"), ("item", "照片"), ("words", "好了")])
        .await
        .redirect("/problems/1");
    app.form(&li, "/problems/1/note", &[("words", "写了很久的情况"), ("seen", &old)])
        .await
        .expect(409)
        .says("写了很久的情况");
    app.form(&li, "/problems/1/note", &[("words", "写了很久的情况"), ("seen", "99")])
        .await
        .expect(409)
        .says("写了很久的情况");
});
