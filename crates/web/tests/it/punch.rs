//! Punching without a face: the code of the screen, the card, an attestation, and punches of other machines.

use crate::gate::{Gate, card, day, hidden};
use crate::stage::{As, TestApp};
use serde_json::json;
use store::staff;
use testkit::on_both_async;

/// Who came today at the first site, by name.
async fn came(gate: &Gate) -> Vec<String> {
    let (site, on) = (gate.site, gate.app.now().day());
    let duties = gate.app.db.read(move |tx| store::today::duties(tx, site, on)).await.unwrap();
    duties.into_iter().filter(|it| it.came_at.is_some()).map(|it| it.name).collect()
}

on_both_async!(a_scan_and_a_tap_count_at_once, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let (app, lv) = (&gate.app, gate.who("吕伟").await);
    app.get(&lv, "/attendance").await.expect(200).says("今天要到：三号楼").says("应到");
    app.get(&lv, "/").await.expect(200).says("今天要到：三号楼");
    app.set("2018-04-16 08:01");
    let page = app.get(&lv, &gate.shown().await).await.expect(200).says("三号楼").says("2018-04-16 08:01").text();
    let (id, ticket) = (hidden(&page, "id"), hidden(&page, "ticket"));
    app.wait_ms(60_000);
    let to = app.form(&lv, "/punch/1", &[("id", &id), ("ticket", &ticket)]).await.expect(303);
    let to = to.header("location").to_owned();
    assert_eq!(to, format!("/attendance?punched={id}"));
    app.get(&lv, &to).await.expect(200).says("08:01").says("已打卡").says("今天已到：三号楼");
    assert_eq!(came(&gate).await, ["吕伟"]);
    // Sent twice, and once more when the ticket's time is long over: the same punch.
    app.form(&lv, "/punch/1", &[("id", &id), ("ticket", &ticket)]).await.redirect(&to);
    app.wait_ms(600_000);
    app.form(&lv, "/punch/1", &[("ticket", &ticket)]).await.redirect(&to);
    let lv_id = gate.people["吕伟"];
    let all = app.db.read(move |tx| store::punch::of_person(tx, lv_id, day("2018-04-16"), day("2018-04-16"), 9)).await;
    assert_eq!(all.unwrap().len(), 1);
    // A punch of somebody else is told to nobody.
    let xiang = gate.who("向阳").await;
    app.get(&xiang, &to).await.expect(200).lacks("toast");
    app.get(&xiang, &format!("/punches/{id}")).await.expect(404);
    app.get(&lv, &format!("/punches/{id}")).await.expect(200).says("二维码").says(&ticket);
});

on_both_async!(a_code_is_good_for_its_half_minute_and_a_ticket_for_its_person, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let (app, lv, xiang) = (&gate.app, gate.who("吕伟").await, gate.who("向阳").await);
    let shown = gate.shown().await;
    let page = app.get(&lv, &shown).await.expect(200).text();
    let ticket = hidden(&page, "ticket");
    app.form(&xiang, "/punch/1", &[("ticket", &ticket)]).await.expect(404).says("不是工地打卡屏上的码");
    app.form(&lv, "/punch/2", &[("ticket", &ticket)]).await.expect(404);
    app.wait_ms(40_000);
    app.get(&lv, &shown).await.expect(410).says("已经过时").says("三号楼");
    app.wait_ms(120_000);
    app.form(&lv, "/punch/1", &[("ticket", &ticket)]).await.expect(410).says("再扫一次");
    app.get(&lv, &gate.shown().await.replace("/punch/1/", "/punch/2/")).await.expect(404);
    app.get(&lv, "/punch/1/x").await.expect(404).lacks("三号楼");
    app.get(&lv, "/punch/99/x").await.expect(404);
    // Not on the staff of this site: told so, for he stands before its screen.
    let other = gate.who("方施").await;
    app.get(&other, &gate.shown().await).await.expect(403).says("不在这个工地的人员名单中");
    // Who is not signed in comes back to the code.
    let to = app.get(&As::Nobody, &gate.shown().await).await.expect(303).header("location").to_owned();
    assert!(to.starts_with("/sign-in?back=%2Fpunch%2F1%2F"), "{to}");
    assert_eq!(came(&gate).await, Vec::<String>::new());
});

on_both_async!(the_screen_shows_a_code_and_takes_cards_without_showing_their_numbers, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let app = &gate.app;
    let (number, stranger) = (card(11), card(27));
    let (tan, fang) = (gate.people["谭伟"], gate.people["方施"]);
    let entered = (number.clone(), stranger.clone());
    gate.by("施宏", move |tx, deed| {
        staff::identify(tx, deed, tan, &entered.0)?;
        staff::identify(tx, deed, fang, &entered.1)
    })
    .await
    .unwrap();
    let screen = gate.screen().await;
    let page = app.get(&As::Nobody, &screen).await.expect(200).says("三号楼").says("http-equiv=\"refresh\"");
    let page = page.says(&format!("content=\"30; url={screen}\"")).says("<svg class=\"qr\"").text();
    app.set("2018-04-16 08:02");
    let id = hidden(&page, "id");
    let done = app.form(&As::Nobody, &screen, &[("id", &id), ("card", &number)]).await.expect(200);
    done.says("谭伟").says("08:02").says("已打卡").lacks(&number);
    assert_eq!(came(&gate).await, ["谭伟"]);
    app.form(&As::Nobody, &screen, &[("id", &id), ("card", &number)]).await.expect(200).says("08:02");
    // A card of another site and one that nobody entered are not told apart; half a number is.
    for other in [&stranger, &card(99)] {
        let refused = app.form(&As::Nobody, &screen, &[("card", other)]).await.expect(422);
        refused.says("没有登记在本工地").lacks(other.as_str()).lacks("方施");
    }
    app.form(&As::Nobody, &screen, &[("card", &number[..9])])
        .await
        .expect(422)
        .says("没有读到完整")
        .lacks(&number[..9]);
    app.form(&As::Nobody, &screen, &[("card", "")]).await.expect(422);
    let stored = app.db.read(move |tx| store::punch::of_person(tx, tan, day("2018-04-16"), day("2018-04-16"), 9)).await;
    let stored = stored.unwrap();
    assert_eq!(stored.iter().map(|it| it.raw.as_str()).collect::<Vec<_>>(), ["card"]);
    for wrong in ["/screen/1/0".to_owned(), screen.replace("/screen/1/", "/screen/2/"), "/screen/99/0".into()] {
        app.get(&As::Nobody, &wrong).await.expect(404).lacks("三号楼");
        app.form(&As::Nobody, &wrong, &[("card", &number)]).await.expect(404).lacks("谭伟");
    }
    // The work is over: both say so.
    let shown = gate.shown().await;
    let id = gate.site;
    gate.by("白局", move |tx, deed| {
        let site = store::site::find(tx, id)?.unwrap();
        store::site::end(tx, deed, &site)
    })
    .await
    .unwrap();
    app.get(&As::Nobody, &screen).await.expect(200).says("已经完工").lacks("svg class=\"qr\"");
    app.form(&As::Nobody, &screen, &[("card", &number)]).await.expect(200).says("已经完工");
    app.get(&gate.who("谭伟").await, &shown).await.expect(409).says("已经完工");
});

on_both_async!(an_attestation_waits_for_the_bureau_and_then_counts, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let (app, he) = (&gate.app, gate.who("何文").await);
    app.set("2018-04-16 09:30");
    let page = app.get(&he, "/sites/1/attest").await.expect(200).says("吕伟").lacks("何文（资料员）").text();
    let (id, lv) = (hidden(&page, "id"), gate.id("吕伟"));
    let form = |person: &str, on: &str, time: &str, words: &str| {
        [
            ("id", id.clone()),
            ("person", person.to_owned()),
            ("day", on.to_owned()),
            ("time", time.to_owned()),
            ("words", words.to_owned()),
        ]
    };
    let send = async |who: &As, fields: [(&str, String); 5]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.form(who, "/sites/1/attest", &fields).await
    };
    // What is wrong stands at its field, and what was typed stays.
    let refused = send(&he, form(&gate.id("何文"), "2018-04-16", "10:00", "手机没电")).await.expect(422);
    refused.says("不能给自己代证").says("还没有到这个时间").says("手机没电").says("value=\"10:00\"");
    send(&he, form(&lv, "2018-04-12", "08:00", "")).await.expect(422).says("前3天").says("请写明为什么");
    send(&he, form(&lv, "2018-04-16", "08:00", "手机没电，我们一起进的门")).await.redirect("/sites/1/attest?done=1");
    send(&he, form(&lv, "2018-04-16", "08:00", "手机没电，我们一起进的门")).await.redirect("/sites/1/attest?done=1");
    assert_eq!(came(&gate).await, Vec::<String>::new());
    // Others may not: the quality officer has no right to, the owner has no part in it, another firm does not see it.
    for (name, status) in [("谭伟", 403), ("业城", 403), ("白局", 403), ("施凌", 404), ("方施", 404)] {
        let who = gate.who(name).await;
        app.get(&who, "/sites/1/attest").await.expect(status);
        send(&who, form(&lv, "2018-04-16", "08:00", "我看见的")).await.expect(status);
    }
    // A firm vouches for its own people.
    let firm = app.get(&gate.who("施宏").await, "/sites/1/attest").await.expect(200).says("吕伟").lacks("章建").text();
    assert!(firm.contains("何文"));
    app.get(&gate.who("监正").await, "/sites/1/attest").await.expect(200).says("章建").lacks("吕伟");
    // It waits on the bureau's desk; nobody but the bureau decides, and a reason is asked for.
    let bai = gate.who("白局").await;
    let punch = format!("/punches/{id}");
    app.get(&bai, "/sites/desk").await.expect(200).says("吕伟").says(&punch);
    app.get(&bai, &punch).await.expect(200).says("手机没电，我们一起进的门").says("何文").says("采信");
    for (name, status) in [("吕伟", 403), ("何文", 403), ("施宏", 403), ("业城", 403), ("施凌", 404), ("方施", 404)]
    {
        let who = gate.who(name).await;
        app.form(&who, &format!("{punch}/accept"), &[("words", "真的")]).await.expect(status);
        app.get(&who, &punch).await.expect(if status == 403 { 200 } else { 404 }).lacks("采信，算到岗");
    }
    app.form(&bai, &format!("{punch}/accept"), &[("words", " ")]).await.expect(422).says("请写明理由");
    app.form(&bai, &format!("{punch}/accept"), &[("words", "门口监控可见")]).await.redirect("/sites/desk#punches");
    app.form(&bai, &format!("{punch}/accept"), &[("words", "门口监控可见")]).await.redirect("/sites/desk#punches");
    assert_eq!(came(&gate).await, ["吕伟"]);
    app.get(&bai, &punch).await.expect(200).says("门口监控可见").lacks("采信，算到岗");
    app.get(&bai, "/sites/desk").await.expect(200).lacks(&punch);
});

on_both_async!(who_attested_or_is_concerned_does_not_accept_even_of_the_bureau, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let app = &gate.app;
    // Somebody of the bureau who is on the staff as well.
    let (bai, unit, site) = (gate.people["白局"], gate.units["宏岳建设"], gate.site);
    gate.by("施宏", move |tx, deed| {
        store::person::add_hat(tx, bai, domain::role::Role::SiteStaff, unit)?;
        let posts = vec![domain::attendance::plan::Post("资料员".into())];
        staff::set(tx, deed, site, bai, &staff::Entry { firm: unit, posts, attests: true })
    })
    .await
    .unwrap();
    app.set("2018-04-16 09:30");
    let who = gate.who("白局").await;
    let attest = async |by: &As, person: &str| {
        let id = store::ids::fresh(app.now()).to_string();
        let fields =
            [("id", id.as_str()), ("person", person), ("day", "2018-04-16"), ("time", "08:00"), ("words", "在场")];
        app.form(by, "/sites/1/attest", &fields).await.expect(303);
        format!("/punches/{id}")
    };
    let of_another = attest(&who, &gate.id("吕伟")).await;
    let of_himself = attest(&gate.who("何文").await, &gate.id("白局")).await;
    for path in [of_another, of_himself] {
        app.get(&who, &path).await.expect(200).says("不能由您决定").lacks("采信，算到岗");
        app.form(&who, &format!("{path}/accept"), &[("words", "在场")]).await.expect(403);
        let other = gate.who("包局").await;
        app.form(&other, &format!("{path}/reject"), &[("words", "没有旁证")]).await.redirect("/sites/desk#punches");
        app.get(&other, &path).await.expect(200).says("不采信").says("没有旁证");
    }
    assert_eq!(came(&gate).await, Vec::<String>::new());
});

on_both_async!(punches_of_other_machines_are_answered_one_by_one, |db| {
    let gate = Gate::new(TestApp::new(db).await).await;
    let (app, tan, number) = (&gate.app, gate.people["谭伟"], card(11));
    let entered = number.clone();
    gate.by("施宏", move |tx, deed| staff::identify(tx, deed, tan, &entered)).await.unwrap();
    app.set("2018-04-16 08:30");
    let ms = |minutes: i64| app.now().plus(-minutes * 60_000).0;
    let ids: Vec<String> = (0..9).map(|_| store::ids::fresh(app.now()).to_string()).collect();
    let batch = json!({ "punches": [
        { "id": ids[0], "site": 1, "person": gate.id("吕伟"), "at": ms(30), "device": "T1", "way": "terminal" },
        { "id": ids[1], "site": 1, "card": number, "at": ms(29), "device": "T1", "way": "id-card" },
        { "id": ids[2], "site": 1, "person": gate.id("吕伟"), "at": ms(30), "device": "T1", "way": "terminal" },
        { "id": ids[3], "site": 1, "person": gate.id("章建"), "at": ms(20), "way": "attestation" },
        { "id": ids[4], "site": 1, "person": gate.id("方施"), "at": ms(20), "way": "terminal" },
        { "id": ids[5], "site": 3, "person": gate.id("吕伟"), "at": ms(20), "way": "terminal" },
        { "id": "x", "site": 1, "person": gate.id("吕伟"), "at": ms(-60), "way": "smell" },
        { "id": ids[0], "site": 1, "person": gate.id("宋工"), "at": ms(20), "way": "terminal" },
        { "id": ids[8], "site": 1, "person": "", "card": "110", "at": ms(20), "way": "terminal" },
    ]});
    let firm = gate.who("施宏").await;
    let told = app.post(&firm, "/api/v1/punches", batch.clone()).await.expect(200).lacks(&number).json();
    let results: Vec<(&str, &str)> = told["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["result"].as_str().unwrap(), it["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        results,
        [
            ("taken", "counts"),
            ("taken", "counts"),
            ("known", "known"),
            ("waits", "unconfirmed"),
            ("refused", "fields-invalid"),
            ("refused", "not-found"),
            ("refused", "fields-invalid"),
            ("refused", "client-id-reused"),
            ("refused", "fields-invalid"),
        ]
    );
    let mut names = came(&gate).await;
    names.sort();
    assert_eq!(names, ["吕伟", "谭伟"]);
    // The sender of what he vouches for does not decide it; nor does a firm decide at all.
    app.form(&firm, &format!("/punches/{}/accept", ids[3]), &[("words", "在")]).await.expect(403);
    // Sent again nothing is new.
    let again = app.post(&firm, "/api/v1/punches", batch).await.expect(200).json();
    assert_eq!(again["answers"][0]["result"], "known");
    assert_eq!(again["answers"][3]["result"], "known");
    // Days that are over are judged anew, at the sites of everybody whom it concerns.
    app.set("2018-04-18 00:01");
    gate.turn().await;
    app.set("2018-04-18 09:00");
    let late: Vec<_> = ["向阳", "安宁"]
        .iter()
        .flat_map(|name| ["2018-04-16 08:00", "2018-04-17 08:00"].map(|at| (name, at)))
        .map(|(name, at)| {
            let (id, at) = (store::ids::fresh(app.now()).to_string(), crate::stage::at(at).0);
            json!({ "id": id, "site": 1, "person": gate.id(name), "at": at, "device": "T1", "way": "terminal" })
        })
        .collect();
    let told = app.post(&firm, "/api/v1/punches", json!({ "punches": late })).await.expect(200).json();
    assert!(told["answers"].as_array().unwrap().iter().all(|it| it["result"] == "taken"), "{told}");
    let (site, xiang) = (gate.site, gate.people["向阳"]);
    let kept = app.db.read(move |tx| store::verdict::history(tx, site, day("2018-04-17"), xiang)).await.unwrap();
    let kept: Vec<(&str, &str)> = kept.iter().map(|it| (it.judged.verdict.code(), it.cause.as_str())).collect();
    assert_eq!(kept, [("absent", "closed"), ("present", "punch")]);
    app.post(&gate.who("业城").await, "/api/v1/punches", json!({ "punches": [] })).await.expect(404);
    app.post(&gate.who("吕伟").await, "/api/v1/punches", json!({ "punches": [] })).await.expect(404);
    let many: Vec<_> = (0..2_001).map(|_| json!({ "id": "", "site": 1, "at": 0, "way": "" })).collect();
    app.post(&firm, "/api/v1/punches", json!({ "punches": many })).await.refused(422, "field-invalid");
});
