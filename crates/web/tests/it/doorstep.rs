//! A campaign set up by forms as the office does it, and visits recorded as the officers would, for tests and pictures.

use crate::stage::{As, TestApp};
use domain::grid::Cell;
use domain::id::*;
use domain::questionnaire::{Question, Questionnaire, Response};
use domain::role::Actor;
use domain::visit::{Command, Filled, Finding, FindingKind, Order, Plan, Promise, Purpose, Record, Reported, When};
use serde_json::json;
use std::collections::BTreeSet;
use store::team::Team;

/// A UUID as a form brings it.
pub fn id(app: &TestApp) -> String {
    store::ids::fresh(app.now()).to_string()
}

/// Enters `count` enterprises by the API, spread over areas; their numbers begin after those there are.
pub async fn subjects(app: &TestApp, office: &As, count: usize) {
    const NAMES: [&str; 4] = ["示例精密机械", "样例光电科技", "虚构智能装备", "拟名生物制药"];
    for i in 0..count {
        let name = format!("{}{}有限公司", NAMES[i % 4], i + 1);
        let area = if i % 5 < 3 { "白杨街道" } else { "下沙街道" };
        let tags = if i % 2 == 0 { vec!["重点企业"] } else { vec![] };
        let body = json!({ "name": name, "area": area, "industry": "装备制造", "address": format!("幸福南路{}号", i + 1), "tags": tags });
        app.post(office, "/api/v1/subjects", body).await.expect(201);
    }
}

/// Campaign 1 with round 1, both by their forms.
pub async fn round(app: &TestApp, office: &As) {
    let (campaign, round) = (id(app), id(app));
    let fields = [
        ("id", campaign.as_str()),
        ("name", "2018年“百千万”行动"),
        ("name_en", "The 2018 campaign"),
        ("from", "2018-04-13"),
        ("to", "2018-12-31"),
    ];
    app.form(office, "/campaigns", &fields).await.redirect("/campaigns/1");
    let fields = [("id", round.as_str()), ("name", "160家重点企业走访"), ("from", "2018-04-13"), ("to", "2018-06-30")];
    app.form(office, "/campaigns/1/rounds", &fields).await.redirect("/rounds/1");
    let asked = [("place-status", "1"), ("place-upgrade", "2"), ("place-projects", "")];
    app.form(office, "/rounds/1/questionnaires", &asked).await.redirect("/rounds/1");
}

/// A team of each unit in round 1.
pub async fn teams(app: &TestApp, office: &As, units: &[&str]) {
    for unit in units {
        app.wait_ms(2);
        let fields = [("id", id(app)), ("unit", app.unit(unit))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.form(office, "/rounds/1/teams", &fields).await.redirect("/rounds/1");
    }
}

pub async fn team(app: &TestApp, name: &str) -> Team {
    let name = name.to_owned();
    let found = app.db.read(move |tx| {
        let round = store::campaign::find_round_by_no(tx, 1)?.unwrap();
        Ok::<_, store::Error>(store::team::list(tx, round.id)?.into_iter().find(|it| it.name == name))
    });
    found.await.unwrap().unwrap()
}

/// Assigns by hand.
pub async fn assign(app: &TestApp, office: &As, team: &Team, subjects: &str) {
    let team = team.id.to_string();
    let fields = [("subjects", subjects), ("team", team.as_str()), ("do", "assign")];
    app.form(office, "/rounds/1/assignments", &fields).await.redirect("/rounds/1");
}

pub async fn policy(app: &TestApp, office: &As, title: &str) {
    let policy = id(app);
    let fields = [
        ("id", policy.as_str()),
        ("title", title),
        ("issuer", "管委会"),
        ("issued_on", "2018-03-01"),
        ("edition", "2018年第1版"),
    ];
    app.form(office, "/policies", &fields).await.redirect("/policies");
}

/// What one visit brings home.
#[derive(Clone, Copy)]
pub struct Heard {
    pub operation: &'static str,
    pub finding: Option<(FindingKind, &'static str)>,
    pub promise: Option<&'static str>,
    pub problem: Option<&'static str>,
    pub cell: &'static str,
}

pub const QUIET: Heard = Heard { operation: "same", finding: None, promise: None, problem: None, cell: "" };

/// All that must be answered, and a few words more.
fn answers(form: &Questionnaire, operation: &str) -> Vec<Response> {
    let said = |question: &str, choice: &str, text: &str| Response {
        question: question.into(),
        choices: Some(choice).filter(|it| !it.is_empty()).map(str::to_owned).into_iter().collect(),
        text: text.into(),
    };
    let answer = |it: &Question| match (it.key.as_str(), it.kind.options()) {
        ("operation", _) => Some(said("operation", operation, "")),
        ("difficulties", _) => Some(said("difficulties", "labour", "")),
        ("difficulties-detail", _) => Some(said("difficulties-detail", "", "旺季缺一线操作工。")),
        (key, Some(options)) if it.required => Some(said(key, &options[0].code, "")),
        (key, None) if it.required => Some(said(key, "", "暂无")),
        _ => None,
    };
    form.questions.iter().filter_map(answer).collect()
}

/// Plans and records a visit of `login` and his team to a subject, today. Says its number.
pub async fn visit(app: &TestApp, login: &str, team: &Team, subject_no: i64, heard: Heard) -> i64 {
    let (terms, now, team) = (app.app.terms(), app.now(), team.clone());
    let officer: PersonId = app.person(login).parse().unwrap();
    let done = app.db.write(move |tx| {
        let person = store::person::find(tx, officer)?.unwrap();
        let actor: Actor = store::person::actor(tx, &person, now)?;
        let subject = store::subject::find_by_no(tx, subject_no)?.unwrap();
        let round = store::campaign::find_round(tx, team.round)?.unwrap();
        let when = When { day: now.day(), until: None, minute: Some(570) };
        let plan = Plan {
            id: VisitId(store::ids::fresh(now)),
            subject: subject.id,
            campaign: Some(round.campaign),
            round: Some(round.id),
            team: Some(team.id),
            unit: team.unit,
            officer,
            people: BTreeSet::new(),
            purpose: Purpose::Visit,
            when,
        };
        let (found, _) = store::visit::plan(tx, &terms, plan, &actor, now)?;
        let asked = store::questionnaire::list_of_round(tx, round.id)?;
        let mut record = Record::on(when);
        record.met = "李总".into();
        record.minutes = "看了车间，谈了订单和用工。".into();
        record.filled =
            asked.iter().map(|it| Filled { version: it.id, responses: answers(&it.form, heard.operation) }).collect();
        let fresh = || store::ids::fresh(now);
        record.findings = heard
            .finding
            .map(|(kind, text)| Finding { id: FindingId(fresh()), kind, text: text.into() })
            .into_iter()
            .collect();
        record.promises = heard
            .promise
            .map(|text| Promise { id: PromiseId(fresh()), text: text.into(), owner: officer, due: now.day().plus(7) })
            .into_iter()
            .collect();
        record.policies = store::policy::list(tx, false)?.into_iter().map(|it| (it.id, String::new())).collect();
        record.cells = heard.cell.parse::<Cell>().into_iter().collect();
        let reports: Vec<Reported> = heard
            .problem
            .map(|title| Reported {
                id: ProblemId(fresh()),
                title: title.into(),
                detail: String::new(),
                place: String::new(),
                shielded: false,
            })
            .into_iter()
            .collect();
        let order = Order {
            command: Command::Record { record: Box::new(record), reports },
            words: String::new(),
            seen: found.visit.revision,
        };
        let id = found.visit.id;
        store::visit::perform(tx, &terms, &actor, id, &order, now)?;
        Ok::<_, store::terms::Failure>(found.no)
    });
    done.await.unwrap()
}

/// A campaign in its course, for pictures and for everybody who asks for its pages.
pub async fn settle(app: &TestApp) {
    let office = app.session("zhou").await;
    subjects(app, &office, 40).await;
    round(app, &office).await;
    teams(app, &office, &["财政局", "税务局", "经发局"]).await;
    policy(app, &office, "关于应对国际贸易摩擦支持企业稳定发展的若干意见").await;
    policy(app, &office, "工业互联网和企业上云补助办法").await;
    let (finance, tax, economy) = (team(app, "财政局").await, team(app, "税务局").await, team(app, "经发局").await);
    let numbers = |from: i64, to: i64| (from..=to).map(|it| it.to_string()).collect::<Vec<_>>().join(" ");
    assign(app, &office, &finance, &numbers(1, 16)).await;
    assign(app, &office, &tax, &numbers(17, 32)).await;
    assign(app, &office, &economy, &numbers(33, 40)).await;
    let contact = id(app);
    let fields =
        [("id", contact.as_str()), ("name", "李明"), ("post", "总经理"), ("phone", "0571-86900001, 13800000009")];
    app.form(&office, "/subjects/1/contacts", &fields).await.redirect("/subjects/1");
    let rich = Heard {
        operation: "worse",
        finding: Some((FindingKind::Practice, "用旧产线改出柔性小单元，换型时间从两小时减到二十分钟。")),
        promise: Some("联系人社局，安排两场专场招聘。"),
        problem: Some("一线操作工缺口60人，旺季前招不到"),
        cell: "enterprise.reform",
    };
    visit(app, "he", &finance, 1, rich).await;
    for no in 2..=12 {
        visit(app, "he", &finance, no, QUIET).await;
    }
    let other = Heard {
        operation: "better",
        finding: Some((FindingKind::Suggestion, "希望多开几场出口退税辅导会。")),
        problem: Some("出口退税单证备案要求各口径不一"),
        cell: "enterprise.innovation",
        promise: None,
    };
    visit(app, "qian", &tax, 17, other).await;
    for no in 18..=21 {
        visit(app, "qian", &tax, no, QUIET).await;
    }
}

/// The same, and its two problems at the upper tiers, one of them dispatched.
pub async fn under_way(app: &TestApp) {
    settle(app).await;
    let office = app.session("zhou").await;
    let campaign = app.db.read(|tx| store::campaign::find_by_no(tx, 1)).await.unwrap().unwrap().id;
    let problems =
        app.get(&office, &format!("/api/v1/problems?by=newest&campaign={campaign}")).await.expect(200).json();
    for (i, line) in problems["problems"].as_array().unwrap().iter().enumerate() {
        let id = line["id"].as_str().unwrap();
        let tier = if i == 0 { "above" } else { "committee" };
        let triage =
            json!({ "command": "triage", "category": app.category("用水用电"), "tier": tier, "urgency": "ordinary" });
        crate::r#loop::step(app, &office, id, triage).await.expect(200);
        if i == 0 {
            let dispatch =
                json!({ "command": "dispatch", "lead": app.unit("经发局"), "supports": [], "words": "请办理" });
            crate::r#loop::step(app, &office, id, dispatch).await.expect(200);
        }
    }
}
