//! The page of one problem: along the list it was opened from, why the due date moved, who has what is missing, and two
//! people at once.

use crate::r#loop::step;
use crate::stage::{As, PASSWORD, TestApp};
use crate::town::settle;
use axum::body::Body;
use serde_json::json;
use testkit::eyes::{Eyes, in_time, skipped};
use testkit::on_both_async;

async fn from(app: &TestApp, who: &As, path: &str, referer: &str) -> String {
    let request = app.request(who, "get", path).header("referer", format!("http://zoufang.test{referer}"));
    app.send(request.body(Body::empty()).unwrap()).await.expect(200).text()
}

on_both_async!(a_problem_knows_its_place_in_the_list_it_was_opened_from, |db| {
    let app = TestApp::new(db).await;
    settle(&app).await;
    let (zhou, li) = (app.session("zhou").await, app.session("li").await);
    // 26 problems, the newest first.
    let page = from(&app, &zhou, "/problems/25", "/problems?by=newest").await;
    for part in [
        "第2件，共26件",
        "/problems/24?list=by%3Dnewest",
        "/problems/26?list=by%3Dnewest",
        "href=\"/problems?by=newest\"",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    // A step comes back by a redirect from the page that carries the list; a link carries it itself.
    let back = from(&app, &zhou, "/problems/25", "/problems/25?list=by%3Dnewest").await;
    let linked = app.get(&zhou, "/problems/25?list=by%3Dnewest").await.expect(200).text();
    assert!(back.contains("第2件，共26件") && linked.contains("第2件，共26件"));
    let last = app.get(&zhou, "/problems/1?list=by%3Dnewest").await.expect(200).text();
    assert!(last.contains("第26件") && !last.contains("rel=\"next\"") && last.contains("rel=\"prev\""));
    // What left the list says so and leads on to its first.
    let gone = app.get(&zhou, "/problems/4?list=light%3Dred").await.expect(200).text();
    assert!(gone.contains("已不在这个单子里") && gone.contains("rel=\"next\""));
    // The list is the reader's own: a unit is not led to what it does not see.
    let own = app.get(&li, "/problems/2?list=by%3Dnewest").await.expect(200).text();
    assert!(!own.contains("/problems/1?list") && !own.contains("共26件"), "{own}");
    app.get(&zhou, "/problems/25").await.expect(200).lacks("rel=\"next\"");
    from(&app, &zhou, "/problems/25", "/visits?by=newest").await;
});

on_both_async!(along_the_list_one_comes_over_the_edge_of_its_page_and_back, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    for i in 0..52 {
        app.post(&zhou, "/api/v1/problems", json!({ "title": format!("第{i}件") })).await.expect(201);
    }
    let href = |page: &str, rel: &str| {
        let link = page.split(&format!("rel=\"{rel}\"")).nth(1).unwrap_or_else(|| panic!("no {rel} in {page}"));
        link.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&")
    };
    // The newest first: 52 to 3 on the first page, then 2 and 1.
    let last = app.get(&zhou, "/problems/3?list=by%3Dnewest").await.expect(200).says("本页第50件").text();
    let over = href(&last, "next");
    assert!(over.starts_with("/problems/2?list=by%3Dnewest%26after%3D"), "{over}");
    let first = app.get(&zhou, &over).await.expect(200).says("本页第1件").text();
    let end = href(&first, "next");
    assert!(end.starts_with("/problems/1?"), "{end}");
    let back = href(&first, "prev");
    assert!(back.starts_with("/problems/3?list=by%3Dnewest%26before%3D"), "{back}");
    app.get(&zhou, &back).await.expect(200).says("/problems/4?list");
});

on_both_async!(the_clock_says_why_the_two_due_dates_differ, |db| {
    let app = TestApp::new(db).await;
    let (zhou, li, wang) = (app.session("zhou").await, app.session("li").await, app.session("wang").await);
    app.set("2018-04-16 09:00");
    let made = app.post(&zhou, "/api/v1/problems", json!({ "title": "夜间停水" })).await.expect(201).json();
    let id = made["id"].as_str().unwrap();
    step(&app, &zhou, id, json!({ "command": "dispatch", "lead": app.unit("经发局") })).await.expect(200);
    step(&app, &li, id, json!({ "command": "receive" })).await.expect(200);
    app.set("2018-04-17 10:00");
    step(&app, &wang, id, json!({ "command": "ask-pause", "reason": "papers", "words": "等图纸" })).await.expect(200);
    app.get(&zhou, "/problems/1").await.expect(200).says("下一步：审批暂停").says("等图纸");
    app.set("2018-04-18 10:00");
    step(&app, &zhou, id, json!({ "command": "decide-pause", "grant": true, "words": "同意" })).await.expect(200);
    app.get(&zhou, "/problems/1").await.expect(200).says("04-18起暂停").says("待恢复").says("data-day=\"pause\"");
    app.set("2018-04-23 10:00");
    step(&app, &zhou, id, json!({ "command": "resume" })).await.expect(200);
    app.set("2018-04-24 09:00");
    step(&app, &wang, id, json!({ "command": "ask-extension", "until": "2018-05-04", "words": "须换水泵" }))
        .await
        .expect(200);
    step(&app, &zhou, id, json!({ "command": "decide-extension", "grant": true, "words": "同意" })).await.expect(200);
    let page = app.get(&li, "/problems/1").await.expect(200);
    let page = page
        .says("04-16起，7个工作日")
        .says("04-18至04-23暂停，3个工作日不计")
        .says("→ 04-28")
        .says("04-24批准延至05-04")
        .says("→ 05-04");
    let page = page.says("2018-04-25 17:30").says("2018-05-04 17:30").text();
    // 16 April to 4 May: 19 days, of which three lie in the pause.
    let ruler = page.split("class=\"ruler\"").nth(1).unwrap().split("</ol>").next().unwrap();
    assert_eq!((ruler.matches("<li").count(), ruler.matches("data-day=\"pause\"").count()), (19, 3), "{ruler}");
    assert!(ruler.contains("data-mark=\"首次\"") && ruler.contains("data-mark=\"现\"") && ruler.contains("data-today"));
    let english = app.get_in(&li, "/problems/1", "en").await.expect(200);
    english.says("Paused 04-18 to 04-23: 3 workdays do not count").says("Extended on 04-24 to 05-04");
});

on_both_async!(what_is_missing_for_strike_off_is_named_with_who_has_it, |db| {
    let app = TestApp::new(db).await;
    settle(&app).await;
    let (zhou, li, he) = (app.session("zhou").await, app.session("li").await, app.session("he").await);
    let page = app.get(&zhou, "/problems/3").await.expect(200);
    page.says("4项已齐2项")
        .says("还差2项")
        .says("由承办单位以外的人核验")
        .says("已联系0次")
        .says("办理结果")
        .says("完工照片");
    // The lead cannot do more: it reads whom the problem waits for.
    let page = app.get(&li, "/problems/3").await.expect(200).says("等下面所缺的各项补齐").text();
    assert!(!page.contains("button class=\"wide primary\""), "{page}");
    let id = app.db.read(|tx| store::problem::find_by_no(tx, 3)).await.unwrap().unwrap().problem.id.to_string();
    step(&app, &he, &id, json!({ "command": "verify", "words": "看过" })).await.expect(200);
    step(&app, &zhou, &id, json!({ "command": "contact", "reached": false })).await.expect(200);
    app.set("2018-04-27 10:00");
    step(&app, &he, &id, json!({ "command": "contact", "reached": false })).await.expect(200);
    app.get(&zhou, "/problems/3").await.expect(200).says("4项已齐3项").says("2018-05-07 17:30后仍无答复即视为默认");
});

on_both_async!(of_two_at_once_the_second_reads_what_the_first_did_and_keeps_his_words, |db| {
    let app = TestApp::new(db).await;
    let (zhou, li, wang) = (app.session("zhou").await, app.session("li").await, app.session("wang").await);
    app.set("2018-04-16 09:00");
    let made = app.post(&zhou, "/api/v1/problems", json!({ "title": "夜间停水" })).await.expect(201).json();
    step(&app, &zhou, made["id"].as_str().unwrap(), json!({ "command": "dispatch", "lead": app.unit("经发局") }))
        .await
        .expect(200);
    // Both have the page open; the clerk receives while the head writes his dispute.
    let (one, other) = (app.get(&li, "/problems/1").await.text(), app.get(&wang, "/problems/1").await.text());
    assert_eq!(crate::forms::seen(&one), crate::forms::seen(&other));
    let seen = crate::forms::seen(&other);
    app.form(&li, "/problems/1/receive", &[("seen", &seen)]).await.expect(303);
    let page =
        app.form(&wang, "/problems/1/dispute", &[("words", "应由商务局办理"), ("seen", &seen)]).await.expect(409);
    page.says("李晓").says("签收").says("应由商务局办理").says("办理中");
    // A step that is still open comes back in its place, filled in, with the revision that now stands.
    let page = app
        .form(&wang, "/problems/1/ask-extension", &[("until", "2018-05-04"), ("words", "须换水泵"), ("seen", &seen)])
        .await
        .expect(409);
    let page = page.says("李晓").says("value=\"2018-05-04\"").says("须换水泵").text();
    let form = page.split("action=\"/problems/1/ask-extension\"").nth(1).unwrap();
    let now = crate::forms::seen(form);
    app.form(&wang, "/problems/1/ask-extension", &[("until", "2018-05-04"), ("words", "须换水泵"), ("seen", &now)])
        .await
        .redirect("/problems/1");
});

on_both_async!(what_belongs_together_leads_from_one_to_the_other, |db| {
    let app = TestApp::new(db).await;
    let (zhou, he) = (app.session("zhou").await, app.session("he").await);
    for title in ["文溯路工地夜间打桩", "文溯路工地半夜打桩"] {
        app.post(&he, "/api/v1/problems", json!({ "title": title, "source": "visit" })).await.expect(201);
    }
    let into = app.db.read(|tx| store::problem::find_by_no(tx, 1)).await.unwrap().unwrap().problem.id.to_string();
    let second = app.db.read(|tx| store::problem::find_by_no(tx, 2)).await.unwrap().unwrap().problem.id.to_string();
    step(&app, &zhou, &second, json!({ "command": "merge", "into": into })).await.expect(200);
    app.get(&zhou, "/problems/1").await.expect(200).says("并入本件").says("href=\"/problems/2\"");
    app.get(&zhou, "/problems/2").await.expect(200).says("已并入").says("href=\"/problems/1\"");
});

#[test]
fn a_clerk_goes_along_the_ledger_by_keys() {
    if skipped() {
        return;
    }
    in_time(async {
        let test = testkit::sqlite();
        let app = TestApp::new(test.db()).await;
        settle(&app).await;
        let eyes = Eyes::open(app.served().await).await;
        eyes.window(1440, 900, false).await;
        eyes.sign_in("zhou", PASSWORD).await;
        eyes.go("/problems?by=newest").await;
        eyes.click(".table td.cut a").await;
        let there = |no: i64| format!("document.readyState === 'complete' && location.pathname === '/problems/{no}'");
        eyes.until(&there(26)).await;
        for (key, no) in [("j", 25), ("j", 24), ("k", 25)] {
            eyes.press(key).await;
            eyes.until(&there(no)).await;
        }
        // What is written is not taken for keys.
        let field = "#next textarea";
        eyes.value(&format!("for (const it of document.querySelectorAll('#next details')) it.open = true; document.querySelector('{field}').focus(); 0")).await;
        eyes.press("j").await;
        assert_eq!(eyes.value("location.pathname").await, "/problems/25");
        eyes.picture("problem-along").await;
        eyes.calm("along");
        eyes.close().await;
    });
}
