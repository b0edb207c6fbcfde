//! The ledger: orders, pages back and forth, numbers that lead to their rows, views, several at once, files and paper.

use crate::r#loop::step;
use crate::stage::{As, Reply, TestApp, encode};
use crate::town::settle;
use serde_json::json;
use testkit::on_both_async;

/// Numbers in the order of the rows.
fn rows(reply: &Reply) -> Vec<i64> {
    let page = reply.text();
    let cells = page.split("<td class=\"cut\"><a href=\"/problems/").skip(1);
    cells.map(|it| it.split('"').next().unwrap().parse().unwrap()).collect()
}

fn link<'p>(page: &'p str, rel: &str) -> Option<String> {
    let at = page.find(&format!("rel=\"{rel}\" href=\""))?;
    let rest: &'p str = &page[at..];
    let href = rest.split("href=\"").nth(1)?.split('"').next()?;
    Some(href.replace("&amp;", "&"))
}

async fn many(app: &TestApp, count: usize) {
    let he = app.session("he").await;
    for i in 0..count {
        let body = json!({ "title": format!("第{i}条：路灯不亮"), "source": "visit", "reporter": { "name": "泰和电子有限公司" } });
        app.post(&he, "/api/v1/problems", body).await.expect(201);
        app.wait_ms(60_000);
    }
}

on_both_async!(pages_lead_forth_and_back_in_every_order, |db| {
    let app = TestApp::new(db).await;
    many(&app, 120).await;
    let zhou = app.session("zhou").await;
    for by in ["due", "due-last", "newest", "oldest"] {
        let mut pages = vec![app.get(&zhou, &format!("/problems?by={by}")).await.expect(200)];
        while let Some(next) = link(&pages.last().unwrap().text(), "next") {
            pages.push(app.get(&zhou, &next).await.expect(200));
        }
        let all: Vec<i64> = pages.iter().flat_map(rows).collect();
        assert_eq!((pages.len(), all.len()), (3, 120), "{by}");
        assert!(if by.contains("due") || by == "oldest" {
            all[0] < all[119] || by == "due-last"
        } else {
            all[0] == 120
        });
        let back = app.get(&zhou, &link(&pages[2].text(), "prev").unwrap()).await.expect(200);
        assert_eq!(rows(&back), rows(&pages[1]), "{by}");
        let first = app.get(&zhou, &link(&back.text(), "prev").unwrap()).await.expect(200);
        assert_eq!(rows(&first), rows(&pages[0]), "{by}");
        assert!(link(&first.text(), "prev").is_none());
    }
    app.get(&zhou, "/problems?by=oldest").await.says("aria-sort=\"ascending\"").says("120 件");
    // The number above the rows is the number of rows behind its link.
    let page = app.get(&zhou, "/problems").await.expect(200).text();
    assert!(page.contains("120 件"), "{page}");
});

on_both_async!(numbers_above_the_rows_are_the_numbers_of_rows_behind_them, |db| {
    let app = TestApp::new(db).await;
    settle(&app).await;
    let unit = app.unit("经发局");
    for (login, start) in [
        ("zhou", "/problems"),
        ("zhou", "/problems?state=in-hand"),
        ("li", "/problems"),
        ("he", "/problems?by=due"),
        ("zhou", "/problems?unit="),
    ] {
        let start = if start.ends_with("unit=") { format!("{start}{unit}") } else { start.to_owned() };
        let who = app.session(login).await;
        let page = app.get(&who, &start).await.expect(200).text();
        let line = page.split("<p class=\"lights\">").nth(1).unwrap().split("</p>").next().unwrap().to_owned();
        let mut looked = 0;
        for part in line.split("<a href=\"").skip(1) {
            let href = part.split('"').next().unwrap().replace("&amp;", "&");
            let words = part.split("data-light=").nth(1).and_then(|it| it.split('>').nth(1)).unwrap_or("");
            let Some(number) =
                words.split('<').next().and_then(|it| it.split_whitespace().last()?.parse::<usize>().ok())
            else {
                continue;
            };
            assert_eq!(rows(&app.get(&who, &href).await.expect(200)).len(), number, "{login} {start} {href}");
            looked += 1;
        }
        assert_eq!(looked, 4, "{line}");
    }
});

on_both_async!(a_filter_is_kept_as_a_view_renamed_and_deleted, |db| {
    let app = TestApp::new(db).await;
    settle(&app).await;
    let (zhou, li) = (app.session("zhou").await, app.session("li").await);
    let query = "tier=unit&light=red&after=1.2&nonsense=1";
    app.get(&zhou, &format!("/problems?{query}")).await.says("把现在的筛选存为视图");
    app.form(&zhou, "/views", &[("name", " 部门 超时 "), ("query", query)])
        .await
        .redirect("/problems?light=red&tier=unit");
    let page =
        app.get(&zhou, "/problems?tier=unit&light=red").await.says("部门 超时").lacks("把现在的筛选存为视图").text();
    assert!(page.contains("aria-current=\"page\">部门 超时"), "{page}");
    app.get(&li, "/problems").await.lacks("部门 超时");
    let list = app.get(&zhou, "/views").await.expect(200).says("时限 超时").text();
    let id = list.split("action=\"/views/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    app.form(&li, &format!("/views/{id}"), &[("what", "delete")]).await.expect(404);
    app.form(&zhou, &format!("/views/{id}"), &[("name", "长".repeat(30).as_str())]).await.expect(422).says("最多20字");
    app.form(&zhou, &format!("/views/{id}"), &[("name", "催的")]).await.redirect("/views");
    app.form(&zhou, "/views", &[("name", ""), ("query", "light=red")]).await.expect(422).says("请给视图起个名字");
    app.form(&zhou, &format!("/views/{id}"), &[("what", "delete")]).await.redirect("/views");
    app.get(&zhou, "/views").await.says("还没有视图");
    let reporter = As::Link("0".repeat(64));
    app.get(&reporter, "/views").await.expect(303);
});

on_both_async!(several_at_once_are_each_carried_out_or_told_why_not, |db| {
    let app = TestApp::new(db).await;
    app.set("2018-04-13 10:00");
    many(&app, 4).await;
    let (zhou, li, sun) = (app.session("zhou").await, app.session("li").await, app.session("sun").await);
    let ids: Vec<String> = app.get(&zhou, "/api/v1/problems?by=oldest").await.json()["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap().to_owned())
        .collect();
    for id in &ids[..3] {
        step(&app, &zhou, id, json!({ "command": "dispatch", "lead": app.unit("经发局") })).await.expect(200);
    }
    app.wait_ms(120_000);
    app.tick().await;
    step(&app, &li, &ids[2], json!({ "command": "receive" })).await.expect(200);
    app.get(&li, "/problems").await.says("value=\"receive\"").lacks("value=\"slip\"");
    app.get(&zhou, "/problems").await.says("value=\"remind\"").lacks("value=\"receive\"");
    app.get(&li, "/problems/bulk?command=slip&no=1").await.expect(404);
    // 1 and 2 can be received, 3 was, 4 is not his: not found, like what does not exist.
    let shown = app.get(&li, "/problems/bulk?command=receive&no=1&no=2&no=3&no=4&no=99").await.expect(200).text();
    assert!(shown.contains("可以办的2件") && shown.contains("不能办的3件"), "{shown}");
    let seen = |no: i64| {
        shown.split(&format!("name=\"seen.{no}\" value=\"")).nth(1).map(|it| it.split('"').next().unwrap().to_owned())
    };
    assert_eq!(seen(4), None);
    let body = [
        ("command", "receive".to_owned()),
        ("no", "1".into()),
        ("seen.1", seen(1).unwrap()),
        ("no", "2".into()),
        ("seen.2", seen(2).unwrap()),
        ("no", "4".into()),
    ];
    let fields: Vec<(&str, &str)> = body.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.form(&li, "/problems/bulk", &fields).await.expect(200).says("办成2件，没有办成1件");
    // The same form once more does nothing, and says the same.
    let before = app.get(&li, &format!("/api/v1/problems/{}", ids[0])).await.json()["revision"].clone();
    app.form(&li, "/problems/bulk", &fields).await.expect(200).says("办成2件，没有办成1件");
    assert_eq!(app.get(&li, &format!("/api/v1/problems/{}", ids[0])).await.json()["revision"], before);
    // Somebody else has been there meanwhile: told by name.
    let stale = [
        ("command", "note"),
        ("words", "已约企业"),
        ("no", "1"),
        ("seen.1", "1"),
        ("no", "2"),
        ("seen.2", before.as_i64().unwrap().to_string().leak() as &str),
    ];
    app.form(&li, "/problems/bulk", &stale).await.expect(200).says("办成1件，没有办成1件").says("李晓");
    // What is wrong with the form is wrong for each: it comes back with what was chosen.
    let wu = app.session("wu").await;
    let third = app.get(&li, &format!("/api/v1/problems/{}", ids[2])).await.json()["revision"].to_string();
    let slip = [("command", "slip"), ("no", "3"), ("seen.3", third.as_str()), ("words", "请答复")];
    app.form(&wu, "/problems/bulk", &slip)
        .await
        .expect(422)
        .says("可以办的1件")
        .says("data-wrong=\"true\"")
        .says("请答复");
    app.form(&li, "/problems/bulk", &[("command", "note")]).await.expect(200).says("没有勾选任何一件");
    // The office reminds, supervision too; both by what the rules allow.
    let remind = app
        .get(&zhou, "/problems/bulk?command=remind&no=1&no=4")
        .await
        .expect(200)
        .says("可以办的1件")
        .says("不能办的1件")
        .text();
    let seen = remind.split("name=\"seen.1\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    app.form(&zhou, "/problems/bulk", &[("command", "remind"), ("no", "1"), ("seen.1", seen), ("words", "请尽快")])
        .await
        .says("1件都办成了");
    app.get(&li, "/problems/1").await.says("请尽快");
    app.form(&sun, "/problems/bulk", &[("command", "receive"), ("no", "1")]).await.expect(200).says("没有办成1件");
});

on_both_async!(what_is_shown_is_what_is_taken_along, |db| {
    let app = TestApp::new(db).await;
    app.set("2018-04-13 10:00");
    let (zhou, li, he) = (app.session("zhou").await, app.session("li").await, app.session("he").await);
    for (title, shielded) in
        [("=1+1|泰和电子停水", true), ("+86停电", false), ("-停气", false), ("\"引号\",逗号", false)]
    {
        let body =
            json!({ "title": title, "source": "visit", "shielded": shielded, "reporter": { "name": "泰和电子" } });
        let id = app.post(&he, "/api/v1/problems", body).await.expect(201).json()["id"].as_str().unwrap().to_owned();
        step(&app, &zhou, &id, json!({ "command": "dispatch", "lead": app.unit("经发局") })).await.expect(200);
    }
    app.wait_ms(120_000);
    app.tick().await;
    for (path, media) in [
        ("/problems/export.csv", "text/csv; charset=utf-8"),
        ("/problems/export.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let file = app.get(&zhou, &format!("{path}?by=oldest")).await.expect(200);
        assert_eq!(file.header("content-type"), media);
        if path.ends_with("csv") {
            assert_eq!(&file.bytes[..3], "\u{feff}".as_bytes());
            assert!(
                file.text().contains("\"\t=1+1|泰和电子停水\"") && file.text().contains("\"\t+86停电\""),
                "{}",
                file.text()
            );
        }
        let name = path.rsplit('/').next().unwrap();
        let table = sheet::from_bytes(name, file.bytes).unwrap().table().unwrap();
        let titles: Vec<&str> = table.rows.iter().map(|it| it.cells[2].as_str()).collect();
        assert_eq!(titles, ["=1+1|泰和电子停水", "+86停电", "-停气", "\"引号\",逗号"], "{path}");
        // A unit reads no shielded reporter, here neither.
        let file = app.get(&li, &format!("{path}?by=oldest")).await.expect(200);
        let table = sheet::from_bytes(name, file.bytes).unwrap().table().unwrap();
        assert_eq!(table.rows[0].cells[2], "=1+1|＊＊停水");
    }
    let paper = app
        .get(&zhou, &format!("/problems/paper?text={}", encode("停电")))
        .await
        .expect(200)
        .says("查找 停电")
        .says("共1件")
        .says("由周敏打印")
        .text();
    assert_eq!(paper.matches("<tr").count(), 2);
    let looks = app.db.read(|tx| store::look::list(tx, "ledger", 10)).await.unwrap();
    let told: Vec<(&str, &str)> = looks.iter().map(|it| (it.by_name.as_str(), it.what.as_str())).collect();
    assert_eq!(told.len(), 5);
    assert!(told.contains(&("周敏", "csv 4 by=oldest")) && told.contains(&("李晓", "xlsx 4 by=oldest")), "{told:?}");
    // Nobody takes along what he does not see.
    let an = app.session("an").await;
    assert!(!app.get(&an, "/problems/export.csv").await.expect(200).text().contains("停电"));
});
