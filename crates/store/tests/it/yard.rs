//! A building site with its firms and people, in a database of their own.

use crate::stage::at;
use domain::attendance::course::{PlanCommand, PlanOrder};
use domain::attendance::plan::{Kind, Line, Mask, Mode, Post, Stage, StageKind, StagePlan};
use domain::attendance::roll::Way;
use domain::calendar::Calendar;
use domain::id::{PersonId, SiteId, UnitId};
use domain::role::Role;
use domain::site::Tie;
use store::punch::{self, New, Taken};
use store::site::{self, Card};
use store::staff::{self, Entry, fresh_certificate};
use store::terms::{Deed, Failure, Terms};
use store::words::MasterKey;
use store::{Db, Tx, ids, person, stage_plan, terms, today, unit};

#[derive(Clone)]
pub struct Yard {
    pub db: Db,
    pub terms: Terms,
    pub site: SiteId,
    pub owner: UnitId,
    pub contractor: UnitId,
    /// Two persons of the bureau, one of the owner, one of the contractor.
    pub bai: PersonId,
    pub bao: PersonId,
    pub ye: PersonId,
    pub shi: PersonId,
}

/// The seven posts that every stage must name, each with its own person.
pub const POSTS: [&str; 7] = ["项目负责人", "质量员", "施工员", "安全员", "资料员", "总监", "专业监理工程师"];

pub fn day(text: &str) -> domain::time::Day {
    text.parse().unwrap()
}

impl Yard {
    pub fn set(db: &Db) -> Yard {
        let database = db.clone();
        db.write_blocking(move |tx| -> Result<Yard, Failure> {
            let now = at("2018-03-20 09:00");
            let master = MasterKey::from_bytes([7; 32]);
            terms::bind_key(tx, &master)?;
            for notice in Calendar::shipped_notices().unwrap() {
                store::holiday::import(tx, &notice)?;
            }
            let terms = terms::load(tx, &master)?;
            let mut unit = |name: &str| unit::insert(tx, name, "", None, now);
            let (bureau, owner, contractor) = (unit("建设局")?, unit("城投公司")?, unit("宏岳建设")?);
            let mut add = |login: &str, unit: UnitId, role: Role| {
                let new =
                    person::NewPerson { login, name: login, unit, roles: &[role], reporter: None, password: "phc" };
                person::insert(tx, &new, now)
            };
            let (bai, bao) = (add("bai", bureau, Role::Bureau)?, add("bao", bureau, Role::Bureau)?);
            let (ye, shi) = (add("ye", owner, Role::Owner)?, add("shi", contractor, Role::Contractor)?);
            let mut yard =
                Yard { db: database, terms, site: SiteId(ids::fresh(now)), owner, contractor, bai, bao, ye, shi };
            yard.site = yard.another(tx, "三号楼", "330100-2018-0001")?;
            Ok(yard)
        })
        .unwrap()
    }

    pub fn another(&self, tx: &mut dyn Tx, name: &str, permit: &str) -> Result<SiteId, Failure> {
        let now = at("2018-03-20 10:00");
        let card = Card {
            name: name.into(),
            permit: permit.into(),
            address: "23号大街".into(),
            owner: self.owner,
            contractor: self.contractor,
            consultant: None,
            subject: None,
        };
        let id = SiteId(ids::fresh(now));
        site::add(tx, &Deed { terms: &self.terms, by: Some(self.bai), now }, id, &card)?;
        Ok(id)
    }

    /// One transaction by somebody at a moment.
    pub fn by<T: Send + 'static>(
        &self,
        by: PersonId,
        when: &str,
        act: impl FnOnce(&mut dyn Tx, &Deed) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (terms, now) = (self.terms.clone(), at(when));
        self.db.write_blocking(move |tx| act(tx, &Deed { terms: &terms, by: Some(by), now }))
    }

    /// Somebody with a post and a certificate for it at the site.
    pub fn hire(&self, site: SiteId, name: &str, post: &str) -> PersonId {
        let (name, post, firm) = (name.to_owned(), post.to_owned(), self.contractor);
        self.by(self.shi, "2018-03-21 09:00", move |tx, deed| {
            let person = staff::hire(tx, deed, &name, "", firm)?;
            let entry = Entry { firm, posts: vec![Post(post.clone())], attests: post == "资料员" };
            staff::set(tx, deed, site, person, &entry)?;
            let days = (day("2017-01-01"), day("2019-12-31"));
            staff::certify(tx, deed, &fresh_certificate(person, &post, "证001", days, deed.now))?;
            Ok(person)
        })
        .unwrap()
    }

    /// The crew of all seven posts; the first is the project leader.
    pub fn crew(&self, site: SiteId) -> Vec<PersonId> {
        POSTS.iter().map(|post| self.hire(site, &format!("{post}某"), post)).collect()
    }

    pub fn line(person: PersonId, post: &str, kind: Kind) -> Line {
        Line {
            person,
            post: Post(post.into()),
            from: day("2018-04-02"),
            to: day("2018-06-29"),
            kind,
            days: Mask::Workdays,
            mode: Mode::Once,
            min_minutes: None,
            shift: None,
            excused_by: vec![],
            covers: None,
            needs_delegate: post == "项目负责人",
            replaces: None,
        }
    }

    pub fn plan(&self, site: SiteId, from: &str, lines: Vec<Line>) -> StagePlan {
        let stage = Stage {
            name: "主体".into(),
            kind: StageKind::Structure,
            from: day("2018-04-02"),
            to: day("2018-06-29"),
            requirements: vec![],
        };
        StagePlan { site, version: 0, effective_from: day(from), approved_at: None, stages: vec![stage], lines }
    }

    pub fn file(&self, plan: StagePlan, when: &str) -> Result<u32, Failure> {
        let site = plan.site;
        self.by(self.shi, when, move |tx, deed| {
            let site = site::find(tx, site)?.unwrap();
            stage_plan::file(tx, deed, &site, &[Tie::Contractor], plan)
        })
    }

    pub fn decide(
        &self,
        who: (PersonId, Tie),
        version: u32,
        command: PlanCommand,
        words: &str,
        when: &str,
    ) -> Result<(), Failure> {
        let (site, words) = (self.site, words.to_owned());
        self.by(who.0, when, move |tx, deed| {
            let seen = stage_plan::find(tx, site, version)?.unwrap().revision;
            let site = site::find(tx, site)?.unwrap();
            stage_plan::perform(tx, deed, &site, &[who.1], version, &PlanOrder { command, words, seen })?;
            Ok(())
        })
    }

    /// Filed, confirmed and approved on one day.
    pub fn approve(&self, plan: StagePlan, on: &str) -> u32 {
        let site = plan.site;
        let version = self.file(plan, &format!("{on} 09:00")).unwrap();
        for (who, tie, command, hour) in [
            (self.ye, Tie::Owner, PlanCommand::Confirm, "10:00"),
            (self.bai, Tie::Bureau, PlanCommand::Approve, "11:00"),
        ] {
            self.by(who, &format!("{on} {hour}"), move |tx, deed| {
                let seen = stage_plan::find(tx, site, version)?.unwrap().revision;
                let site = site::find(tx, site)?.unwrap();
                let order = PlanOrder { command, words: String::new(), seen };
                stage_plan::perform(tx, deed, &site, &[tie], version, &order)?;
                Ok(())
            })
            .unwrap();
        }
        version
    }

    /// Everybody every workday.
    pub fn everybody(&self) -> Vec<PersonId> {
        let crew = self.crew(self.site);
        let lines = crew.iter().zip(POSTS).map(|(person, post)| Yard::line(*person, post, Kind::FullTime)).collect();
        self.approve(self.plan(self.site, "2018-04-02", lines), "2018-03-28");
        crew
    }

    pub fn turn(&self, when: &str) {
        let site = self.site;
        self.by(self.bai, when, move |tx, deed| today::turn(tx, &Deed { by: None, ..*deed }, site)).unwrap();
    }

    pub fn punch(&self, person: PersonId, when: &str) -> Result<Taken, Failure> {
        let site = self.site;
        self.by(person, when, move |tx, deed| {
            punch::insert(tx, deed, &New::here(person, site, Way::Qr, deed.now, deed.now))
        })
    }
}
