//! The triage desk by forms as a browser without script sends them: one request for one decision, several at once, the
//! way back, and who is let in.

use crate::stage::{As, PERSONS, Reply, TestApp};
use domain::role::Role;
use serde_json::json;
use testkit::on_both_async;

async fn hear(app: &TestApp, title: &str, source: &str) -> i64 {
    let zhou = app.session("zhou").await;
    let body = json!({ "title": title, "detail": "四月底西门两侧种了一排香樟，树冠刚好挡住左边。货车出门要探出大半个车头，上周差点撞上电动车。我们自己不敢修，想请管绿化的来看一下，或者装个凸面镜。", "source": source, "place": "23号大街", "reporter": { "name": "示例纺织有限公司", "phone": "13800000003", "address": "23号大街8号" } });
    app.post(&zhou, "/api/v1/problems", body).await.expect(201).json()["no"].as_i64().unwrap()
}

/// What waits on the desk, for pictures; two of them say nearly the same.
pub async fn fill(app: &TestApp) {
    for (title, source) in [
        ("厂区西门外新栽行道树挡住出口视线，货车左转看不到来车", "visit"),
        ("厂区西门行道树挡住视线，货车左转危险", "phone"),
        ("文溯路工地凌晨两点还在打桩，孩子中考", "phone"),
        ("对美订单被取消两单，想了解出口信用保险的补贴", "visit"),
        ("营业执照变更法人，窗口说要预约，网上约不到号", "letter"),
        ("希望园区出面谈员工班车专线，合乘三家企业", "visit"),
        ("知识产权贯标奖励去年申报，至今没有结果", "visit"),
        ("保税仓三期夜间照明不足，叉车作业有隐患", "letter"),
    ] {
        hear(app, title, source).await;
    }
}

fn seen(page: &str, no: i64) -> String {
    let form = page.split(&format!("action=\"/triage/{no}/")).nth(1).expect("a form about it");
    form.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Sends a form of the desk with the revision that stands on its page.
async fn act(app: &TestApp, who: &As, no: i64, act: &str, fields: &[(&str, &str)]) -> Reply {
    let page = app.get(who, &format!("/triage/{no}")).await.expect(200).text();
    let seen = seen(&page, no);
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("seen", seen.as_str())]).collect();
    app.form(who, &format!("/triage/{no}/{act}"), &all).await
}

async fn problem(app: &TestApp, no: i64) -> domain::problem::Problem {
    app.db.read(move |tx| store::problem::find_by_no(tx, no)).await.unwrap().unwrap().problem
}

async fn events(app: &TestApp, no: i64) -> Vec<String> {
    let (zhou, id) = (app.session("zhou").await, problem(app, no).await.id);
    let all = app.get(&zhou, &format!("/api/v1/problems/{id}/events")).await.json();
    all["events"].as_array().unwrap().iter().map(|it| it["event"].as_str().unwrap().to_owned()).collect()
}

on_both_async!(one_form_triages_and_dispatches_and_sent_twice_it_does_so_once, |db| {
    let app = TestApp::new(db).await;
    let (zhou, li) = (app.session("zhou").await, app.session("li").await);
    app.set("2018-04-16 09:00");
    let (first, second) = (hear(&app, "路灯不亮", "phone").await, hear(&app, "停水", "visit").await);
    let (category, lead, support) = (app.category("施工噪声"), app.unit("经发局"), app.unit("建设局"));
    let fields = [
        ("category", category.as_str()),
        ("lead", &lead),
        ("supports", &support),
        ("tier", "committee"),
        ("urgency", "urgent"),
        ("words", "请到现场"),
        ("seen", "1"),
    ];
    let to = format!("/triage/{second}?done={first}");
    app.form(&zhou, &format!("/triage/{first}/dispatch"), &fields).await.redirect(&to);
    let p = problem(&app, first).await;
    assert_eq!((p.tier.code(), p.urgency.code(), p.revision), ("committee", "urgent", 3));
    assert_eq!(p.state.case().unwrap().lead.unit, app.units["经发局"]);
    // The same once more, by a double click or a reload: answered like the first time, nothing done.
    app.form(&zhou, &format!("/triage/{first}/dispatch"), &fields).await.redirect(&to);
    assert_eq!(events(&app, first).await, ["registered", "triaged", "dispatched"]);
    app.get(&li, &format!("/problems/{first}")).await.expect(200).says("请到现场");
    // Another decision of the same revision is no retry.
    let mut other = fields;
    other[3] = ("tier", "unit");
    let page = app.form(&zhou, &format!("/triage/{first}/dispatch"), &other).await.expect(409);
    page.says("这件已经不在梳理台").says("您打开之后").says("请到现场");
    // What stands so already is not triaged anew.
    let fields = [("category", ""), ("tier", "unit"), ("urgency", "ordinary"), ("lead", lead.as_str())];
    app.form(
        &zhou,
        &format!("/problems/{second}/triage"),
        &[("category", category.as_str()), ("tier", "unit"), ("urgency", "ordinary"), ("seen", "1")],
    )
    .await
    .expect(303);
    let mut again = fields;
    again[0] = ("category", category.as_str());
    act(&app, &zhou, second, "dispatch", &again).await.redirect(&format!("/triage?done={second}"));
    assert_eq!(events(&app, second).await, ["registered", "triaged", "dispatched"]);
    app.get(&zhou, "/triage").await.expect(200).says("都梳理完了");
});

on_both_async!(a_refused_form_says_all_that_is_wrong_and_keeps_all_that_was_typed, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    let no = hear(&app, "路灯不亮", "phone").await;
    let support = app.unit("建设局");
    let page = act(
        &app,
        &zhou,
        no,
        "dispatch",
        &[("tier", "above"), ("urgency", "urgent"), ("supports", &support), ("words", "请<尽快>")],
    )
    .await
    .expect(422);
    let page = page
        .says("href=\"#dispatch-category\"")
        .says("href=\"#dispatch-lead\"")
        .says("请选择类别")
        .says("请指定主办单位")
        .says("请&lt;尽快&gt;")
        .text();
    for kept in [
        "name=\"tier\" value=\"above\" checked",
        "name=\"urgency\" value=\"urgent\" checked",
        &format!("value=\"{support}\" checked"),
    ] {
        assert!(page.contains(kept), "{kept} is not in {page}");
    }
    let category = app.category("用水用电");
    let page = act(
        &app,
        &zhou,
        no,
        "dispatch",
        &[
            ("category", &category),
            ("tier", "unit"),
            ("urgency", "ordinary"),
            ("lead", &support),
            ("supports", &support),
        ],
    )
    .await;
    page.expect(422).says("主办单位不能同时是协办单位").says("href=\"#dispatch-supports\"");
    act(&app, &zhou, no, "refuse", &[("words", " ")])
        .await
        .expect(422)
        .says("请写明理由")
        .says("href=\"#refuse-words\"");
    act(&app, &zhou, no, "merge", &[("other", "999")])
        .await
        .expect(422)
        .says("没有这个编号的问题")
        .says("value=\"999\"");
    act(&app, &zhou, no, "merge", &[("into", &no.to_string())]).await.expect(422).says("不能并入自身");
    assert_eq!(events(&app, no).await, ["registered"]);
    app.form(&zhou, &format!("/triage/{no}/eat"), &[("seen", "1")]).await.expect(404);
    app.form(&zhou, "/triage/999/refuse", &[("words", "x"), ("seen", "1")]).await.expect(404);
});

on_both_async!(who_comes_second_is_told_who_was_first_and_loses_nothing, |db| {
    let app = TestApp::new(db).await;
    let (zhou, feng) = (app.session("zhou").await, app.session("feng").await);
    let no = hear(&app, "路灯不亮", "phone").await;
    let (category, lead) = (app.category("用水用电"), app.unit("商务局"));
    let fields = [
        ("category", category.as_str()),
        ("lead", &lead),
        ("tier", "unit"),
        ("urgency", "ordinary"),
        ("words", "请核实路灯"),
        ("seen", "1"),
    ];
    app.form(&feng, &format!("/problems/{no}/triage"), &[("tier", "committee"), ("urgency", "urgent"), ("seen", "1")])
        .await
        .expect(303);
    let page = app.form(&zhou, &format!("/triage/{no}/dispatch"), &fields).await.expect(409);
    let page = page.says("冯办").says("请核实路灯").says(&format!("value=\"{lead}\" checked")).text();
    // With the revision that now stands there it goes through.
    let now = seen(&page, no);
    assert_eq!(now, "2");
    let mut fields = fields;
    fields[5] = ("seen", &now);
    app.form(&zhou, &format!("/triage/{no}/dispatch"), &fields).await.expect(303);
    assert_eq!(events(&app, no).await, ["registered", "triaged", "triaged", "dispatched"]);
});

on_both_async!(a_dispatch_is_taken_back_within_its_minute_and_not_later, |db| {
    let app = TestApp::new(db).await;
    let (zhou, feng, li) = (app.session("zhou").await, app.session("feng").await, app.session("li").await);
    app.set("2018-04-16 09:00");
    let no = hear(&app, "路灯不亮", "phone").await;
    let (category, lead) = (app.category("用水用电"), app.unit("经发局"));
    let fields = [("category", category.as_str()), ("lead", &lead), ("tier", "unit"), ("urgency", "ordinary")];
    let to = format!("/triage?done={no}");
    act(&app, &zhou, no, "dispatch", &fields).await.redirect(&to);
    app.wait_ms(14_000);
    app.get(&zhou, &to)
        .await
        .expect(200)
        .says("交办给")
        .says("经发局")
        .says("data-left=\"46\"")
        .says(&format!("/triage/{no}/recall"));
    // Another's toast is not mine.
    app.get(&feng, &to).await.expect(200).lacks("data-left");
    let back = [("seen", "3")];
    app.form(&zhou, &format!("/triage/{no}/recall"), &back).await.redirect(&format!("/triage/{no}"));
    app.form(&zhou, &format!("/triage/{no}/recall"), &back).await.redirect(&format!("/triage/{no}"));
    assert_eq!(events(&app, no).await, ["registered", "triaged", "dispatched", "recalled"]);
    app.set("2018-04-16 09:05");
    app.tick().await;
    app.get(&li, "/inbox").await.expect(200).lacks(&format!("/problems/{no}\""));
    act(&app, &zhou, no, "dispatch", &fields).await.redirect(&to);
    app.wait_ms(60_000 - 1);
    app.tick().await;
    app.get(&li, "/inbox").await.expect(200).lacks(&format!("/problems/{no}\""));
    app.wait_ms(1_001);
    app.get(&zhou, &to).await.expect(200).lacks("data-left");
    app.form(&zhou, &format!("/triage/{no}/recall"), &[("seen", "5")]).await.expect(409).says("不能收回");
    app.tick().await;
    app.get(&li, "/inbox").await.expect(200).says(&format!("/problems/{no}\""));
});

on_both_async!(merging_takes_the_likely_one_and_refusing_tells_the_reporter_why, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    let first = hear(&app, "文溯路工地凌晨两点还在打桩，孩子中考", "phone").await;
    let second = hear(&app, "文溯路工地凌晨两点打桩，影响中考", "visit").await;
    let third = hear(&app, "营业执照变更法人，网上约不到号", "visit").await;
    let page = app.get(&zhou, &format!("/triage/{second}")).await.expect(200);
    let page = page.says("可能重复").says(&format!("name=\"into\" value=\"{first}\" checked")).text();
    assert!(!page.contains(&format!("name=\"into\" value=\"{third}\"")), "{page}");
    act(&app, &zhou, second, "merge", &[("into", &first.to_string())])
        .await
        .redirect(&format!("/triage/{third}?done={second}"));
    act(&app, &zhou, third, "refuse", &[("words", "属于市级窗口事项")])
        .await
        .redirect(&format!("/triage/{first}?done={third}"));
    assert_eq!((events(&app, second).await[1].as_str(), events(&app, third).await[1].as_str()), ("merged", "refused"));
    app.get(&zhou, &format!("/triage/{first}?done={third}")).await.expect(200).says("不予受理");
    // What ended is no longer offered.
    let fourth = hear(&app, "营业执照变更法人，约不到号", "visit").await;
    app.get(&zhou, &format!("/triage/{fourth}")).await.expect(200).lacks(&format!("name=\"into\" value=\"{third}\""));
});

on_both_async!(the_usual_lead_of_a_category_is_named_with_its_numbers, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    let category = app.category("用水用电");
    for (i, lead) in ["经发局", "经发局", "建设局"].into_iter().enumerate() {
        let no = hear(&app, ["停水", "停电", "水压低"][i], "phone").await;
        let lead = app.unit(lead);
        act(
            &app,
            &zhou,
            no,
            "dispatch",
            &[("category", &category), ("lead", &lead), ("tier", "unit"), ("urgency", "ordinary")],
        )
        .await
        .expect(303);
    }
    app.wait_ms(120_000);
    let no = hear(&app, "夜里停水", "phone").await;
    let page = app.get(&zhou, &format!("/triage/{no}")).await.expect(200).says("同类问题3件中2件由经发局办");
    page.says(&format!("data-lead=\"{}\"", app.unit("经发局"))).says("首次到期");
    let english = app.get_in(&zhou, &format!("/triage/{no}"), "en").await.expect(200);
    english.says("2 of 3 in this category went to Economic Bureau").says("first due");
});

on_both_async!(what_is_put_aside_stays_on_the_desk_out_of_the_way, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    let (first, second) = (hear(&app, "路灯不亮", "phone").await, hear(&app, "停水", "visit").await);
    let reply = act(&app, &zhou, first, "aside", &[]).await.redirect(&format!("/triage/{second}"));
    assert_eq!(reply.cookie("zf_aside").as_deref(), Some(first.to_string().as_str()));
    assert_eq!(events(&app, first).await, ["registered"]);
    let As::Session(token) = &zhou else { unreachable!() };
    let with = |path: &str| {
        app.request(&As::Nobody, "get", path)
            .header("cookie", format!("zf={token}; zf_aside={first}"))
            .body(axum::body::Body::empty())
            .unwrap()
    };
    let page = app.send(with("/triage")).await.expect(200).says("先放着").text();
    assert!(page.contains("id=\"title\" lang=\"zh-CN\">停水"), "{page}");
    app.send(with(&format!("/triage/{first}"))).await.expect(200).says("不再放着");
});

on_both_async!(several_are_shown_first_and_then_done_each_by_itself, |db| {
    let app = TestApp::new(db).await;
    let (zhou, feng) = (app.session("zhou").await, app.session("feng").await);
    let all =
        [hear(&app, "路灯不亮", "phone").await, hear(&app, "停水", "phone").await, hear(&app, "停电", "visit").await];
    let (category, lead) = (app.category("用水用电"), app.unit("经发局"));
    let picked = format!("/triage/several?no={}&no={}&no={}&no=99", all[0], all[1], all[2]);
    app.get(&zhou, "/triage/several").await.expect(200).says("没有选中问题");
    app.get(&zhou, &picked).await.expect(200).says("4件一起办").lacks("name=\"item\"");
    app.get(&zhou, &format!("{picked}&show=yes&tier=unit&urgency=ordinary&words=请核实"))
        .await
        .expect(200)
        .says("请选择类别")
        .says("请核实")
        .lacks("name=\"item\"");
    let asked = format!("{picked}&show=yes&category={category}&lead={lead}&tier=unit&urgency=ordinary");
    app.form(&feng, &format!("/triage/{}/refuse", all[1]), &[("words", "重复来信"), ("seen", "1")]).await.expect(303);
    let page = app.get(&zhou, &asked).await.expect(200);
    let page = page
        .says("把这2件交办给")
        .says("现在是“不予受理”，不能再交办")
        .says("没有这个编号的问题")
        .says("首次到期")
        .text();
    assert!(
        page.contains(&format!("name=\"item\" value=\"{}.1\"", all[0]))
            && !page.contains(&format!("value=\"{}.2\"", all[1]))
    );
    // Between looking and doing somebody else takes one.
    app.form(
        &feng,
        &format!("/problems/{}/triage", all[2]),
        &[("tier", "above"), ("urgency", "urgent"), ("seen", "1")],
    )
    .await
    .expect(303);
    let items: Vec<String> = [0, 2].iter().map(|i| format!("{}.1", all[*i])).collect();
    let fields = [
        ("category", category.as_str()),
        ("lead", &lead),
        ("tier", "unit"),
        ("urgency", "ordinary"),
        ("words", "请核实"),
        ("item", &items[0]),
        ("item", &items[1]),
    ];
    let to = app.form(&zhou, "/triage/several", &fields).await.expect(303).header("location").to_owned();
    app.form(&zhou, "/triage/several", &fields).await.redirect(&to);
    assert_eq!(events(&app, all[0]).await, ["registered", "triaged", "dispatched"]);
    assert_eq!(events(&app, all[2]).await, ["registered", "triaged"]);
    let page = app.get(&zhou, &to).await.expect(200).says("已交办给经发局").says("没有办").says("冯办");
    page.says(&format!("/triage/{}/recall", all[0]));
    app.form(&zhou, "/triage/several", &[("item", &items[0]), ("tier", "unit"), ("urgency", "ordinary")])
        .await
        .expect(422)
        .says("请指定主办单位");
});

on_both_async!(the_desk_is_the_offices_alone, |db| {
    let app = TestApp::new(db).await;
    let no = hear(&app, "路灯不亮", "phone").await;
    for (login, _, _, roles) in PERSONS {
        let who = app.session(login).await;
        let mine = roles.contains(&Role::Office);
        for path in ["/triage".to_owned(), format!("/triage/{no}"), "/triage/several?no=1".to_owned()] {
            assert_eq!(app.get(&who, &path).await.status, if mine { 200 } else { 404 }, "{login} {path}");
        }
        for act in ["dispatch", "refuse", "merge", "recall", "aside"] {
            let reply =
                app.form(&who, &format!("/triage/{no}/{act}"), &[("words", "x"), ("into", "1"), ("seen", "-1")]).await;
            assert_eq!(reply.status == 404, !mine, "{login} {act}: {}", reply.status);
        }
        if !mine {
            app.form(&who, "/triage/several", &[("item", "1.1")]).await.expect(404);
        }
    }
    assert_eq!(events(&app, no).await, ["registered"]);
});
