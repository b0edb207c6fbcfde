//! Stage plans by the page and by JSON: filed with all faults at once, returned and corrected, confirmed, approved; a table
//! that fills the form; nobody without a tie to the site.

use crate::stage::{As, PERSONS, Reply, TestApp, at, encode};
use domain::attendance::plan::Post;
use domain::id::PersonId;
use domain::role::Role;
use serde_json::{Value, json};
use sheet::{Kind, Writer};
use store::staff::{self, Entry};
use store::terms::{Deed, Failure};
use store::{person, site};
use testkit::on_both_async;
use web::router::{ROUTES, Route};

/// Name and post: one for each post that a stage must have.
const STAFF: [(&str, &str); 7] = [
    ("周建平", "项目负责人"),
    ("郑晓岚", "质量员"),
    ("何工", "施工员"),
    ("孙志刚", "安全员"),
    ("钱文", "资料员"),
    ("赵总", "总监"),
    ("李监", "专业监理工程师"),
];

pub struct Ground {
    pub no: i64,
    pub people: Vec<PersonId>,
}

/// A site of the firm of shi, yz and jl, with a certificate for everybody on its staff through the year.
pub async fn open(app: &TestApp, name: &'static str, people: Vec<PersonId>) -> Ground {
    let (terms, firm, by) = (app.app.terms(), app.units["建设局"], app.persons["bu"]);
    let opened = app.db.write(move |tx| -> Result<Ground, Failure> {
        let now = at("2018-04-02 09:00");
        let deed = Deed { terms: &terms, by: Some(by), now };
        let id = site::fresh_id(now);
        let card = site::Card {
            name: name.into(),
            permit: format!("330100-{name}"),
            address: String::new(),
            owner: firm,
            contractor: firm,
            consultant: Some(firm),
            subject: None,
        };
        let no = site::add(tx, &deed, id, &card)?;
        let known = !people.is_empty();
        let mut people = people;
        for (at_post, (name, post)) in STAFF.into_iter().enumerate() {
            let person = match known {
                true => people[at_post],
                false => staff::hire(tx, &deed, name, "", firm)?,
            };
            let entry = Entry { firm, posts: vec![Post(post.into())], attests: false };
            staff::set(tx, &deed, id, person, &entry)?;
            if !known {
                let days = ("2018-01-01".parse().unwrap(), "2018-12-31".parse().unwrap());
                staff::certify(tx, &deed, &staff::fresh_certificate(person, post, "浙建安0001", days, now))?;
                people.push(person);
            }
        }
        Ok(Ground { no, people })
    });
    opened.await.unwrap()
}

/// Somebody more, with a role at a unit.
pub async fn add_person(app: &TestApp, login: &'static str, unit: &'static str, role: Role) -> PersonId {
    let (unit, now) = (app.units[unit], app.now());
    let add = app.db.write(move |tx| {
        let new = person::NewPerson { login, name: login, unit, roles: &[role], reporter: None, password: "" };
        person::insert(tx, &new, now)
    });
    add.await.unwrap()
}

/// A session of somebody whom the driver does not know.
pub async fn session_of(app: &TestApp, id: PersonId) -> As {
    let (token, now) = (crate::stage::web_token(), app.now());
    let digest = store::session::TokenDigest::of(&token);
    app.db.write(move |tx| store::session::start(tx, id, &digest, now, 1_000 * 86_400_000)).await.unwrap();
    As::Session(token)
}

type Fields = Vec<(String, String)>;

fn one(name: impl Into<String>, value: impl Into<String>) -> (String, String) {
    (name.into(), value.into())
}

/// A plan without a fault: one stage, everybody every workday, days left to the stage.
pub fn whole(ground: &Ground, effective: &str) -> Fields {
    let mut fields = vec![
        one("effective", effective),
        one("stages.0.name", "主体结构"),
        one("stages.0.kind", "structure"),
        one("stages.0.from", "2018-05-01"),
        one("stages.0.to", "2018-06-30"),
    ];
    for (at, (person, (_, post))) in ground.people.iter().zip(STAFF).enumerate() {
        fields.extend([
            one(format!("lines.{at}.person"), person.to_string()),
            one(format!("lines.{at}.post"), post),
            one(format!("lines.{at}.kind"), "full_time"),
            one(format!("lines.{at}.days"), "workdays"),
        ]);
    }
    fields
}

fn set(fields: &mut Fields, name: &str, value: &str) {
    fields.retain(|it| it.0 != name);
    fields.push(one(name, value));
}

pub async fn send(app: &TestApp, who: &As, path: &str, act: &str, fields: &Fields) -> Reply {
    let all = fields.iter().map(|it| (it.0.as_str(), it.1.as_str())).chain([("do", act)]).collect::<Vec<_>>();
    app.form(who, path, &all).await
}

fn make(ground: &Ground) -> String {
    format!("/sites/{}/plans/make", ground.no)
}

/// Files and approves version 1 without a page.
async fn step(app: &TestApp, who: &As, ground: &Ground, version: u32, command: &str, words: &str) -> Reply {
    let path = format!("/api/v1/sites/{}/plans", ground.no);
    let all = app.get(who, &path).await.expect(200).json();
    let plans = all["plans"].as_array().unwrap();
    let seen = plans.iter().find(|it| it["plan"]["version"] == version).unwrap()["revision"].clone();
    let body = json!({ "command": command, "words": words, "seen": seen });
    app.post(who, &format!("{path}/{version}/commands"), body).await
}

on_both_async!(a_form_with_faults_comes_back_whole_and_names_its_rows, |db| {
    let app = TestApp::new(db).await;
    let ground = open(&app, "示例商务中心", vec![]).await;
    let shi = app.session("shi").await;
    app.get(&shi, "/sites/1/plans/new").await.expect(200).says("周建平").says("增加一行").says("2018-04-13");
    let mut fields = whole(&ground, "2018-05-01");
    set(&mut fields, "lines.1.kind", "per_week");
    set(&mut fields, "lines.2.from", "五月");
    set(&mut fields, "lines.3.shift", "夜里");
    set(&mut fields, "lines.4.kind", "named");
    set(&mut fields, "lines.4.dates", "5月14日、下周二");
    set(&mut fields, "stages.0.name", "");
    let sent = send(&app, &shi, &make(&ground), "file", &fields).await.expect(422);
    let page = sent.text();
    for (field, typed) in [("lines.2.from", "五月"), ("lines.3.shift", "夜里"), ("stages.0.from", "2018-05-01")] {
        assert!(page.contains(&format!("name=\"{field}\" value=\"{typed}\"")), "{field} lost {typed}");
    }
    assert!(page.contains("5月14日、下周二"));
    for (field, sentence) in [
        ("lines.1.n", "第2行：请填写天数"),
        ("lines.2.from", "第3行：日期请写成"),
        ("lines.3.shift", "第4行：班次请写成"),
        ("lines.4.dates", "第5行：看不懂日期“下周二”"),
        ("stages.0.name", "第1个阶段：请填写名称"),
    ] {
        assert!(page.contains(&format!("href=\"#{field}\"")), "{field}: {page}");
        assert!(page.matches(sentence).count() >= 2, "{sentence} stands in the summary and at its field");
        assert!(page.contains(&format!("id=\"{field}\"")), "{field} is there to be jumped to");
    }
    // What the rules find stands at its rows as well, and a check files nothing.
    let mut fields = whole(&ground, "2018-05-01");
    set(&mut fields, "stages.0.to", "2019-01-31");
    fields.retain(|it| !it.0.starts_with("lines.6."));
    let page = send(&app, &shi, &make(&ground), "check", &fields).await.expect(200).text();
    assert!(page.contains("第1个阶段缺少专业监理工程师") && page.contains("href=\"#stages.0\""), "{page}");
    assert!(page.contains("周建平没有项目负责人的有效证书：2019-01-01至2019-01-31"), "{page}");
    assert!(page.contains("href=\"#lines.0\"") && page.contains("data-wrong"), "{page}");
    app.get(&shi, "/api/v1/sites/1/plans").await.expect(200).says("\"plans\":[]");
    // In English nothing is left in Chinese but names.
    let english = app.get_in(&shi, "/sites/1/plans/new", "en").await.expect(200).text();
    assert!(english.contains("Who comes on which days") && !english.contains("增加一行"), "{english}");
    let fine = send(&app, &shi, &make(&ground), "check", &whole(&ground, "2018-05-01")).await.expect(200);
    fine.says("没有发现问题，可以申报").says("周建平 项目负责人 全勤（工作日） 5月1日–6月30日；请假须有持证人顶岗");
});

on_both_async!(rows_come_go_and_move_without_script, |db| {
    let app = TestApp::new(db).await;
    let ground = open(&app, "示例商务中心", vec![]).await;
    let shi = app.session("shi").await;
    let fields = whole(&ground, "2018-05-01");
    let more = send(&app, &shi, &make(&ground), "more.line", &fields).await.expect(200).text();
    assert!(more.contains("name=\"lines.7.person\"") && more.contains("还没有选人"), "{more}");
    let gone = send(&app, &shi, &make(&ground), "drop.lines.0", &fields).await.expect(200).text();
    assert!(!gone.contains("lines.6.person") && gone.contains("<span class=\"no\">1</span> 郑晓岚"), "{gone}");
    let up = send(&app, &shi, &make(&ground), "up.lines.1", &fields).await.expect(200).text();
    assert!(up.contains("<span class=\"no\">2</span> 周建平"), "{up}");
    // Whoever holds one post only need not choose it.
    let mut chosen = fields.clone();
    set(&mut chosen, "lines.0.post", "");
    let full = send(&app, &shi, &make(&ground), "show.0", &chosen).await.expect(200).text();
    assert!(full.contains("<span class=\"no\">1</span> 周建平 项目负责人 全勤（工作日） 5月1日–6月30日"), "{full}");
    let need = send(&app, &shi, &make(&ground), "need.0", &fields).await.expect(200).text();
    assert!(need.contains("name=\"stages.0.needs.0.posts\""), "{need}");
    let stage = send(&app, &shi, &make(&ground), "more.stage", &fields).await.expect(200).text();
    assert!(stage.contains("name=\"stages.1.name\"") && stage.contains("增加一个阶段"), "{stage}");
});

on_both_async!(returned_with_a_reason_corrected_confirmed_and_approved_by_another, |db| {
    let app = TestApp::new(db).await;
    let ground = open(&app, "示例商务中心", vec![]).await;
    let second = add_person(&app, "bu2", "建设局", Role::Bureau).await;
    let (shi, yz, bu, bu2) =
        (app.session("shi").await, app.session("yz").await, app.session("bu").await, session_of(&app, second).await);
    // The bureau files on behalf of the contractor, and it is marked so.
    send(&app, &bu, &make(&ground), "file", &whole(&ground, "2018-05-01")).await.redirect("/sites/1/plans/1");
    send(&app, &bu, &make(&ground), "file", &whole(&ground, "2018-05-01")).await.redirect("/sites/1/plans/1");
    app.get(&shi, "/sites/1/plans/1")
        .await
        .expect(200)
        .says("建设局代施工单位申报")
        .says("等建设单位")
        .lacks("确认名单");
    app.get(&yz, "/sites/1/plans/1").await.expect(200).says("确认名单").says("没有冲突");
    // Nothing is filed while one is under way.
    let refused = send(&app, &shi, &make(&ground), "file", &whole(&ground, "2018-06-01")).await.expect(422);
    refused.says("第1版还在办理中");
    step(&app, &shi, &ground, 1, "confirm", "").await.refused(403, "not-your-role");
    app.form(&yz, "/sites/1/plans/1/confirm", &[("seen", "1")]).await.redirect("/sites/1/plans/1");
    app.form(&yz, "/sites/1/plans/1/confirm", &[("seen", "1")]).await.expect(409).says("业主");
    step(&app, &bu, &ground, 1, "approve", "").await.refused(403, "other-person");
    app.get(&bu, "/sites/1/plans/1").await.expect(200).says("须由建设局另一人批准").lacks("批准名单");
    let empty = app.form(&bu2, "/sites/1/plans/1/return", &[("seen", "2"), ("words", " ")]).await.expect(422);
    empty.says("id=\"return-words\"");
    app.form(&bu2, "/sites/1/plans/1/return", &[("seen", "2"), ("words", "资料员改为每周两天")]).await.expect(303);
    app.get(&shi, "/sites/1/plans/1").await.expect(200).says("资料员改为每周两天").says("改后重报");
    // The form begins with what was returned.
    app.get(&shi, "/sites/1/plans/new?from=1").await.expect(200).says("value=\"主体结构\"").says("已带入第1版");
    let mut better = whole(&ground, "2018-05-01");
    set(&mut better, "lines.4.kind", "per_week");
    set(&mut better, "lines.4.n", "2");
    send(&app, &shi, &make(&ground), "file", &better).await.redirect("/sites/1/plans/2");
    let page = app.get(&yz, "/sites/1/plans/2").await.expect(200).text();
    assert!(page.contains("改动1行，其余6行不变"), "{page}");
    assert!(page.contains("钱文 资料员 每周2天 5月1日–6月30日"), "{page}");
    step(&app, &yz, &ground, 2, "confirm", "").await.expect(200);
    step(&app, &bu, &ground, 2, "approve", "").await.expect(200);
    app.get(&shi, "/sites/1/plans/2")
        .await
        .expect(200)
        .says("已批准")
        .says("2018-05-01起按这一版考勤")
        .says("改出下一版");
    app.get(&shi, "/sites/1/plans/2/compare/1").await.expect(200).says("第2版比第1版改了什么").says("全勤（工作日）");
    app.get_in(&shi, "/sites/1/plans/1/compare/2", "en").await.expect(200).says("2 days a week");
    app.get(&shi, "/sites/1/plans/9").await.expect(404);
});

on_both_async!(what_has_changed_since_it_was_filed_stands_against_a_plan, |db| {
    let app = TestApp::new(db).await;
    let first = open(&app, "示例商务中心", vec![]).await;
    let second = open(&app, "虚构大厦", first.people.clone()).await;
    let (shi, yz, bu) = (app.session("shi").await, app.session("yz").await, app.session("bu").await);
    send(&app, &shi, &make(&first), "file", &whole(&first, "2018-05-01")).await.redirect("/sites/1/plans/1");
    step(&app, &yz, &first, 1, "confirm", "").await.expect(200);
    // The same people cannot be promised elsewhere for the same days.
    let refused = send(&app, &shi, &make(&second), "file", &whole(&second, "2018-05-01")).await.expect(422);
    refused.says("的到岗承诺不能同时做到").says("周建平在").says("href=\"#lines\"");
    // A certificate that was good when the plan was filed ends early now.
    let (terms, person) = (app.app.terms(), first.people[3]);
    let shorten = app.db.write(move |tx| -> Result<(), Failure> {
        let deed = Deed { terms: &terms, by: None, now: at("2018-04-12 10:00") };
        let mut held = staff::certificates(tx, person)?.remove(0);
        (held.what.from, held.what.to) = ("2018-01-01".parse().unwrap(), "2018-05-31".parse().unwrap());
        staff::certify(tx, &deed, &held)
    });
    shorten.await.unwrap();
    let page = app.get(&bu, "/sites/1/plans/1").await.expect(200).text();
    assert!(page.contains("现在查出1处问题") && page.contains("改好前批准不了"), "{page}");
    let refused = app.form(&bu, "/sites/1/plans/1/approve", &[("seen", "2")]).await.expect(422);
    refused.says("第4行孙志刚没有安全员的有效证书：2018-06-01至2018-06-30").says("href=\"#lines.3\"");
});

on_both_async!(whoever_has_no_tie_to_the_site_finds_nothing, |db| {
    let app = TestApp::new(db).await;
    let ground = open(&app, "示例商务中心", vec![]).await;
    let stranger = add_person(&app, "wai", "税务局", Role::Contractor).await;
    let shi = app.session("shi").await;
    send(&app, &shi, &make(&ground), "file", &whole(&ground, "2018-05-01")).await.expect(303);
    let mut all = vec![("wai", Role::Contractor, session_of(&app, stranger).await)];
    for (login, _, _, roles) in PERSONS {
        all.push((login, roles[0], app.session(login).await));
    }
    all.push(("donghai", Role::Enterprise, app.session("donghai").await));
    let plans: Vec<&Route> = ROUTES.iter().filter(|it| it.path.contains("/sites/{no}/plans")).collect();
    assert!(plans.len() >= 11);
    for (name, role, who) in &all {
        let some = [
            Role::Bureau,
            Role::Office,
            Role::Supervision,
            Role::Leader,
            Role::Owner,
            Role::Contractor,
            Role::Consultant,
        ];
        let sees = some.contains(role) && *name != "wai";
        let files = sees && matches!(role, Role::Bureau | Role::Contractor);
        for route in &plans {
            let ask = async |no: &str| {
                let path = route
                    .path
                    .replace("{no}", no)
                    .replace("{version}", "1")
                    .replace("{other}", "1")
                    .replace("{command}", "confirm");
                let body = match (route.method, route.path.starts_with("/api/")) {
                    ("get", _) => "",
                    (_, true) => "{\"command\":\"confirm\",\"seen\":-1}",
                    _ => "do=check&seen=-1",
                };
                app.call(who, route.method, &path, body).await
            };
            let (there, nowhere) = (ask("1").await, ask("99").await);
            let what = format!("{name} {} {}: {} {}", route.method, route.path, there.status, there.text());
            assert!(there.status < 500, "{what}");
            assert_eq!(nowhere.status, 404, "{what}");
            if !sees {
                let same = |it: &Reply| it.text().replace(it.header("x-request-id"), "");
                assert_eq!((there.status, same(&there)), (404, same(&nowhere)), "{what}");
            } else if !route.path.contains("{version}") && route.path != "/api/v1/sites/{no}/plans" {
                assert_eq!(there.status != 403, files, "{what}");
            } else {
                assert_ne!(there.status, 404, "{what}");
            }
        }
    }
    // Who works there sees his own line.
    let own = session_of(&app, ground.people[4]).await;
    app.get(&own, "/sites/1/plans/1").await.expect(200).says("钱文").lacks("周建平").lacks("下一步");
    let listed = app.get(&own, "/api/v1/sites/1/plans").await.expect(200).json();
    assert_eq!(listed["plans"][0]["plan"]["lines"].as_array().unwrap().len(), 1);
    app.get(&own, "/sites/1/plans/new").await.expect(403);
});

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let heads = ["阶段", "阶段类型", "阶段起", "阶段止", "姓名", "岗位", "起", "止", "方式", "日子"].map(str::to_owned);
    let mut writer = Writer::in_memory(Kind::Xlsx, &heads).unwrap();
    for row in rows {
        writer.row(&row.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()).unwrap();
    }
    writer.finish().unwrap()
}

on_both_async!(a_table_fills_the_form_and_hands_two_bad_rows_back, |db| {
    let app = TestApp::new(db).await;
    let ground = open(&app, "示例商务中心", vec![]).await;
    let shi = app.session("shi").await;
    let template = app.get(&shi, "/sites/1/plans/template.xlsx").await.expect(200);
    let table = sheet::from_bytes("a.xlsx", template.bytes).unwrap().table().unwrap();
    assert!(
        table.heads.contains(&"方式".to_owned())
            && table.rows.iter().any(|row| row.cells.contains(&"周建平".to_owned()))
    );
    let book = workbook(&[
        &["收尾", "收尾", "2018-05-14", "2018-06-30", "周建平", "项目负责人", "", "", "全勤", ""],
        &["收尾", "", "", "", "郑晓岚", "质量员", "", "", "每周两天", "周二、周四"],
        &["", "", "", "", "王五", "施工员", "2018-05-14", "2018-06-30", "全勤", ""],
        &["", "", "", "", "孙志刚", "安全员", "2018-05-14", "六月底", "有空就来", ""],
        &["", "", "", "", "钱文", "资料员", "", "", "指定日期:5月16日、23日", ""],
    ]);
    let typed = [("effective", "2018-05-14"), ("upload", "replace"), ("lines.0.person", "x")];
    let page = app.upload_with(&shi, "/sites/1/plans/file", &typed, "名单.xlsx", &book).await.expect(200).text();
    assert!(page.contains("有2行没有采用"), "{page}");
    assert!(
        page.contains("王五；请先登记人员") && page.contains("看不懂：六月底") && page.contains("看不懂：有空就来"),
        "{page}"
    );
    for row in ["<td class=\"number\" data-label=\"行\">4</td>", "<td class=\"number\" data-label=\"行\">5</td>"] {
        assert!(page.contains(row), "{row}");
    }
    assert!(page.contains("周建平 项目负责人 全勤（工作日） 5月14日–6月30日"), "{page}");
    assert!(page.contains("郑晓岚 质量员 每周2天（周二、周四） 5月14日–6月30日"), "{page}");
    assert!(page.contains("钱文 资料员 指定5月16日、5月23日") && page.contains("value=\"2018-05-14\""), "{page}");
    app.get(&shi, "/api/v1/sites/1/plans").await.expect(200).says("\"plans\":[]");
    // The bad rows come back as a file that can be sent again.
    let fields: Vec<(String, String)> = page
        .split("<input type=\"hidden\" name=\"row\" value=\"")
        .skip(1)
        .map(|it| ("row".to_owned(), it.split('"').next().unwrap().replace("&quot;", "\"").replace("&amp;", "&")))
        .collect();
    assert_eq!(fields.len(), 2);
    let pairs: Vec<(&str, &str)> = fields.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let rejects = app.form(&shi, "/sites/1/plans/rejects.csv", &pairs).await.expect(200);
    let table = sheet::from_bytes("rejects.csv", rejects.bytes).unwrap().table().unwrap();
    assert_eq!(table.rows.len(), 2);
    assert!(table.rows[0].cells.contains(&"王五".to_owned()) && table.heads.contains(&"原因".to_owned()));
    // No table at all, and one too large.
    let wrong = app.upload_with(&shi, "/sites/1/plans/file", &typed, "a.pdf", b"%PDF-1.7").await.expect(422);
    wrong.says("PDF").says("id=\"file-error\"");
    let large = app.upload_with(&shi, "/sites/1/plans/file", &typed, "a.csv", &vec![b'a'; (2 << 20) + 1]).await;
    large.expect(422).says("2 MB");
    // A version that is there goes out as a table and comes back as it was.
    let mut fields = whole(&ground, "2018-05-01");
    set(&mut fields, "lines.1.kind", "named");
    set(&mut fields, "lines.1.dates", "5月14日、6月1日");
    set(&mut fields, "lines.2.days", "some");
    fields.extend([one("lines.2.weekday", "tue"), one("lines.2.weekday", "thu"), one("lines.3.shift", "22:00-06:00")]);
    fields.extend([one("lines.4.covers", ground.people[0].to_string()), one("lines.5.delegate", "no")]);
    send(&app, &shi, &make(&ground), "file", &fields).await.redirect("/sites/1/plans/1");
    let book = app.get(&shi, "/sites/1/plans/template.xlsx").await.expect(200).bytes;
    let page = app.upload_with(&shi, "/sites/1/plans/file", &typed, "名单.xlsx", &book).await.expect(200).text();
    let sentences = |page: &str| -> Vec<String> {
        let all = page.split("<span class=\"no\">").skip(1);
        all.map(|it| it.split("</summary>").next().unwrap().to_owned()).collect()
    };
    let before = app.get(&shi, "/sites/1/plans/new?from=1").await.expect(200).text();
    assert!(!page.contains("没有采用") && sentences(&page).len() == 7, "{page}");
    assert_eq!(sentences(&page), sentences(&before));
});

on_both_async!(plans_are_filed_as_json_under_the_same_rules, |db| {
    let app = TestApp::new(db).await;
    let ground = open(&app, "示例商务中心", vec![]).await;
    let shi = app.session("shi").await;
    let line = |at: usize| json!({ "person": ground.people[at], "post": STAFF[at].1, "from": "2018-05-01", "to": "2018-06-30", "kind": "full_time" });
    let plan = |lines: Vec<Value>| json!({ "effective_from": "2018-05-01", "stages": [{ "name": "主体", "kind": "structure", "from": "2018-05-01", "to": "2018-06-30" }], "lines": lines });
    let path = "/api/v1/sites/1/plans";
    let refused = app.post(&shi, path, plan((0..6).map(line).collect())).await.expect(422).json();
    assert_eq!(refused["faults"][0]["field"], "stages.0", "{refused}");
    let stranger = json!({ "person": app.person("li"), "post": "施工员", "from": "2018-05-01", "to": "2018-06-30", "kind": "on_call", "covers": app.person("li") });
    let refused = app.post(&shi, path, plan((0..7).map(line).chain([stranger]).collect())).await.expect(422).text();
    assert!(refused.contains("lines.7.person") && refused.contains("lines.7.covers"), "{refused}");
    assert_eq!(app.post(&shi, path, plan((0..7).map(line).collect())).await.expect(201).json()["version"], 1);
    app.post(&shi, path, json!({ "lines": 3 })).await.expect(422);
    let listed = app.get(&shi, path).await.expect(200).json();
    assert_eq!((&listed["plans"][0]["state"], &listed["plans"][0]["plan"]["version"]), (&json!("filed"), &json!(1)));
    app.get(&shi, &format!("/sites/1/plans/1?against={}", encode("x"))).await.expect(200);
});
