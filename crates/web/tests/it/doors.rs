//! A round of visits: the finance bureau's team, two enterprises, the shipped questionnaires, a policy.

use crate::stage::{As, Reply, TestApp, at};
use domain::campaign::Period;
use domain::id::*;
use domain::subject::{Card, Kind};
use serde_json::{Value, json};
use store::terms::{Deed, Failure};
use store::{campaign, contact, ids, policy, questionnaire, subject, team};

pub const FIRM: &str = "示例纺织有限公司";

#[derive(Clone)]
pub struct Doors {
    pub round: RoundId,
    pub subject: SubjectId,
    pub policy: PolicyId,
    /// The version of 推项目.
    pub projects: VersionId,
    pub upgrade: VersionId,
    pub status: VersionId,
}

/// Subject 1 is assigned to the team of 何思源 and 钱干's colleagues; subject 2 to nobody.
pub async fn open(app: &TestApp) -> Doors {
    let (terms, unit) = (app.app.terms(), app.units["财政局"]);
    let doors = app.db.write(move |tx| -> Result<Doors, Failure> {
        let now = at("2018-04-02 09:00");
        let deed = Deed { terms: &terms, by: None, now };
        let day = |text: &str| text.parse().unwrap();
        let period = |name: &str| Period {
            name: name.into(),
            name_en: "Hundred firms".into(),
            from: day("2018-01-01"),
            to: day("2018-12-31"),
        };
        let year = campaign::insert(tx, &deed, CampaignId(ids::fresh(now)), &period("百千万"))?.id;
        let round = campaign::insert_round(tx, &deed, RoundId(ids::fresh(now)), year, &period("百家企业"))?.id;
        let one = team::insert(tx, &deed, TeamId(ids::fresh(now)), round, unit, "第一组")?.id;
        let mut firm = |name: &str| {
            let card = Card { address: "23号大街1号".into(), ..Card::named(Kind::Enterprise, name) };
            subject::insert(tx, &deed, SubjectId(ids::fresh(now)), card).map(|it| it.id)
        };
        let (first, _) = (firm(FIRM)?, firm("虚构服饰有限公司")?);
        let person = contact::Contact {
            id: ContactId(ids::fresh(now)),
            subject: first,
            name: "沈厂长".into(),
            post: "厂长".into(),
            phone: "13900001111".into(),
            email: String::new(),
            note: String::new(),
        };
        contact::save(tx, &deed, person)?;
        team::assign(tx, &deed, round, &[(first, one)])?;
        let mut asked = vec![];
        for (code, form) in domain::questionnaire::shipped() {
            asked.push(questionnaire::publish(tx, &deed, code, &form)?);
        }
        campaign::set_questionnaires(tx, &deed, round, &asked.iter().map(|it| it.questionnaire).collect::<Vec<_>>())?;
        let policy = policy::Policy {
            id: PolicyId(ids::fresh(now)),
            title: "技改补助".into(),
            issuer: "经发局".into(),
            issued_on: "2018-03-01".into(),
            edition: "第一版".into(),
            ended: false,
        };
        policy::save(tx, &deed, &policy)?;
        Ok(Doors {
            round,
            subject: first,
            policy: policy.id,
            status: asked[0].id,
            projects: asked[1].id,
            upgrade: asked[2].id,
        })
    });
    doors.await.unwrap()
}

impl Doors {
    /// Planned by JSON.
    pub async fn plan(&self, app: &TestApp, who: &As, day: &str) -> (String, i64) {
        let mut body = json!({ "subject": self.subject, "day": day });
        body["round"] = json!(self.round);
        let done = app.post(who, "/api/v1/visits", body).await.expect(201).json();
        (done["id"].as_str().unwrap().to_owned(), done["no"].as_i64().unwrap())
    }

    /// The answers that the shipped questionnaires demand, by the names of the form's fields.
    pub fn answers(&self) -> Vec<(String, String)> {
        let mut fields = vec![];
        for (version, (_, form)) in
            [self.status, self.projects, self.upgrade].iter().zip(domain::questionnaire::shipped())
        {
            for question in form.questions.iter().filter(|it| it.required && it.when.is_none()) {
                let value =
                    question.kind.options().and_then(|all| all.last()).map_or("12".to_owned(), |it| it.code.clone());
                fields.push((format!("q.{version}.{}", question.key), value));
            }
        }
        fields
    }

    /// The same as JSON.
    pub fn filled(&self) -> Value {
        let mut by_version = serde_json::Map::new();
        for (name, value) in self.answers() {
            let mut parts = name.splitn(3, '.').skip(1);
            let (version, key) = (parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned());
            let responses = by_version.entry(version).or_insert_with(|| json!([]));
            responses.as_array_mut().unwrap().push(json!({ "question": key, "choices": [value], "text": value }));
        }
        by_version
            .into_iter()
            .map(|(version, responses)| json!({ "version": version, "responses": responses }))
            .collect()
    }

    pub fn record(&self, day: &str) -> Value {
        json!({ "command": "record", "day": day, "minutes": "订单饱满，缺人。", "met": "沈厂长", "filled": self.filled() })
    }
}

/// A command with the revision that stands now.
pub async fn act(app: &TestApp, who: &As, id: &str, mut body: Value) -> Reply {
    let revision = app.get(who, &format!("/api/v1/visits/{id}")).await.json()["revision"].clone();
    if body["seen"].is_null() {
        body["seen"] = revision;
    }
    app.post(who, &format!("/api/v1/visits/{id}/commands"), body).await
}
