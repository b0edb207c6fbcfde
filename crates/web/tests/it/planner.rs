//! The planner of a firm: computed behind the page, changed by hand, taken over for all sites at once or for none.

use crate::plan::{self, Ground, session_of, whole};
use crate::stage::{As, PERSONS, TestApp, at};
use domain::attendance::asked::{AskCommand, AskOrder, AskScene};
use domain::attendance::roll::{Leave, LeaveKind};
use domain::id::{LeaveId, PersonId};
use domain::role::Role;
use serde_json::{Value, json};
use store::terms::{Deed, Failure};
use testkit::on_both_async;

type Fields = Vec<(String, String)>;

/// So many days a week for everybody, approved.
async fn approved(app: &TestApp, ground: &Ground, n: &str, more: &[(&str, &str)]) {
    let mut fields: Fields = whole(ground, "2018-05-01");
    for field in fields.iter_mut().filter(|it| it.0.ends_with(".kind") && it.0.starts_with("lines.")) {
        field.1 = "per_week".to_owned();
    }
    fields.extend((0..ground.people.len()).map(|at| (format!("lines.{at}.n"), n.to_owned())));
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let (shi, yz, bu) = (app.session("shi").await, app.session("yz").await, app.session("bu").await);
    let here = format!("/sites/{}/plans", ground.no);
    plan::send(app, &shi, &format!("{here}/make"), "file", &fields).await.redirect(&format!("{here}/1"));
    app.form(&yz, &format!("{here}/1/confirm"), &[("seen", "1")]).await.expect(303);
    app.form(&bu, &format!("{here}/1/approve"), &[("seen", "2")]).await.expect(303);
}

/// The address of a calendar once it is there, and its page.
async fn planned(app: &TestApp, who: &As, from: &str, weeks: &str) -> (String, String) {
    let sent = app.form(who, "/planner", &[("from", from), ("weeks", weeks)]).await.expect(303);
    let address = sent.header("location").to_owned();
    for _ in 0..1_200 {
        let reply = app.get(who, &address).await.expect(200);
        if reply.header("refresh").is_empty() {
            return (address, reply.text());
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{address} is still being computed");
}

/// What is ticked on a page.
fn ticked(page: &str) -> Vec<(&'static str, String)> {
    let cells = page.split("name=\"v\" value=\"").skip(1).filter(|it| {
        let tag = it.split('>').next().unwrap();
        tag.contains(" checked")
    });
    cells.map(|it| ("v", it.split('"').next().unwrap().to_owned())).collect()
}

fn pairs<'f>(fields: &'f [(&'static str, String)]) -> Vec<(&'f str, &'f str)> {
    fields.iter().map(|it| (it.0, it.1.as_str())).collect()
}

async fn plans(app: &TestApp, who: &As, no: i64) -> Vec<Value> {
    let all = app.get(who, &format!("/api/v1/sites/{no}/plans")).await.expect(200).json();
    all["plans"].as_array().unwrap().clone()
}

on_both_async!(a_calendar_is_computed_changed_checked_and_becomes_named_lines, |db| {
    let app = TestApp::new(db).await;
    let first = plan::open(&app, "示例商务中心", vec![]).await;
    let second = plan::open(&app, "虚构大厦", first.people.clone()).await;
    approved(&app, &first, "2", &[]).await;
    approved(&app, &second, "1", &[]).await;
    let shi = app.session("shi").await;
    app.set("2018-05-10 09:00");
    app.get(&shi, "/planner").await.expect(200).says("示例商务中心").says("第1版名单").says("value=\"2018-05-14\"");
    let late = app.form(&shi, "/planner", &[("from", "2018-05-10"), ("weeks", "2")]).await.expect(422);
    late.says("已到的日子不能再排").says("value=\"2018-05-10\"");
    let (address, page) = planned(&app, &shi, "2018-05-14", "2").await;
    // Seven persons, three visits a week, two weeks; everybody every day would be 7 × 2 × 10.
    assert!(page.contains("42个工地人日就够，比人人每天到少98") && page.contains("已证明最少"), "{page}");
    let found = ticked(&page);
    assert_eq!(found.len(), 42);
    // One taken out by hand: what is unmet is said by site, post and person.
    let less = app.form(&shi, &format!("{address}/check"), &pairs(&found[1..])).await.expect(200).text();
    assert!(
        less.contains("41个工地人日，还有1处没有满足")
            && less.contains("没有满足：")
            && less.contains("至少")
            && ticked(&less).len() == 41,
        "{less}"
    );
    app.form(&shi, &format!("{address}/accept"), &pairs(&found[1..])).await.expect(422).says("没有采用");
    assert_eq!(plans(&app, &shi, first.no).await.len(), 1);
    app.form(&shi, &format!("{address}/check"), &pairs(&found)).await.expect(200).says("名单的要求都满足");
    app.form(&shi, &format!("{address}/accept"), &pairs(&found)).await.redirect(&address);
    app.get(&shi, &address).await.expect(200).says("排班已采用").says("/sites/1/plans/2").says("/sites/2/plans/2");
    // A second time is the same.
    app.form(&shi, &format!("{address}/accept"), &pairs(&found)).await.redirect(&address);
    for (ground, n) in [(&first, 4), (&second, 2)] {
        let all = plans(&app, &shi, ground.no).await;
        assert_eq!(
            (all.len(), &all[0]["state"], &all[0]["plan"]["effective_from"]),
            (2, &json!("filed"), &json!("2018-05-14"))
        );
        let lines = all[0]["plan"]["lines"].as_array().unwrap();
        let named: Vec<&Value> = lines.iter().filter(|it| it["kind"] == "named").collect();
        assert_eq!(named.len(), 7, "{lines:?}");
        assert!(
            named.iter().all(|it| it["dates"].as_array().unwrap().len() == n && it["to"] == "2018-05-27"),
            "{named:?}"
        );
        // Before and after, the promise is what it was.
        assert_eq!(lines.iter().filter(|it| it["kind"] == "per_week").count(), 14);
    }
    let page = app.get(&shi, "/sites/1/plans/2").await.expect(200).text();
    assert!(page.contains("周建平 项目负责人 指定5月"), "{page}");
});

on_both_async!(all_sites_are_filed_or_none, |db| {
    let app = TestApp::new(db).await;
    let first = plan::open(&app, "示例商务中心", vec![]).await;
    let second = plan::open(&app, "虚构大厦", first.people.clone()).await;
    approved(&app, &first, "1", &[]).await;
    approved(&app, &second, "1", &[]).await;
    let shi = app.session("shi").await;
    app.set("2018-05-10 09:00");
    let (address, page) = planned(&app, &shi, "2018-05-14", "1").await;
    let found = ticked(&page);
    // Meanwhile somebody files by hand for the second site.
    let mut by_hand = whole(&second, "2018-06-01");
    for field in by_hand.iter_mut().filter(|it| it.0.ends_with(".kind") && it.0.starts_with("lines.")) {
        field.1 = "on_call".to_owned();
    }
    plan::send(&app, &shi, "/sites/2/plans/make", "file", &by_hand).await.redirect("/sites/2/plans/2");
    app.get(&shi, "/planner").await.expect(200).says("第2版还在办理中");
    let refused = app.form(&shi, &format!("{address}/accept"), &pairs(&found)).await.expect(422).text();
    assert!(refused.contains("虚构大厦：第2版还在办理中") && ticked(&refused).len() == found.len(), "{refused}");
    assert_eq!(plans(&app, &shi, first.no).await.len(), 1, "nothing was filed for the other site");
});

async fn on_leave(app: &TestApp, person: PersonId, from: &'static str, to: &'static str) {
    let (terms, owner, by) = (app.app.terms(), app.units["建设局"], app.persons["yz"]);
    let done = app.db.write(move |tx| -> Result<(), Failure> {
        let now = at("2018-05-09 09:00");
        let id = LeaveId(store::ids::fresh(now));
        let leave = Leave {
            person,
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            kind: LeaveKind::Ordinary,
            approved_at: None,
            approved_by: None,
        };
        store::leave::ask(tx, &Deed { terms: &terms, by: Some(person), now }, id, leave, "家中有事", false)?;
        let order = AskOrder { command: AskCommand::Grant, words: String::new(), seen: 1 };
        let scene = AskScene { owners: &[owner], is_asker: false, by, now };
        store::leave::perform(tx, &Deed { terms: &terms, by: Some(by), now }, id, &order, &scene)
    });
    done.await.unwrap();
}

on_both_async!(what_cannot_be_met_is_named_by_site_and_post, |db| {
    let app = TestApp::new(db).await;
    let ground = plan::open(&app, "示例商务中心", vec![]).await;
    let safety = ground.people[3].to_string();
    let need = [
        ("stages.0.needs.0.posts", "安全员"),
        ("stages.0.needs.0.kind", "per_week"),
        ("stages.0.needs.0.n", "2"),
        ("stages.0.needs.0.persons", safety.as_str()),
        ("stages.0.needs.0.by", "shared"),
    ];
    approved(&app, &ground, "2", &need).await;
    let shi = app.session("shi").await;
    app.set("2018-05-10 09:00");
    on_leave(&app, ground.people[3], "2018-05-14", "2018-05-18").await;
    let (_, page) = planned(&app, &shi, "2018-05-14", "1").await;
    assert!(page.contains("这些要求不能同时做到") && page.contains("示例商务中心：安全员（孙志刚）至少2天"), "{page}");
    // The week after he is there again.
    let (_, page) = planned(&app, &shi, "2018-05-21", "1").await;
    assert!(page.contains("14个工地人日就够"), "{page}");
    // Leave of somebody whom no requirement names is shown, and nothing is asked of him then.
    on_leave(&app, ground.people[4], "2018-05-21", "2018-05-25").await;
    let (_, page) = planned(&app, &shi, "2018-05-21", "1").await;
    assert!(page.contains("12个工地人日就够"), "{page}");
});

on_both_async!(the_planner_is_for_firms_and_a_calendar_for_its_author, |db| {
    let app = TestApp::new(db).await;
    let ground = plan::open(&app, "示例商务中心", vec![]).await;
    approved(&app, &ground, "1", &[]).await;
    let (shi, jl) = (app.session("shi").await, app.session("jl").await);
    let stranger = session_of(&app, plan::add_person(&app, "wai", "税务局", Role::Contractor).await).await;
    app.set("2018-05-10 09:00");
    let (address, page) = planned(&app, &shi, "2018-05-14", "1").await;
    let found = ticked(&page);
    for (login, _, _, roles) in PERSONS {
        let who = app.session(login).await;
        let plans = matches!(roles[0], Role::Contractor | Role::Consultant);
        assert_eq!(app.get(&who, "/planner").await.status, if plans { 200 } else { 404 }, "{login}");
        if login != "shi" {
            app.get(&who, &address).await.expect(404);
            app.form(&who, &format!("{address}/check"), &pairs(&found)).await.expect(404);
            app.form(&who, &format!("{address}/accept"), &pairs(&found)).await.expect(404);
        }
        if !plans {
            app.form(&who, "/planner", &[]).await.expect(404);
        }
    }
    app.get(&stranger, "/planner").await.expect(200).says("还没有工地").lacks("示例商务中心");
    app.get(&stranger, &address).await.expect(404);
    app.form(&stranger, "/planner", &[]).await.expect(422).says("没有可排的");
    // The consultant sees who of its people comes when; filing is the contractor's.
    let (of_jl, page) = planned(&app, &jl, "2018-05-14", "1").await;
    assert!(page.contains("阶段名单由施工单位申报") && !page.contains("/accept"), "{page}");
    app.get(&shi, &of_jl).await.expect(404);
    // Cells that are none, and an hour later nothing.
    app.form(&shi, &format!("{address}/check"), &[("v", "999.0.0"), ("v", "x"), ("v", "0.0")]).await.expect(200);
    app.set("2018-05-10 10:00");
    app.get(&shi, &address).await.expect(404);
});
