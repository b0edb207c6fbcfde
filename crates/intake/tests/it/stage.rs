//! A house with two units, an office, a round and its team; and tables out of texts.

use domain::calendar::Calendar;
use domain::campaign::Period;
use domain::id::{CampaignId, RoundId, SubjectId, TeamId};
use domain::role::{Actor, Role};
use domain::time::{Day, Millis};
use intake::{Counts, Error, Kind, Run, Undone, Ways, Wish};
use std::time::Duration;
use store::ids::fresh;
use store::terms::{Deed, Failure, Terms};
use store::words::{MasterKey, sha256};
use store::{Db, Tx, campaign, person, subject, team, terms, unit};

pub const NOW: &str = "2018-04-20 09:00";

pub fn now() -> Millis {
    Millis::parse_local(NOW).unwrap()
}

pub struct Stage {
    pub db: Db,
    pub terms: Terms,
    /// 周敏 of the office.
    pub zhou: Actor,
    pub round: RoundId,
    pub team: TeamId,
}

impl Stage {
    /// 走访办 with zhou, 经发局 with the officers he and gu, a team of 经发局 in the round 一百六十家.
    pub fn set(db: &Db) -> Stage {
        let database = db.clone();
        db.write_blocking(move |tx| -> Result<Stage, Failure> {
            let master = MasterKey::from_bytes([7; 32]);
            terms::bind_key(tx, &master)?;
            for notice in Calendar::shipped_notices().unwrap() {
                store::holiday::import(tx, &notice)?;
            }
            let terms = terms::load(tx, &master)?;
            let office = unit::insert(tx, "走访办", "", None, now())?;
            let economy = unit::insert(tx, "经发局", "", None, now())?;
            let mut add = |login: &str, name: &str, unit, role| -> Result<_, Failure> {
                let new = person::NewPerson { login, name, unit, roles: &[role], reporter: None, password: "phc" };
                let id = person::insert(tx, &new, now())?;
                let found = person::find(tx, id)?.unwrap();
                Ok(person::actor(tx, &found, now())?)
            };
            let zhou = add("zhou", "周敏", office, Role::Office)?;
            add("he", "何平", economy, Role::Officer)?;
            add("gu", "顾青", economy, Role::Officer)?;
            let deed = Deed { terms: &terms, by: None, now: now() };
            let day = |text: &str| text.parse::<Day>().unwrap();
            let period = |name: &str| Period {
                name: name.into(),
                name_en: String::new(),
                from: day("2018-04-01"),
                to: day("2018-12-31"),
            };
            let campaign = CampaignId(fresh(now()));
            campaign::insert(tx, &deed, campaign, &period("百千万"))?;
            let round = RoundId(fresh(now()));
            campaign::insert_round(tx, &deed, round, campaign, &period("一百六十家"))?;
            let team = TeamId(fresh(now()));
            team::insert(tx, &deed, team, round, economy, "第一组")?;
            Ok(Stage { db: database, terms, zhou, round, team })
        })
        .unwrap()
    }

    pub fn run(&self, kind: Kind, table: impl Into<Vec<u8>>) -> Run {
        self.try_run(kind, table, "", None).unwrap()
    }

    pub fn try_run(
        &self,
        kind: Kind,
        table: impl Into<Vec<u8>>,
        source: &str,
        ways: Option<Ways>,
    ) -> Result<Run, Error> {
        let bytes = table.into();
        let sha256 = sha256(&[&bytes]);
        let reader = sheet::from_bytes("table.csv", bytes)?;
        let wish = Wish { kind, file: "table.csv", sha256: &sha256, source, ways, by: None, pause: Duration::ZERO };
        intake::run(&self.db, &self.terms, reader, &wish, &now, &mut |_| {})
    }

    pub fn undo(&self, run: &Run) -> Undone {
        intake::undo(&self.db, &self.terms, run.id, &self.zhou, &now).unwrap()
    }

    /// Field and Chinese reason of each rejected row.
    pub fn rejects(&self, run: &Run) -> Vec<(i64, String, String)> {
        let all = intake::first_rejects(&self.db, run, 100).unwrap();
        all.into_iter().map(|it| (it.line, it.field, it.zh)).collect()
    }

    pub fn ask<T: Send + 'static>(&self, f: impl FnOnce(&mut dyn Tx) -> store::Result<T> + Send + 'static) -> T {
        self.db.read_blocking(f).unwrap()
    }

    pub fn count(&self, sql: &'static str) -> i64 {
        self.ask(move |tx| tx.query_one(sql, &[])?.int(0))
    }

    pub fn subject(&self, text: &str) -> subject::Subject {
        let text = text.to_owned();
        self.ask(move |tx| subject::find_by_code_or_name(tx, &text)).unwrap()
    }

    pub fn assign(&self, names: &[&str]) {
        let given: Vec<(SubjectId, TeamId)> = names.iter().map(|it| (self.subject(it).id, self.team)).collect();
        let (terms, round) = (self.terms.clone(), self.round);
        self.db
            .write_blocking(move |tx| team::assign(tx, &Deed { terms: &terms, by: None, now: now() }, round, &given))
            .unwrap();
    }

    /// Everything written is whole.
    pub fn verified(&self) {
        let report = self.ask(|tx| store::audit::verify(tx, &mut |_| {}));
        assert_eq!(report.broken, None);
    }
}

pub fn counts(imported: i64, updated: i64, unchanged: i64, rejected: i64) -> Counts {
    Counts { imported, updated, unchanged, rejected }
}
