//! A round with a team, a questionnaire, a policy and a subject, and visits to it, on top of `stage`.

use crate::stage::{Stage, at, id_of};
use domain::campaign::Period;
use domain::grid::Cell;
use domain::id::*;
use domain::questionnaire::{Questionnaire, Response};
use domain::role::{Actor, Role};
use domain::subject::{Card, Kind};
use domain::time::Day;
use domain::visit::*;
use std::collections::BTreeMap;
use store::policy::Policy;
use store::terms::{Deed, Failure};
use store::visit::Found;
use store::{campaign, ids, person, policy, questionnaire, subject, team, visit};

pub const FORM: &str = r#"{ "title": "推项目", "title-en": "Projects", "questions": [
  { "key": "planned", "ask": "有新项目吗？", "ask-en": "New projects?", "kind": { "type": "yes-no" }, "required": true },
  { "key": "list", "ask": "哪些？", "ask-en": "Which?", "kind": { "type": "long" }, "when": { "question": "planned", "is": ["yes"] } } ] }"#;

pub struct Doorstep {
    pub stage: Stage,
    pub round: RoundId,
    pub campaign: CampaignId,
    pub team: TeamId,
    pub subject: SubjectId,
    pub version: VersionId,
    pub policy: PolicyId,
    pub leader: Actor,
    /// Of 税务局, which has no team.
    pub outsider: Actor,
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

impl Doorstep {
    pub fn set(db: &testkit::Db) -> Doorstep {
        let stage = Stage::set(db);
        let (terms, he, finance) = (stage.terms.clone(), stage.he.clone(), stage.he.hats()[0].unit);
        db.write_blocking(move |tx| -> Result<Doorstep, Failure> {
            let now = at("2018-04-02 09:00");
            let deed = Deed { terms: &terms, by: he.person(), now };
            let period = |name: &str| Period {
                name: name.into(),
                name_en: String::new(),
                from: day("2018-01-01"),
                to: day("2018-12-31"),
            };
            let campaign = campaign::insert(tx, &deed, CampaignId(ids::fresh(now)), &period("百千万"))?.id;
            let round = campaign::insert_round(tx, &deed, RoundId(ids::fresh(now)), campaign, &period("百家企业"))?.id;
            let team = team::insert(tx, &deed, TeamId(ids::fresh(now)), round, finance, "一组")?.id;
            let card =
                Card { address: "23号大街1号".into(), ..Card::named(Kind::Enterprise, "示例纺织有限公司") };
            let subject = subject::insert(tx, &deed, SubjectId(ids::fresh(now)), card)?.id;
            team::assign(tx, &deed, round, &[(subject, team)])?;
            let form: Questionnaire = serde_json::from_str(FORM).unwrap();
            let version = questionnaire::publish(tx, &deed, "projects", &form)?;
            campaign::set_questionnaires(tx, &deed, round, &[version.questionnaire])?;
            let policy = Policy {
                id: PolicyId(ids::fresh(now)),
                title: "技改补助".into(),
                issuer: "经发局".into(),
                issued_on: "2018-03-01".into(),
                edition: "第一版".into(),
                ended: false,
            };
            policy::save(tx, &deed, &policy)?;
            let mut actor = |login: &str, role: Role| -> Result<Actor, Failure> {
                let unit = store::unit::insert(tx, login, "", None, now)?;
                let new = person::NewPerson { login, name: login, unit, roles: &[role], reporter: None, password: "" };
                let id = person::insert(tx, &new, now)?;
                let found = person::find(tx, id)?.unwrap();
                Ok(person::actor(tx, &found, now)?)
            };
            let (leader, outsider) = (actor("zheng", Role::Leader)?, actor("qian", Role::Officer)?);
            Ok(Doorstep {
                stage,
                round,
                campaign,
                team,
                subject,
                version: version.id,
                policy: policy.id,
                leader,
                outsider,
            })
        })
        .unwrap()
    }

    pub fn plan_of(&self, who: &Actor, on: &str) -> Plan {
        let own = *who == self.stage.he;
        Plan {
            id: VisitId(ids::fresh(at("2018-04-12 10:00"))),
            subject: self.subject,
            campaign: own.then_some(self.campaign),
            round: own.then_some(self.round),
            team: own.then_some(self.team),
            unit: who.hats()[0].unit,
            officer: id_of(who),
            people: Default::default(),
            purpose: Purpose::Visit,
            when: When { day: day(on), until: None, minute: None },
        }
    }

    pub fn plan(&self, who: &Actor, plan: Plan, when: &str) -> Result<(Found, bool), Failure> {
        let (terms, who, now) = (self.stage.terms.clone(), who.clone(), at(when));
        self.stage.db.write_blocking(move |tx| visit::plan(tx, &terms, plan, &who, now))
    }

    pub fn planned(&self, on: &str) -> VisitId {
        let he = &self.stage.he;
        self.plan(he, self.plan_of(he, on), "2018-04-12 10:00").unwrap().0.visit.id
    }

    pub fn find(&self, id: VisitId) -> Visit {
        self.stage.db.read_blocking(move |tx| visit::find(tx, id)).unwrap().unwrap().visit
    }

    pub fn act(&self, who: &Actor, id: VisitId, command: Command, when: &str) -> Result<Found, Failure> {
        self.act_seen(who, id, command, when, self.find(id).revision)
    }

    pub fn act_seen(
        &self,
        who: &Actor,
        id: VisitId,
        command: Command,
        when: &str,
        seen: i64,
    ) -> Result<Found, Failure> {
        let (terms, who, now) = (self.stage.terms.clone(), who.clone(), at(when));
        let order = Order { command, words: "企业补充".into(), seen };
        self.stage.db.write_blocking(move |tx| visit::perform(tx, &terms, &who, id, &order, now))
    }

    /// With answers, a finding, a promise, a policy and a cell.
    pub fn record(&self, on: &str) -> Record {
        let now = at("2018-04-13 15:00");
        Record {
            met: "沈厂长".into(),
            people: [id_of(&self.leader)].into(),
            minutes: "订单饱满，缺人。".into(),
            filled: vec![Filled {
                version: self.version,
                responses: vec![
                    Response { question: "planned".into(), choices: vec!["yes".into()], text: String::new() },
                    Response { question: "list".into(), choices: vec![], text: "二期厂房".into() },
                ],
            }],
            findings: vec![Finding {
                id: FindingId(ids::fresh(now)),
                kind: FindingKind::Suggestion,
                text: "建议多开专场招聘".into(),
            }],
            promises: vec![Promise {
                id: PromiseId(ids::fresh(now)),
                text: "问清并网手续".into(),
                owner: id_of(&self.stage.he),
                due: day("2018-04-23"),
            }],
            policies: BTreeMap::from([(self.policy, String::new())]),
            cells: [Cell::all().next().unwrap()].into(),
            ..Record::on(When { day: day(on), until: None, minute: Some(570) })
        }
    }

    pub fn reports(&self) -> Vec<Reported> {
        ["夜间停水", "招工难"]
            .map(|title| Reported {
                id: ProblemId(ids::fresh(at("2018-04-13 15:00"))),
                title: title.into(),
                detail: "企业反映".into(),
                place: String::new(),
                shielded: false,
            })
            .to_vec()
    }

    pub fn int(&self, sql: &'static str) -> i64 {
        self.stage.db.read_blocking(move |tx| tx.query_one(sql, &[])).unwrap().int(0).unwrap()
    }

    pub fn text(&self, sql: &'static str) -> String {
        self.stage.db.read_blocking(move |tx| tx.query_one(sql, &[])).unwrap().string(0).unwrap()
    }
}
