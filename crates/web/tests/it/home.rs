//! The home of each role: what is mine, what burns first, and numbers that lead to exactly their rows.

use crate::doorstep::under_way;
use crate::stage::{As, TestApp};
use crate::town;
use crate::world::{INTERNAL, TELLING, World};
use testkit::on_both_async;

/// The addresses that a page leads to, without those of its frame.
fn links(page: &str) -> Vec<String> {
    let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    let mut all: Vec<String> = main
        .split(" href=\"")
        .skip(1)
        .map(|it| it.split('"').next().unwrap().replace("&amp;", "&"))
        .filter(|it| it.starts_with('/'))
        .collect();
    all.sort();
    all.dedup();
    all
}

on_both_async!(home_is_where_one_lands_and_each_role_finds_its_own, |db| {
    let world = World::new(TestApp::new(db).await).await;
    let app = &world.app;
    app.get(&As::Nobody, "/").await.redirect("/sign-in");
    let home = async |login: &str| app.get(&app.session(login).await, "/").await.expect(200);
    let (open, own) = (world.of("dispatched").no, world.of("own").no);

    // The lead unit: what must be answered, with the first due date; the one that was disputed waits for others.
    let li = home("li").await.says("今天").says("首次到期").says("等别人").says(&format!("/problems/{own}#next"));
    for telling in TELLING {
        assert!(!li.text().contains(telling), "{telling} on the clerk's home");
    }
    home("wang").await.says("经发局").says(&format!("/problems/{open}"));
    // The office decides: a dispute to rule on, an extension, answers to verify.
    home("zhou")
        .await
        .says("裁定退单")
        .says("决定延期")
        .says("核验")
        .says("/triage")
        .says(&format!("/problems/{open}#next"));
    home("wu").await.says("督查室核验").says("等督查室签批");
    home("zheng").await.says("挂牌1件").lacks(INTERNAL);
    // An enterprise: where each stands, in words; nothing internal, nothing of others.
    let donghai = home("donghai").await.says("您反映的").says("正在办理").says("请您评价").lacks(INTERNAL);
    assert!(!donghai.text().contains(&format!("/problems/{open}\"")));
    app.get(&world.taihe, "/").await.expect(200).says("您反映的");
    home("an").await.says("锁定的账号");
    home("guan").await.says("最近的导入");
    home("shen").await.says("封存");
    // Who has no business with problems sees none of them.
    for login in ["an", "guan", "shen", "jian", "xc"] {
        let page = home(login).await;
        assert!(!page.text().contains("/problems/1"), "{login}");
    }
});

on_both_async!(every_link_of_every_home_leads_somewhere, |db| {
    let app = TestApp::new(db).await;
    town::settle(&app).await;
    for login in ["zhou", "wu", "zheng", "li", "wang", "he", "donghai", "an", "guan", "shen"] {
        let who = app.session(login).await;
        let page = app.get(&who, "/").await.expect(200).text();
        for path in links(&page) {
            let path = path.split('#').next().unwrap();
            // Triage has a page of its own that another hand builds.
            if path == "/triage" {
                continue;
            }
            let status = app.get(&who, path).await.status;
            assert_eq!(status, 200, "{login}: {path}");
        }
    }
});

on_both_async!(a_mark_of_a_chart_leads_to_as_many_rows_as_it_counts, |db| {
    let app = TestApp::new(db).await;
    under_way(&app).await;
    let zheng = app.session("zheng").await;
    let campaign = app.get(&zheng, "/campaigns/1").await.expect(200).text();
    let leader = app.get(&zheng, "/").await.expect(200).says("三率").text();
    let mut seen = 0;
    for page in [&campaign, &leader] {
        for (path, count) in counted(page) {
            let rows = app.get(&zheng, &path).await.expect(200).text();
            assert_eq!(rows.matches("<tr data-row").count(), count, "{path}");
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen} marks");
    // Behind what is not there is nothing, and others do not look behind.
    app.get(&zheng, "/campaigns/1/behind?of=nonsense").await.expect(404);
    app.get(&zheng, "/campaigns/1/behind?of=closed&week=2018-04-09").await.expect(200).says("没有这样的问题");
    app.get(&app.session("li").await, "/campaigns/1/behind?of=open").await.expect(404);
    // Coverage: a cell for each subject, those visited lead to the visit.
    assert_eq!(campaign.matches("data-far=\"visited\" href=\"/visits/").count(), 17);
    assert_eq!(campaign.matches("data-far=\"none\" href=\"/subjects/").count(), 23);
    app.get(&app.session("he").await, "/rounds/1").await.expect(200).says("data-far=\"visited\"");
});

/// Of the tables under the charts: where a number leads, and the number.
fn counted(page: &str) -> Vec<(String, usize)> {
    page.split("<td class=\"number\"><a href=\"")
        .skip(1)
        .filter(|it| it.starts_with("/campaigns/1/behind"))
        .map(|it| {
            let (path, rest) = it.split_once("\">").unwrap();
            (path.replace("&amp;", "&"), rest.split('<').next().unwrap().parse().unwrap())
        })
        .collect()
}

on_both_async!(the_officers_day_has_time_place_and_phone, |db| {
    let app = TestApp::new(db).await;
    crate::doorstep::settle(&app).await;
    let (he, team) = (app.session("he").await, crate::doorstep::team(&app, "财政局").await);
    let (today, id) = (app.now().day().to_string(), crate::doorstep::id(&app));
    let subject = app.get(&he, "/api/v1/subjects/1").await.expect(200).json()["id"].as_str().unwrap().to_owned();
    let plan = serde_json::json!({ "id": id, "subject": subject, "round": team.round.to_string(), "day": today, "minute": 570, "purpose": "visit" });
    app.post(&he, "/api/v1/visits", plan).await.expect(201);
    app.get(&he, "/")
        .await
        .expect(200)
        .says("今天走访1家")
        .says("09:30")
        .says("李明")
        .says("tel:0571-86900001")
        .says("联系人社局");
    app.set("2018-05-30 09:00");
    app.get(&he, "/").await.expect(200).says("1次还没有填记录").says("逾期");
});
