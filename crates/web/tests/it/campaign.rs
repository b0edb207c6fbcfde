//! A campaign set up by forms, split and handed over, counted and reported: every number equals the rows behind it.

use crate::doorstep::{QUIET, assign, id, round, subjects, team, teams, under_way, visit};
use crate::forms::seen;
use crate::stage::{As, TestApp};
use testkit::on_both_async;

/// Rows of a page that stand behind a number.
fn rows(page: &str) -> usize {
    page.matches("data-row").count()
}

/// All addresses on a page that begin so, unescaped.
fn links(page: &str, start: &str) -> Vec<(String, i64)> {
    page.split("<a href=\"")
        .skip(1)
        .filter_map(|rest| {
            let (href, rest) = rest.split_once('"')?;
            let text = rest.split_once('>')?.1.split('<').next()?;
            Some((href.replace("&amp;", "&"), text.trim().parse().ok()?)).filter(|(href, _)| href.starts_with(start))
        })
        .collect()
}

on_both_async!(a_campaign_is_set_up_by_forms_and_refusals_keep_what_was_typed, |db| {
    let app = TestApp::new(db).await;
    let (zhou, he) = (app.session("zhou").await, app.session("he").await);
    let wrong = [("id", "x"), ("name", "2018年行动"), ("from", "2018-12-31"), ("to", "2018-01-01")];
    app.form(&zhou, "/campaigns", &wrong)
        .await
        .expect(422)
        .says("结束日期不能早于开始日期")
        .says("value=\"2018年行动\"")
        .says("#campaign-to");
    app.form(&he, "/campaigns", &wrong).await.expect(403);
    round(&app, &zhou).await;
    let again = [
        ("id", id(&app)),
        ("name", "2018年“百千万”行动".into()),
        ("from", "2018-04-13".into()),
        ("to", "2018-12-31".into()),
    ];
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.form(&zhou, "/campaigns", &again).await.expect(422).says("这个名称已经有了");
    app.get(&zhou, "/campaigns").await.expect(200).says("2018年“百千万”行动").says("href=\"/campaigns/1\"");
    app.form(&zhou, "/campaigns/1/rounds", &[("name", ""), ("from", "2018-04-13"), ("to", "2018-05-01")])
        .await
        .expect(422)
        .says("#round-name");
    // Own deadlines: what is empty is the house's.
    let page = app.get(&zhou, "/campaigns/1/edit").await.expect(200).says("统一：7个工作日").text();
    let seen = seen(&page);
    let base = [("seen", seen.as_str()), ("name", "2018年行动"), ("from", "2018-04-13"), ("to", "2018-12-31")];
    let bad = [&base[..], &[("lead", "七天"), ("lead_unit", "days")]].concat();
    app.form(&zhou, "/campaigns/1/edit", &bad).await.expect(422).says("value=\"七天\"").says("#campaign-lead");
    let good = [&base[..], &[("lead", "5"), ("lead_unit", "workdays")]].concat();
    app.form(&zhou, "/campaigns/1/edit", &good).await.redirect("/campaigns/1");
    app.form(&zhou, "/campaigns/1/edit", &good).await.redirect("/campaigns/1");
    let page = app.get(&zhou, "/campaigns/1/edit").await.text();
    assert!(
        page.contains("name=\"lead\" value=\"5\"") || page.contains("id=\"campaign-lead\" name=\"lead\" value=\"5\""),
        "{page}"
    );
    let own = app.app.terms().campaigns.values().next().unwrap().clone();
    assert_eq!(own.lead, domain::clock::Span::Workdays(5));
    let stale = [&base[..], &[("lead", "6")]].concat();
    app.form(&zhou, "/campaigns/1/edit", &stale).await.expect(409).says("value=\"6\"").says("现在登记的是");
    app.get(&zhou, "/rounds/1").await.expect(200).says("摸情况").says("促转型").says("还没有走访组");
    app.form(&zhou, "/rounds/1/teams", &[("unit", "")]).await.expect(422).says("请选择单位").says("#team-unit");
    teams(&app, &zhou, &["财政局"]).await;
    app.form(&zhou, "/rounds/1/teams", &[("unit", &app.unit("财政局"))]).await.expect(422).says("这个名称已经有了");
    app.get(&zhou, "/rounds/1").await.says("何思源");
    app.form(&zhou, "/rounds/1/questionnaires", &[("place-status", "第一")]).await.expect(422).says("value=\"第一\"");
    app.get_in(&zhou, "/rounds/1", "en").await.expect(200).says("Coverage").says("Set-up");
    app.get(&zhou, "/rounds/99999").await.expect(404);
    app.get(&As::Nobody, "/campaigns").await.redirect("/sign-in");
});

on_both_async!(hundred_and_sixty_are_split_evenly_as_was_shown_before, |db| {
    let app = TestApp::new(db).await;
    let zhou = app.session("zhou").await;
    subjects(&app, &zhou, 165).await;
    round(&app, &zhou).await;
    app.get(&zhou, "/rounds/1/split").await.expect(200).says("还没有走访组");
    for i in 0..10 {
        app.wait_ms(2);
        let (id, unit, name) = (id(&app), app.unit("财政局"), format!("第{i}组"));
        app.form(&zhou, "/rounds/1/teams", &[("id", &id), ("unit", &unit), ("name", &name)])
            .await
            .redirect("/rounds/1");
    }
    app.get(&zhou, "/rounds/1/split?kind=enterprise&count=0").await.expect(422).says("value=\"0\"");
    app.get(&zhou, "/rounds/1/split?kind=site").await.expect(422).says("没有符合条件的对象");
    let page = app.get(&zhou, "/rounds/1/split?kind=enterprise&count=160&rest=yes").await.expect(200).text();
    assert_eq!(page.matches("<strong>16</strong>").count(), 10, "{page}");
    assert!(app.get(&zhou, "/rounds/1").await.text().contains("没有走访对象"), "nothing is assigned by looking");
    let plan = page.split("name=\"plan\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for _ in 0..2 {
        app.form(&zhou, "/rounds/1/split", &[("plan", &plan), ("rest", "yes")]).await.redirect("/rounds/1");
    }
    let page = app.get(&zhou, "/rounds/1").await.expect(200).says("还差160家").text();
    let numbers = links(&page, "/rounds/1?team=");
    assert_eq!(numbers.iter().filter(|(href, count)| !href.contains("visited") && *count == 16).count(), 10);
    for (href, count) in numbers.iter().filter(|it| it.0.contains("visited=no")) {
        assert_eq!(rows(&app.get(&zhou, href.split('#').next().unwrap()).await.text()) as i64, *count);
    }
    app.get(
        &zhou,
        "/rounds/1/split?area=白杨街道&rest=yes".replace("白杨街道", &crate::stage::encode("白杨街道")).as_str(),
    )
    .await
    .expect(200);
    app.form(&zhou, "/rounds/1/split", &[("plan", "nonsense")]).await.expect(422);
    // Those left in the register are not touched by a second plan over the first.
    let rest = app.get(&zhou, "/rounds/1/split?kind=enterprise&rest=yes").await.expect(200).text();
    assert!(rest.contains("5家，分给10个组"), "{rest}");
});

on_both_async!(subjects_are_assigned_by_hand_by_file_and_handed_over, |db| {
    let app = TestApp::new(db).await;
    let (zhou, he) = (app.session("zhou").await, app.session("he").await);
    subjects(&app, &zhou, 8).await;
    round(&app, &zhou).await;
    teams(&app, &zhou, &["财政局", "税务局"]).await;
    let (finance, tax) = (team(&app, "财政局").await, team(&app, "税务局").await);
    let (a, b) = (finance.id.to_string(), tax.id.to_string());
    for (fields, says) in [
        (vec![("subjects", "1 九"), ("team", a.as_str())], "“九”不是编号"),
        (vec![("subjects", "1 777"), ("team", a.as_str())], "没有编号为777的走访对象"),
        (vec![("subjects", "1"), ("team", "")], "请选择走访组"),
        (vec![("subjects", ""), ("team", a.as_str())], "请填写编号"),
    ] {
        let typed = fields[0].1.to_owned();
        app.form(&zhou, "/rounds/1/assignments", &fields)
            .await
            .expect(422)
            .says(says)
            .says(&format!("value=\"{typed}\""));
    }
    assign(&app, &zhou, &finance, "1 2 3").await;
    app.form(&zhou, "/rounds/1/assignments", &[("subject", "4"), ("subject", "5"), ("team", &b)])
        .await
        .redirect("/rounds/1");
    app.get(&zhou, &format!("/rounds/1?team={b}")).await.says("/subjects/4").says("/subjects/5");
    app.set("2018-04-16 10:00");
    visit(&app, "he", &finance, 1, QUIET).await;
    app.form(&zhou, "/rounds/1/assignments", &[("subjects", "1 2"), ("do", "remove")])
        .await
        .expect(422)
        .says("1在本轮已经走访过");
    for _ in 0..2 {
        app.form(&zhou, "/rounds/1/assignments", &[("subjects", "2"), ("do", "remove")]).await.redirect("/rounds/1");
    }
    assert!(!app.get(&zhou, "/rounds/1").await.text().contains("href=\"/subjects/2\""));
    let table = "走访对象,走访组\n样例光电科技6有限公司,税务局\n没有这家,税务局\n虚构智能装备7有限公司,没有这组\n样例光电科技6有限公司,财政局\n";
    let page = app.upload(&zhou, "/rounds/1/assignments/file", "分组.csv", table.as_bytes()).await.expect(200).text();
    assert!(
        page.contains("已分配1家，3行没有采用")
            && page.contains("本轮没有这个走访组")
            && page.contains("这个对象在第2行已经有了"),
        "{page}"
    );
    assert_eq!(rows(&page), 3);
    let good = "名称,走访组\n拟名生物制药8有限公司,财政局\n";
    app.upload(&zhou, "/rounds/1/assignments/file", "分组.csv", good.as_bytes()).await.redirect("/rounds/1");
    app.upload(&zhou, "/rounds/1/assignments/file", "a.csv", b"a,b\n1,2\n").await.expect(422).says("走访组");
    app.upload(&he, "/rounds/1/assignments/file", "a.csv", good.as_bytes()).await.expect(403);
    app.form(&zhou, "/rounds/1/handover", &[("from", &a), ("to", &a)]).await.expect(422).says("请选择另一个走访组");
    app.form(&zhou, "/rounds/1/handover", &[("from", &a), ("to", &b)]).await.redirect("/rounds/1");
    let page = app.get(&zhou, &format!("/rounds/1?team={b}")).await.text();
    assert_eq!(rows(&page), 6, "1, 3, 4, 5, 6 and 8");
    app.get(&he, "/subjects/3").await.expect(404);
    app.get(&he, "/subjects/1").await.expect(200).says("走访");
    // Members: written as they were seen.
    let qian = app.person("qian");
    let path = format!("/rounds/1/teams/{a}");
    app.form(&zhou, &path, &[("was", "nobody"), ("members", &qian)]).await.expect(409);
    let was = app.person("he");
    for _ in 0..2 {
        app.form(&zhou, &path, &[("was", &was), ("members", &qian)]).await.redirect("/rounds/1");
    }
    app.get(&he, "/rounds/1").await.expect(404);
});

on_both_async!(every_number_of_a_campaign_equals_its_rows, |db| {
    let app = TestApp::new(db).await;
    app.set("2018-04-16 10:00");
    under_way(&app).await;
    let zheng = app.session("zheng").await;
    let page = app.get(&zheng, "/campaigns/1").await.expect(200).text();
    let numbers = links(&page, "/problems?campaign=");
    assert!(numbers.len() >= 12, "{numbers:?}");
    for (href, count) in numbers {
        let list = app.get(&zheng, &href.replace("/problems?", "/api/v1/problems?")).await.expect(200).json();
        assert_eq!(list["problems"].as_array().unwrap().len() as i64, count, "{href}");
    }
    for start in ["/campaigns/1/findings", "/campaigns/1/problems"] {
        let numbers = links(&page, start);
        assert_eq!(numbers.len(), 2, "{start}: {page}");
        for (href, count) in numbers {
            assert_eq!(rows(&app.get(&zheng, &href).await.expect(200).text()) as i64, count, "{href}");
        }
    }
    let of = |start: &str| links(&page, start).into_iter().map(|it| it.1).collect::<Vec<_>>();
    assert_eq!(of("/promises?campaign="), [1]);
    // Two policies, explained at all 17 visits; one visit in each of two cells.
    assert_eq!(of("/visits?campaign="), [17, 17, 1, 1]);
    let page = app.get(&zheng, "/rounds/1").await.expect(200).says("已走访17家，还差23家").text();
    for (href, count) in links(&page, "/rounds/1?") {
        assert_eq!(rows(&app.get(&zheng, href.split('#').next().unwrap()).await.text()) as i64, count, "{href}");
    }
    let page = app.get(&zheng, "/rounds/1/answers/status").await.expect(200).says("17次走访作答").text();
    let numbers = links(&page, "/rounds/1/answers/status?version=1&question=");
    assert_eq!(
        numbers.iter().filter(|(href, _)| href.contains("question=operation")).map(|it| it.1).collect::<Vec<_>>(),
        [1, 15, 1]
    );
    for (href, count) in numbers {
        assert_eq!(rows(&app.get(&zheng, &href).await.expect(200).text()) as i64, count, "{href}");
    }
    // Officers see their own team, and none of the numbers whose rows they do not see.
    let he = app.session("he").await;
    let page = app.get(&he, "/campaigns/1").await.expect(200).text();
    assert!(links(&page, "/problems?campaign=").is_empty() && !page.contains("/report"));
    for path in ["/campaigns/1/report", "/campaigns/1/report.xlsx", "/campaigns/1/findings", "/rounds/1/answers/status"]
    {
        app.get(&he, path).await.expect(404);
    }
    let page = app.get(&he, "/rounds/1").await.expect(200).text();
    assert!(page.contains("/subjects/1\"") && !page.contains("/subjects/17\"") && !page.contains("税务局"));
});

on_both_async!(report_and_workbook_hold_the_same_numbers_and_rows, |db| {
    let app = TestApp::new(db).await;
    app.set("2018-04-16 10:00");
    under_way(&app).await;
    let zheng = app.session("zheng").await;
    for language in ["zh", "en"] {
        let page = app.get_in(&zheng, "/campaigns/1/report", language).await.expect(200).text();
        let file = app.get_in(&zheng, "/campaigns/1/report.xlsx", language).await.expect(200);
        assert!(file.header("content-disposition").contains("attachment"));
        let table = sheet::from_bytes("report.xlsx", file.bytes).unwrap().flexible(true).table().unwrap();
        let plain = |text: &str| {
            let mut out = String::new();
            let mut inside = false;
            for c in text.chars() {
                match c {
                    '<' => inside = true,
                    '>' => inside = false,
                    c if !inside => out.push(c),
                    _ => {}
                }
            }
            out.trim().to_owned()
        };
        let mut shown: Vec<Vec<String>> = Vec::new();
        for row in page.split("<tr").skip(1) {
            let row = row.split("</tr>").next().unwrap();
            let cells: Vec<String> = row
                .split("</t")
                .filter(|it| it.contains("<t"))
                .map(|it| plain(&it[it.rfind("<t").unwrap()..]))
                .collect();
            shown.push(cells);
        }
        let mut written = vec![table.heads.clone()];
        written.extend(table.rows.iter().map(|row| {
            let mut cells = row.cells.clone();
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            cells
        }));
        let cut = |mut rows: Vec<Vec<String>>| {
            rows.retain(|row| !row.is_empty());
            rows
        };
        assert_eq!(cut(shown), cut(written), "{language}");
    }
    app.get(&zheng, "/campaigns/1/report")
        .await
        .says("0.0% (0/2)")
        .says("出口退税单证备案要求各口径不一")
        .says("42.5% (17/40)");
});

on_both_async!(questionnaires_and_policies_are_published_by_the_office, |db| {
    let app = TestApp::new(db).await;
    let (zhou, he) = (app.session("zhou").await, app.session("he").await);
    app.get(&he, "/questionnaires").await.expect(200).says("摸情况").says("推项目").says("促转型");
    let page = app.get(&zhou, "/questionnaires/status").await.expect(200).says("必答").says("时才问").text();
    let seen = seen(&page);
    let body = |first: &str| {
        format!(
            "{{\"title\":\"摸情况\",\"title-en\":\"Status\",\"questions\":[{{\"key\":\"{first}\",\"ask\":\"好吗？\",\"ask-en\":\"Well?\",\"kind\":{{\"type\":\"yes-no\"}}}}]}}"
        )
    };
    app.form(&zhou, "/questionnaires/status", &[("seen", &seen), ("body", "{\n  \"title\": 3")])
        .await
        .expect(422)
        .says("第2行")
        .says("#version-body");
    app.form(&zhou, "/questionnaires/status", &[("seen", &seen), ("body", &body("好"))])
        .await
        .expect(422)
        .says("questions.0.key")
        .says("第1题");
    for _ in 0..2 {
        app.form(&zhou, "/questionnaires/status", &[("seen", &seen), ("body", &body("well"))])
            .await
            .redirect("/questionnaires/status");
    }
    app.form(&zhou, "/questionnaires/status", &[("seen", &seen), ("body", &body("other"))])
        .await
        .expect(409)
        .says("other");
    app.get(&zhou, "/questionnaires/status").await.says("?version=2").says("好吗？");
    app.get(&zhou, "/questionnaires/status?version=1").await.says("目前企业的生产经营情况");
    app.form(&he, "/questionnaires/status", &[("body", &body("well"))]).await.expect(403);
    app.get(&zhou, "/questionnaires/none").await.expect(404);
    app.form(&zhou, "/questionnaires", &[("code", "status"), ("body", &body("x"))])
        .await
        .expect(422)
        .says("这个代号已经有了");
    app.form(&zhou, "/questionnaires", &[("code", "exports"), ("body", &body("x"))])
        .await
        .redirect("/questionnaires/exports");

    crate::doorstep::policy(&app, &zhou, "出口信用保险补助办法").await;
    let page = app.get(&zhou, "/policies").await.expect(200).says("2018年第1版").text();
    let was = page.split("name=\"was\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let next = [
        ("title", "出口信用保险补助办法"),
        ("was", was.as_str()),
        ("issuer", "管委会"),
        ("edition", "2018年第2版"),
        ("ended", "yes"),
    ];
    for _ in 0..2 {
        app.form(&zhou, "/policies", &next).await.redirect("/policies");
    }
    app.get(&he, "/policies").await.expect(200).says("2018年第2版").says("不再讲解");
    let stale = [("title", "出口信用保险补助办法"), ("was", was.as_str()), ("edition", "第3版")];
    app.form(&zhou, "/policies", &stale).await.expect(409).says("第3版");
    app.form(&zhou, "/policies", &[("title", ""), ("issued_on", "三月")])
        .await
        .expect(422)
        .says("#new-title")
        .says("value=\"三月\"");
    app.form(&zhou, "/policies", &[("title", "出口信用保险补助办法")]).await.expect(422).says("已有这项政策");
    app.form(&he, "/policies", &next).await.expect(403);
});
