//! Search over everything: in groups, marked, each through the reader's own sight, with a list while one types.

use crate::stage::{TestApp, encode};
use serde_json::json;
use testkit::on_both_async;

on_both_async!(everything_is_found_in_its_group_and_marked, |db| {
    let app = TestApp::new(db).await;
    app.set("2018-04-20 10:00");
    crate::doorstep::under_way(&app).await;
    let zhou = app.session("zhou").await;
    let body = json!({ "name": "泰尔茂医疗产品（杭州）有限公司", "code": "913301006091202720" });
    let no = app.post(&zhou, "/api/v1/subjects", body).await.expect(201).json()["no"].as_i64().unwrap();
    let found = async |text: &str| app.get(&zhou, &format!("/search?text={}", encode(text))).await.expect(200);
    for (text, marked) in [
        ("tem", "<mark>泰尔茂</mark>医疗产品"),
        ("泰尔茂", "<mark>泰尔茂</mark>医疗产品"),
        ("taierm", "<mark>泰尔茂</mark>医疗产品"),
        ("9133010060", "<mark>9133010060</mark>91202720"),
        ("6091202", "91330100<mark>6091202</mark>720"),
        ("1202720", "91330100609<mark>1202720</mark>"),
    ] {
        found(text).await.says(&format!("href=\"/subjects/{no}\"")).says(marked);
        app.get(&zhou, &format!("/subjects?text={}", encode(text)))
            .await
            .expect(200)
            .says(&format!("href=\"/subjects/{no}\""));
    }
    // Words of the minutes find the visit; so does the name of whom it was to.
    found("谈了订单").await.says("id=\"visits\"").says("<mark>谈了订单</mark>和用工");
    found("光电科技").await.says("id=\"subjects\"").says("id=\"visits\"").says("样例<mark>光电科技</mark>");
    found("没有这样的话").await.says("没有找到");
    found("").await.says("写下要找的字");
    // Officers of another team find neither; a clerk sees no visits at all.
    let qian = app.session("qian").await;
    app.get(&qian, "/search?text=tem").await.expect(200).says("没有找到");
    for login in ["li", "an", "donghai"] {
        let who = app.session(login).await;
        let text = encode("谈了订单");
        app.get(&who, &format!("/search?text={text}"))
            .await
            .expect(200)
            .lacks("id=\"visits\"")
            .lacks("id=\"subjects\"");
        app.get(&who, &format!("/search/fast?text={text}")).await.expect(200).lacks("/visits/");
    }
    let told = app.get(&zhou, "/api/v1/search?text=tem").await.expect(200).json();
    assert_eq!(told["subjects"][0]["no"], no);
});

on_both_async!(problems_are_found_by_words_and_by_number, |db| {
    let world = crate::world::World::new(TestApp::new(db).await).await;
    let app = &world.app;
    let (zhou, li) = (app.session("zhou").await, app.session("li").await);
    let own = world.of("own").no;
    app.get(&zhou, &format!("/search?text={own}")).await.redirect(&format!("/problems/{own}"));
    app.get(&zhou, &format!("/search?text=%23{own}")).await.redirect(&format!("/problems/{own}"));
    app.get(&zhou, "/search?text=99999").await.expect(200);
    app.get(&zhou, &format!("/search/fast?text={own}"))
        .await
        .expect(200)
        .says(&format!("data-href=\"/problems/{own}\""));
    let an = app.session("an").await;
    app.get(&an, &format!("/search?text={own}")).await.expect(200).says("没有找到");
    // What tells a shielded reporter is not found by his unit, and does not stand in what it finds.
    let shielded = world.of("shielded").no;
    for telling in crate::world::TELLING {
        for start in ["/search?text=", "/search/fast?text=", "/api/v1/search?text="] {
            let reply = app.get(&li, &format!("{start}{}", encode(telling))).await;
            assert!(!reply.text().contains(&format!("/problems/{shielded}\"")), "{start}{telling}: {}", reply.text());
        }
    }
    let page = app.get(&li, &format!("/search?text={}", encode("积水"))).await.expect(200).text();
    assert!(page.contains("<mark>积水</mark>"), "{page}");
    for telling in crate::world::TELLING {
        assert!(!page.contains(telling), "{telling} in {page}");
    }
});
