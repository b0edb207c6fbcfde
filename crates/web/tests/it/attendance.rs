//! Leave with the owners, appeals with the bureau, one's own days, and the desks.

use crate::gate::{Gate, hidden};
use crate::stage::{As, Reply, TestApp};
use testkit::on_both_async;

async fn ask(gate: &Gate, who: &As, from: &str, to: &str, words: &str) -> Reply {
    let page = gate.app.get(who, "/attendance/leave").await.expect(200).text();
    let id = hidden(&page, "id");
    let fields = [("id", id.as_str()), ("kind", "sick"), ("from", from), ("to", to), ("words", words)];
    gate.app.form(who, "/attendance/leave", &fields).await
}

on_both_async!(leave_needs_the_word_of_every_owner, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let (app, an) = (&gate.app, gate.who("安宁").await);
    ask(&gate, &an, "2018-04-19", "2018-04-17", "")
        .await
        .expect(422)
        .says("请写明请假原因")
        .says("早于")
        .says("2018-04-19");
    let path = ask(&gate, &an, "2018-04-17", "2018-04-20", "孩子住院").await.expect(303).header("location").to_owned();
    app.get(&an, &path).await.expect(200).says("孩子住院").says("城投公司").says("产投公司").says("撤回申请");
    let (cheng, chan) = (gate.who("业城").await, gate.who("业产").await);
    // Both find it on their desks and in their inboxes.
    for owner in [&cheng, &chan] {
        app.get(owner, "/sites/desk").await.expect(200).says("安宁").says(&path);
        app.get(owner, "/inbox").await.expect(200).says("申请请假").says("/sites/desk#asked");
        app.get(owner, &path).await.expect(200).says("孩子住院").says("同意");
    }
    // Others see it without the reason, or not at all.
    for (name, status, reads) in
        [("施宏", 200, true), ("白局", 200, true), ("监正", 200, false), ("吕伟", 404, false), ("施凌", 404, false)]
    {
        let page = app.get(&gate.who(name).await, &path).await.expect(status).text();
        assert_eq!(page.contains("孩子住院"), reads, "{name}");
        let tried = app.form(&gate.who(name).await, &format!("{path}/grant"), &[("seen", "1")]).await;
        tried.expect(if status == 404 { 404 } else { 403 });
    }
    app.get(&app.session("wu").await, &path).await.expect(200).lacks("孩子住院");
    app.form(&cheng, &format!("{path}/grant"), &[("seen", "1")]).await.redirect(&path);
    app.form(&cheng, &format!("{path}/grant"), &[("seen", "1")]).await.redirect(&path);
    app.get(&cheng, "/sites/desk").await.expect(200).lacks(&path);
    app.get(&an, "/attendance").await.expect(200).says("待批准");
    // What the other saw is no longer so.
    app.form(&chan, &format!("{path}/refuse"), &[("seen", "1"), ("words", "人手不够")])
        .await
        .expect(409)
        .says("业城")
        .says("人手不够");
    app.form(&chan, &format!("{path}/refuse"), &[("seen", "2"), ("words", " ")]).await.expect(422).says("请写明理由");
    app.form(&chan, &format!("{path}/grant"), &[("seen", "2")]).await.redirect(&path);
    app.get(&an, &path).await.expect(200).says("已批准").lacks("撤回申请");
    app.get(&an, "/inbox").await.expect(200).says("请假获准").says("/attendance#leave");
    app.get(&an, "/attendance").await.expect(200).says("请假");
    app.form(&an, &format!("{path}/withdraw"), &[("seen", "3")]).await.expect(409);
    // Refused with a reason, and withdrawn by who asked.
    let lv = gate.who("吕伟").await;
    let path = ask(&gate, &lv, "2018-04-18", "2018-04-18", "搬家").await.expect(303).header("location").to_owned();
    app.get(&chan, &path).await.expect(404);
    app.form(&cheng, &format!("{path}/refuse"), &[("seen", "1"), ("words", "浇筑当天不准假")]).await.redirect(&path);
    app.get(&lv, &path).await.expect(200).says("未批准").says("浇筑当天不准假");
    let path = ask(&gate, &lv, "2018-04-19", "2018-04-19", "搬家").await.expect(303).header("location").to_owned();
    app.form(&lv, &format!("{path}/withdraw"), &[("seen", "1")]).await.redirect(&path);
    app.get(&lv, &path).await.expect(200).says("已撤回");
    app.get(&cheng, "/sites/desk").await.expect(200).lacks(&path);
    // Nobody wants him then.
    ask(&gate, &lv, "2018-08-01", "2018-08-01", "休息").await.expect(422).says("不必申请");
});

on_both_async!(a_substitute_is_granted_by_the_owner, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let app = &gate.app;
    let firm = gate.who("施宏").await;
    let page = app.get(&firm, "/sites/1").await.expect(200).text();
    let form = page.split("action=\"/sites/1/substitute\"").nth(1).unwrap();
    let (id, lv, tan) = (hidden(form, "id"), gate.id("吕伟"), gate.id("谭伟"));
    let fields =
        [("id", id.as_str()), ("instead_of", &lv), ("person", &tan), ("from", "2018-04-17"), ("to", "2018-04-17")];
    app.form(&firm, "/sites/1/substitute", &fields).await.expect(303);
    let path = format!("/substitutes/{id}");
    let owner = gate.who("业城").await;
    app.get(&owner, "/sites/desk").await.expect(200).says(&path);
    app.get(&owner, &path).await.expect(200).says("谭伟替吕伟顶岗");
    for name in ["吕伟", "谭伟", "施宏", "监正", "白局"] {
        app.get(&gate.who(name).await, &path).await.expect(200);
        app.form(&gate.who(name).await, &format!("{path}/grant"), &[("seen", "1")]).await.expect(403);
    }
    for name in ["安宁", "业产", "施凌"] {
        app.get(&gate.who(name).await, &path).await.expect(404);
        app.form(&gate.who(name).await, &format!("{path}/grant"), &[("seen", "1")]).await.expect(404);
    }
    app.form(&owner, &format!("{path}/grant"), &[("seen", "1")]).await.redirect(&path);
    app.get(&gate.who("谭伟").await, "/inbox").await.expect(200).says("顶岗获准");
});

on_both_async!(an_upheld_appeal_turns_absent_into_present_and_both_verdicts_stay, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let (app, lv) = (&gate.app, gate.who("吕伟").await);
    gate.punch("向阳").await;
    app.set("2018-04-17 00:01");
    gate.turn().await;
    app.set("2018-04-17 09:00");
    let form = "/attendance/appeal?site=1&day=2018-04-16";
    app.get(&lv, "/attendance")
        .await
        .expect(200)
        .says("可以申诉的日子")
        .says("/attendance/appeal?site=1&amp;day=2018-04-16");
    app.get(&lv, "/inbox").await.expect(200).says("缺勤").says("/attendance#against");
    let page = app.get(&lv, form).await.expect(200).says("缺勤").says("没有打卡").text();
    let id = hidden(&page, "id");
    let file = async |words: &str| {
        let fields = [("id", id.as_str()), ("site", "1"), ("day", "2018-04-16"), ("words", words)];
        app.form(&lv, "/attendance/appeal", &fields).await
    };
    file(" ").await.expect(422).says("请写明当天的情况");
    file("手机丢了，施工日志有我签字").await.redirect("/appeals/1");
    file("手机丢了，施工日志有我签字").await.redirect("/appeals/1");
    app.get(&lv, "/attendance").await.expect(200).says("/appeals/1").lacks("site=1&amp;day=2018-04-16");
    // Only the bureau and he himself read what he says; the firms and the owner see that he appealed.
    let bai = gate.who("白局").await;
    app.get(&bai, "/sites/desk").await.expect(200).says("/appeals/1");
    app.get(&bai, "/inbox").await.expect(200).says("提出申诉").says("/appeals/1");
    app.get(&bai, "/appeals/1").await.expect(200).says("施工日志有我签字").says("申诉成立");
    for name in ["施宏", "监正", "业城"] {
        let who = gate.who(name).await;
        app.get(&who, "/appeals/1").await.expect(200).lacks("施工日志");
        app.form(&who, "/appeals/1/uphold", &[("seen", "1"), ("words", "属实")]).await.expect(403);
    }
    for name in ["向阳", "业产", "施凌", "方施"] {
        let who = gate.who(name).await;
        app.get(&who, "/appeals/1").await.expect(404);
        app.form(&who, "/appeals/1/uphold", &[("seen", "1"), ("words", "属实")]).await.expect(404);
    }
    app.form(&bai, "/appeals/1/uphold", &[("seen", "1"), ("words", "")]).await.expect(422).says("请写明理由");
    app.form(&bai, "/appeals/1/uphold", &[("seen", "1"), ("words", "日志属实")]).await.redirect("/appeals/1");
    app.form(&bai, "/appeals/1/uphold", &[("seen", "1"), ("words", "日志属实")]).await.redirect("/appeals/1");
    let page = app.get(&lv, "/appeals/1").await.expect(200).says("日志属实").says("当日结束").text();
    let (then, now) = (page.find("缺勤").unwrap(), page.find("到岗：").unwrap());
    assert!(then < now, "then and now stand in their order: {page}");
    app.get(&lv, "/inbox").await.expect(200).says("申诉成立");
    app.get(&lv, "/sites/1/month?month=2018-04").await.expect(200).says("缺勤").says("到岗");
    // A day that is in his favour is no matter of an appeal.
    app.get(&lv, form).await.expect(200).says("不用申诉").lacks("提交申诉");
    let fields = [("site", "1"), ("day", "2018-04-16"), ("words", "再来")];
    app.form(&lv, "/attendance/appeal", &fields).await.expect(409).says("不用申诉");
    // Another's day, another's site, no day at all.
    app.get(&lv, "/attendance/appeal?site=2&day=2018-04-16").await.expect(404);
    app.get(&lv, "/attendance/appeal?site=1").await.expect(404);
    app.get(&bai, form).await.expect(404);
});

on_both_async!(who_reviewed_the_day_does_not_decide_the_appeal, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let app = &gate.app;
    let (he, lv, bai, bao) =
        (gate.who("何文").await, gate.who("吕伟").await, gate.who("白局").await, gate.who("包局").await);
    app.set("2018-04-16 09:00");
    let (punch, person) = (store::ids::fresh(app.now()).to_string(), gate.id("吕伟"));
    let fields =
        [("id", punch.as_str()), ("person", &person), ("day", "2018-04-16"), ("time", "08:00"), ("words", "屏幕坏了")];
    app.form(&he, "/sites/1/attest", &fields).await.expect(303);
    app.form(&bai, &format!("/punches/{punch}/reject"), &[("words", "没有旁证")]).await.expect(303);
    app.set("2018-04-17 00:01");
    gate.turn().await;
    app.set("2018-04-17 09:00");
    let fields = [("site", "1"), ("day", "2018-04-16"), ("words", "屏幕坏了，有维修单")];
    app.form(&lv, "/attendance/appeal", &fields).await.redirect("/appeals/1");
    app.get(&bai, "/appeals/1").await.expect(200).says("不能由您决定").lacks("维持原结论</button>");
    app.form(&bai, "/appeals/1/reject", &[("seen", "1"), ("words", "不采信")]).await.expect(403);
    app.get(&bao, "/appeals/1").await.expect(200).says("未采信");
    app.form(&bao, "/appeals/1/uphold", &[("seen", "1"), ("words", "维修单属实")]).await.redirect("/appeals/1");
    app.get(&lv, &format!("/punches/{punch}")).await.expect(200).says("没有旁证").says("第1号申诉成立");
    app.get(&lv, "/appeals/1").await.expect(200).says("申诉成立");
});

on_both_async!(the_week_says_where_to_go, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let (app, an) = (&gate.app, gate.who("安宁").await);
    app.get(&an, "/attendance")
        .await
        .expect(200)
        .says("今天可到三号楼、五号楼")
        .says("三号楼本周还欠2天")
        .says("本周应到2天，已到0天");
    gate.punch("安宁").await;
    app.get(&an, "/attendance").await.expect(200).says("今天已到：三号楼").says("三号楼本周还欠1天");
    // On Thursday nothing is left to choose at the second site.
    app.set("2018-04-19 09:00");
    gate.turn().await;
    app.get(&an, "/attendance")
        .await
        .expect(200)
        .says("今天要到：五号楼")
        .says("本周还要到：周五 五号楼；三号楼本周还欠1天")
        .says("最迟");
    app.get_in(&an, "/attendance", "en").await.expect(200).says("today").says("Must come").lacks("应到");
    let told = app.get(&an, "/api/v1/attendance").await.expect(200).json();
    assert_eq!(told["sites"][1]["ahead"][0]["due"], "must");
    assert_eq!(told["sites"][0]["behind"].as_array().unwrap().last().unwrap()["day"], "2018-04-18");
    let home = app.get(&an, "/").await.expect(200).says("今天要到：五号楼").says("href=\"/attendance\"");
    home.says("href=\"/sites\"");
    // For everybody else there is no such page.
    for name in ["白局", "施宏", "业城"] {
        let who = gate.who(name).await;
        for path in ["/attendance", "/attendance/leave", "/attendance/appeal?site=1&day=2018-04-16"] {
            app.get(&who, path).await.expect(404);
        }
        app.get(&who, "/api/v1/attendance").await.expect(404);
        app.get(&who, "/").await.expect(200).lacks("href=\"/attendance\"").says("href=\"/sites\"").says("应到未到");
    }
    app.get(&app.session("li").await, "/").await.expect(200).lacks("href=\"/sites\"");
});

on_both_async!(a_contractor_of_another_site_finds_nothing, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let (app, lv, other) = (&gate.app, gate.who("吕伟").await, gate.who("施凌").await);
    gate.punch("吕伟").await;
    let lv_id = gate.people["吕伟"];
    let on = app.now().day();
    let punch = app.db.read(move |tx| store::punch::of_person(tx, lv_id, on, on, 1)).await.unwrap().remove(0).id;
    let leave = ask(&gate, &lv, "2018-04-18", "2018-04-18", "搬家").await.expect(303).header("location").to_owned();
    app.set("2018-04-17 00:01");
    gate.turn().await;
    let tan = gate.who("谭伟").await;
    let fields = [("site", "1"), ("day", "2018-04-16"), ("words", "在的")];
    app.form(&tan, "/attendance/appeal", &fields).await.redirect("/appeals/1");
    for path in [
        format!("/punches/{punch}"),
        leave.clone(),
        "/appeals/1".into(),
        "/sites/1/attest".into(),
        "/attendance".into(),
    ] {
        app.get(&other, &path).await.expect(404);
    }
    for path in [
        format!("/punches/{punch}/accept"),
        format!("{leave}/grant"),
        format!("{leave}/withdraw"),
        "/appeals/1/uphold".into(),
        "/sites/1/attest".into(),
        "/attendance/leave".into(),
        "/attendance/appeal".into(),
    ] {
        app.form(&other, &path, &[("words", "x"), ("seen", "1")]).await.expect(404);
    }
    let desk = app.get(&other, "/sites/desk").await.expect(200).says("没有等您办的");
    desk.lacks("三号楼").lacks("吕伟").lacks("谭伟");
    app.get(&other, "/").await.expect(200).lacks("三号楼").lacks("吕伟");
});
