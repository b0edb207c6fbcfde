//! The round of 13 April 2018 on the real register: 160 enterprises over ten teams, all visited, problems told in place.

use crate::cast::Cast;
use domain::campaign::{Period, split_evenly};
use domain::grid::Cell;
use domain::id::*;
use domain::questionnaire::{Kind, Questionnaire, Response};
use domain::time::Millis;
use domain::visit::*;
use server::house::House;
use std::sync::Arc;
use store::ids::fresh;
use store::terms::{Deed, Failure};
use store::{campaign, questionnaire, subject, team, visit};

pub const SUBJECTS: usize = 160;
/// As many as Hangzhou's 百千万 of 2018 brought home (`facts.md` §1.1).
pub const PROBLEMS: usize = 2_828;

pub struct Round {
    pub campaign: campaign::Campaign,
    pub round: campaign::Round,
    pub teams: Vec<team::Team>,
    subjects: Vec<(SubjectId, usize)>,
}

/// Opens the campaign and its round, and splits the first 160 of the register evenly over the ten units.
pub fn open(house: &House, cast: &Cast, now: Millis) -> Round {
    let (terms, by) = (house.terms.clone(), cast.office.person());
    let units: Vec<UnitId> = cast.desks.iter().map(|it| it.unit).collect();
    let opened = house.db.write_blocking(move |tx| {
        let deed = Deed { terms: &terms, by, now };
        let today = now.day();
        let year =
            Period { name: "百千万".into(), name_en: String::new(), from: today.plus(-40), to: today.plus(260) };
        let campaign = campaign::insert(tx, &deed, CampaignId(fresh(now)), &year)?;
        let days = Period { name: "集中走访".into(), name_en: String::new(), from: today, to: today.plus(17) };
        let round = campaign::insert_round(tx, &deed, RoundId(fresh(now)), campaign.id, &days)?;
        let asked: Vec<QuestionnaireId> = questionnaire::list(tx)?.iter().map(|it| it.questionnaire).collect();
        campaign::set_questionnaires(tx, &deed, round.id, &asked)?;
        let mut teams = Vec::new();
        for unit in units {
            let name = format!("第{}组", teams.len() + 1);
            teams.push(team::insert(tx, &deed, TeamId(fresh(now)), round.id, unit, &name)?);
        }
        let rows = tx.query("select id, address from subject order by no limit $1", &store::vals![SUBJECTS as i64])?;
        let ids: Vec<SubjectId> = rows.iter().map(|row| row.parse(0)).collect::<Result<_, _>>()?;
        let streets: Vec<&str> = rows
            .iter()
            .map(|row| Ok(if row.text(1)?.contains("白杨") { "白杨街道" } else { "下沙街道" }))
            .collect::<store::Result<_>>()?;
        let split = split_evenly(&streets, teams.len());
        let subjects: Vec<(SubjectId, usize)> = ids.into_iter().zip(split).collect();
        let given: Vec<(SubjectId, TeamId)> = subjects.iter().map(|(id, at)| (*id, teams[*at].id)).collect();
        team::assign(tx, &deed, round.id, &given)?;
        Ok::<_, Failure>(Round { campaign, round, teams, subjects })
    });
    opened.unwrap()
}

/// Every one of the 160: planned, agreed by telephone, recorded with answers, a finding, a promise and its problems.
pub fn visit_everybody(house: &House, cast: &Cast, round: &Round, messages: &Arc<Vec<(String, String)>>, now: Millis) {
    let mut told = 0;
    for (n, (subject, at)) in round.subjects.iter().enumerate() {
        let count = PROBLEMS / SUBJECTS + usize::from(n < PROBLEMS % SUBJECTS);
        let reports = (told..told + count).map(|it| reported(&messages[it % messages.len()], now)).collect();
        told += count;
        let (officer, team) = (cast.desks[*at].officer.clone(), round.teams[*at].clone());
        let (terms, campaign, round, subject) = (house.terms.clone(), round.campaign.id, round.round.id, *subject);
        let done = house.db.write_blocking(move |tx| {
            let owner = officer.person().unwrap();
            let when = When { day: now.day(), until: None, minute: None };
            let plan = Plan {
                id: VisitId(fresh(now)),
                subject,
                campaign: Some(campaign),
                round: Some(round),
                team: Some(team.id),
                unit: team.unit,
                officer: owner,
                people: Default::default(),
                purpose: Purpose::Visit,
                when,
            };
            let (found, _) = visit::plan(tx, &terms, plan, &officer, now)?;
            let id = found.visit.id;
            let at_nine = When { minute: Some(9 * 60), ..when };
            let agree = Order {
                command: Command::Agree { when: at_nine, with: "办公室".into() },
                words: String::new(),
                seen: 1,
            };
            visit::perform(tx, &terms, &officer, id, &agree, now)?;
            let asked = questionnaire::list_of_round(tx, round)?;
            let mut record = Record::on(at_nine);
            record.met = "总经理".into();
            record.minutes = "到车间看了生产线，听取了经营情况和困难。".into();
            record.filled = asked.iter().map(|it| Filled { version: it.id, responses: answers(&it.form, n) }).collect();
            let kind = FindingKind::ALL[n % FindingKind::ALL.len()];
            record
                .findings
                .push(Finding { id: FindingId(fresh(now)), kind, text: "希望政策一次讲清。".into() });
            record.promises.push(Promise {
                id: PromiseId(fresh(now)),
                text: "三天内送上申报指南。".into(),
                owner,
                due: now.day().plus(3),
            });
            record.cells.extend(Cell::all().nth(6 + n % 6));
            let command = Command::Record { record: Box::new(record), reports };
            visit::perform(tx, &terms, &officer, id, &Order { command, words: String::new(), seen: 2 }, now)?;
            let again = subject::find(tx, subject)?.unwrap();
            assert!(again.reporter.is_some(), "the enterprise is the reporter of what it told");
            Ok::<_, Failure>(())
        });
        done.unwrap_or_else(|failure| panic!("enterprise {n}: {failure}"));
    }
    assert_eq!(told, PROBLEMS);
}

fn reported((title, detail): &(String, String), now: Millis) -> Reported {
    Reported {
        id: ProblemId(fresh(now)),
        title: title.clone(),
        detail: detail.clone(),
        place: String::new(),
        shielded: false,
    }
}

/// An answer to every question that is shown, another choice for every enterprise.
fn answers(form: &Questionnaire, n: usize) -> Vec<Response> {
    let mut given: Vec<Response> = Vec::new();
    for question in &form.questions {
        if !form.shown(&given).iter().any(|it| it.key == question.key) {
            continue;
        }
        let choices =
            question.kind.options().map(|options| vec![options[n % options.len()].code.clone()]).unwrap_or_default();
        let text = match question.kind {
            Kind::Number { .. } => "12".into(),
            Kind::Day => "2018-06-30".into(),
            Kind::Text | Kind::Long => "已说明。".to_owned(),
            _ => String::new(),
        };
        given.push(Response { question: question.key.clone(), choices, text });
    }
    given
}
