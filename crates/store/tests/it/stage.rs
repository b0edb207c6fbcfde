//! The persons of `scenarios/loop.md` and its standard problem Q, in a database of their own.

use domain::calendar::Calendar;
use domain::command::{Answering, Command, EvidenceGiven, Order};
use domain::id::{PersonId, ProblemId, ReporterId, UnitId};
use domain::problem::{Outcome, Satisfaction, Source, Verdict};
use domain::role::{Actor, Role};
use domain::time::Millis;
use store::problem::{Draft, Found, Named};
use store::reporter::Reporter;
use store::terms::{Failure, Terms};
use store::words::MasterKey;
use store::{Db, ids, person, problem, terms, unit};

pub fn at(text: &str) -> Millis {
    Millis::parse_local(text).unwrap()
}

#[derive(Clone)]
pub struct Stage {
    pub db: Db,
    pub terms: Terms,
    /// 走访办 and 督查室.
    pub zhou: Actor,
    pub wu: Actor,
    /// Clerk and head of 经发局, the lead unit.
    pub li: Actor,
    pub wang: Actor,
    /// Clerk of 建设局, the supporting unit.
    pub chen: Actor,
    /// Visiting officer, of 财政局.
    pub he: Actor,
    pub taihe: Actor,
    pub economy: UnitId,
    pub building: UnitId,
    pub reporter: ReporterId,
}

impl Stage {
    pub fn set(db: &Db) -> Stage {
        let database = db.clone();
        db.write_blocking(move |tx| -> Result<Stage, Failure> {
            let now = at("2018-04-01 09:00");
            let master = MasterKey::from_bytes([7; 32]);
            terms::bind_key(tx, &master)?;
            for notice in Calendar::shipped_notices().unwrap() {
                store::holiday::import(tx, &notice)?;
            }
            let terms = terms::load(tx, &master)?;
            let mut unit = |name: &str| unit::insert(tx, name, "", None, now);
            let (office, supervision) = (unit("走访办")?, unit("督查室")?);
            let (economy, building, finance) = (unit("经发局")?, unit("建设局")?, unit("财政局")?);
            let mut actor = |login: &str, unit: UnitId, role: Role| -> Result<Actor, Failure> {
                let new =
                    person::NewPerson { login, name: login, unit, roles: &[role], reporter: None, password: "phc" };
                let id = person::insert(tx, &new, now)?;
                let found = person::find(tx, id)?.unwrap();
                Ok(person::actor(tx, &found, now)?)
            };
            let reporter = ReporterId(ids::fresh(now));
            Ok(Stage {
                zhou: actor("zhou", office, Role::Office)?,
                wu: actor("wu", supervision, Role::Supervision)?,
                li: actor("li", economy, Role::Clerk)?,
                wang: actor("wang", economy, Role::Head)?,
                chen: actor("chen", building, Role::Clerk)?,
                he: actor("he", finance, Role::Officer)?,
                taihe: Actor::Reporter(reporter),
                db: database,
                terms,
                economy,
                building,
                reporter,
            })
        })
        .unwrap()
    }

    pub fn draft(&self, title: &str, now: Millis) -> Draft {
        Draft {
            id: ProblemId(ids::fresh(now)),
            title: title.into(),
            detail: "企业反映夜间用水压力不足".into(),
            place: "23号大街".into(),
            occurred: "2018-04-12".into(),
            source: Source::Visit,
            reporter: None,
            shielded: false,
            officer: self.he.person(),
            heard: Default::default(),
        }
    }

    pub fn taihe(&self) -> Reporter {
        Reporter {
            id: self.reporter,
            name: "泰和电子".into(),
            phone: "13800000000".into(),
            address: "白杨街道".into(),
            code: String::new(),
        }
    }

    pub fn file(&self, draft: Draft, now: Millis) -> Result<(Found, bool), Failure> {
        let (terms, by) = (self.terms.clone(), self.he.clone());
        self.db.write_blocking(move |tx| problem::register(tx, &terms, draft, &by, now))
    }

    /// Filed by 何 for 泰和电子.
    pub fn registered(&self, now: Millis) -> ProblemId {
        let known = self.db.read_blocking({
            let id = self.reporter;
            move |tx| store::reporter::find(tx, id)
        });
        let named = if known.unwrap().is_some() { Named::Known(self.reporter) } else { Named::New(self.taihe()) };
        let draft = Draft { reporter: Some(named), ..self.draft("夜间停水", now) };
        self.file(draft, now).unwrap().0.problem.id
    }

    /// Q, dispatched on Monday 2018-04-16 09:00.
    pub fn dispatched(&self) -> ProblemId {
        let id = self.registered(at("2018-04-13 10:00"));
        let dispatch = Command::Dispatch { lead: Some(self.economy), supports: vec![self.building] };
        self.act(&self.zhou, id, dispatch, "2018-04-16 09:00").unwrap();
        id
    }

    /// Q, received by 李 on 04-16 15:00.
    pub fn in_hand(&self) -> ProblemId {
        let id = self.dispatched();
        self.act(&self.li, id, Command::Receive, "2018-04-16 15:00").unwrap();
        id
    }

    pub fn find(&self, id: ProblemId) -> Found {
        self.db.read_blocking(move |tx| problem::find(tx, id)).unwrap().unwrap()
    }

    /// With the revision that stands now, and words that say nothing.
    pub fn act(&self, who: &Actor, id: ProblemId, command: Command, when: &str) -> Result<Found, Failure> {
        self.act_seen(who, id, command, when, self.find(id).problem.revision)
    }

    pub fn act_seen(
        &self,
        who: &Actor,
        id: ProblemId,
        command: Command,
        when: &str,
        seen: i64,
    ) -> Result<Found, Failure> {
        let (terms, who, now) = (self.terms.clone(), who.clone(), at(when));
        let order = Order { command, words: "理由".into(), rest: "其余".into(), seen };
        self.db.write_blocking(move |tx| store::order::perform(tx, &terms, &who, id, &order, now))
    }

    pub fn answer(&self, id: ProblemId, outcome: Outcome, date: Option<&str>, when: &str) {
        let answering = Answering {
            outcome: Some(outcome),
            evidence: vec![EvidenceGiven { item: "照片".into(), attachment: None }],
            date: date.map(|it| it.parse().unwrap()),
            duplicate_of: None,
            outside: String::new(),
        };
        self.act(&self.li, id, Command::Answer { answering }, when).unwrap();
    }

    /// S43: struck off on 04-26 15:00.
    pub fn closed(&self) -> ProblemId {
        let id = self.in_hand();
        self.answer(id, Outcome::Solved, None, "2018-04-24 10:00");
        self.act(&self.li, id, Command::Apply, "2018-04-24 10:01").unwrap();
        self.act(&self.he, id, Command::Verify, "2018-04-25 10:00").unwrap();
        let rating = Command::Rate { verdict: Verdict::Yes, satisfaction: Satisfaction::Satisfied };
        self.act(&self.taihe, id, rating, "2018-04-26 10:00").unwrap();
        self.act(&self.zhou, id, Command::Close, "2018-04-26 15:00").unwrap();
        id
    }

    pub fn tick(&self, when: &str) -> usize {
        testkit::runtime().block_on(store::ticker::tick(&self.db, &self.terms, at(when))).unwrap()
    }

    /// Kind, effective and written instant of the events about `id`.
    pub fn events(&self, id: ProblemId) -> Vec<(String, String, String)> {
        let master = self.terms.master.clone();
        let shown = self.db.read_blocking(move |tx| store::event::timeline(tx, &master, &id.to_string())).unwrap();
        shown.into_iter().map(|it| (it.body.kind, it.body.at.second(), it.body.written.second())).collect()
    }

    pub fn kinds(&self, id: ProblemId) -> Vec<String> {
        self.events(id).into_iter().map(|it| it.0).collect()
    }

    /// Box, kind and detail of the notices written at or after `since`, in a fixed order.
    pub fn notices(&self, since: &str) -> Vec<(String, String, String)> {
        let since = at(since);
        let rows = self.db.read_blocking(move |tx| {
            tx.query(
                "select box, kind, detail from notice where at >= $1 order by at, box, kind, detail limit 1000",
                &store::vals![since],
            )
        });
        rows.unwrap()
            .iter()
            .map(|row| (row.string(0).unwrap(), row.string(1).unwrap(), row.string(2).unwrap()))
            .collect()
    }

    pub fn exec(&self, sql: &'static str, params: Vec<store::Val>) -> u64 {
        self.db.write_blocking(move |tx| tx.exec(sql, &params)).unwrap()
    }
}

pub fn id_of(actor: &Actor) -> PersonId {
    actor.person().unwrap()
}
