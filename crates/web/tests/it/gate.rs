//! Building sites with firms, staff and an approved plan, for tests about punching and what follows from it.

use crate::stage::{As, TestApp, at, web_token};
use domain::attendance::course::{PlanCommand, PlanOrder};
use domain::attendance::plan::{Kind, Line, Mask, Mode, Post, Stage, StageKind, StagePlan};
use domain::id::{PersonId, SiteId, UnitId};
use domain::role::Role;
use domain::site::Tie;
use domain::time::Day;
use std::collections::HashMap;
use store::session::TokenDigest;
use store::site::Card;
use store::staff::Entry;
use store::terms::{Deed, Failure};
use store::{Tx, ids, person, site, staff, stage_plan, today, unit};
use web::punch::code;

/// Who works at the first site: name and post. The document clerk may attest; the safety officer works at the second too.
pub const CREW: [(&str, &str); 7] = [
    ("向阳", "项目负责人"),
    ("谭伟", "质量员"),
    ("吕伟", "施工员"),
    ("安宁", "安全员"),
    ("何文", "资料员"),
    ("章建", "总监"),
    ("宋工", "专业监理工程师"),
];
/// Who works at the second site beside the safety officer of the first.
const OTHERS: [(&str, &str); 6] = [
    ("项山", "项目负责人"),
    ("戴质", "质量员"),
    ("方施", "施工员"),
    ("龚资", "资料员"),
    ("冯监", "总监"),
    ("毕专", "专业监理工程师"),
];

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// An identity number that is well formed: the third to last digits count.
pub fn card(n: u32) -> String {
    let body = format!("33010219900307{n:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum();
    format!("{body}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize])
}

pub struct Gate {
    pub app: TestApp,
    /// By name.
    pub people: HashMap<&'static str, PersonId>,
    pub units: HashMap<&'static str, UnitId>,
    pub site: SiteId,
    pub second: SiteId,
}

impl Gate {
    /// Two sites of two owners and one contractor, a third firm that has a site of its own, two persons of the bureau. The
    /// plans want everybody every workday from 2 April 2018 on, the safety officer twice a week at each of the two. It is
    /// the morning of Monday, 16 April 2018.
    pub async fn new(app: TestApp) -> Gate {
        app.set("2018-03-20 09:00");
        let mut gate =
            Gate { app, people: HashMap::new(), units: HashMap::new(), site: SiteId(uuid()), second: SiteId(uuid()) };
        let now = gate.app.now();
        for name in ["城投公司", "产投公司", "宏岳建设", "凌云建设", "建管中心", "中正监理"] {
            let id = gate.app.db.write(move |tx| unit::insert(tx, name, "", None, now)).await.unwrap();
            gate.units.insert(name, id);
        }
        for (name, at_unit, role) in [
            ("业城", "城投公司", Role::Owner),
            ("业产", "产投公司", Role::Owner),
            ("施宏", "宏岳建设", Role::Contractor),
            ("施凌", "凌云建设", Role::Contractor),
            ("监正", "中正监理", Role::Consultant),
            ("白局", "建管中心", Role::Bureau),
            ("包局", "建管中心", Role::Bureau),
        ] {
            let unit = gate.units[at_unit];
            let new = move |tx: &mut dyn Tx| {
                let new =
                    person::NewPerson { login: name, name, unit, roles: &[role], reporter: None, password: "phc" };
                person::insert(tx, &new, now)
            };
            gate.people.insert(name, gate.app.db.write(new).await.unwrap());
        }
        (gate.site, gate.second) =
            (gate.add("三号楼", "城投公司", "宏岳建设").await, gate.add("五号楼", "产投公司", "宏岳建设").await);
        gate.add("七号楼", "产投公司", "凌云建设").await;
        for (site, crew) in [(gate.site, &CREW[..]), (gate.second, &OTHERS[..])] {
            for (name, post) in crew {
                let firm =
                    if matches!(*post, "总监" | "专业监理工程师") { "中正监理" } else { "宏岳建设" };
                gate.hire(site, name, post, firm).await;
            }
        }
        gate.join(gate.second, "安宁", "安全员", "宏岳建设").await;
        for (site, crew) in [(gate.site, &CREW[..]), (gate.second, &OTHERS[..])] {
            let mut lines: Vec<Line> = crew.iter().map(|(name, post)| line(gate.people[name], post)).collect();
            if site == gate.second {
                lines.push(line(gate.people["安宁"], "安全员"));
            }
            gate.plan(site, lines).await;
        }
        gate.app.set("2018-04-16 00:01");
        gate.turn().await;
        gate.app.set("2018-04-16 07:50");
        gate
    }

    /// One transaction by somebody now.
    pub async fn by<T: Send + 'static>(
        &self,
        name: &str,
        act: impl FnOnce(&mut dyn Tx, &Deed) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (terms, now, by) = (self.app.app.terms(), self.app.now(), self.people[name]);
        self.app.db.write(move |tx| act(tx, &Deed { terms: &terms, by: Some(by), now })).await
    }

    async fn add(&self, name: &'static str, owner: &str, contractor: &str) -> SiteId {
        let card = Card {
            name: name.into(),
            permit: format!("330100-{name}"),
            address: "23号大街".into(),
            owner: self.units[owner],
            contractor: self.units[contractor],
            consultant: (contractor == "宏岳建设").then_some(self.units["中正监理"]),
            subject: None,
        };
        let id = SiteId(uuid());
        self.by("白局", move |tx, deed| site::add(tx, deed, id, &card)).await.unwrap();
        id
    }

    async fn hire(&mut self, site: SiteId, name: &'static str, post: &'static str, firm: &str) {
        let firm_id = self.units[firm];
        let id = self.by("施宏", move |tx, deed| {
            let id = staff::hire(tx, deed, name, "", firm_id)?;
            let days = (day("2017-01-01"), day("2019-12-31"));
            staff::certify(tx, deed, &staff::fresh_certificate(id, post, "证001", days, deed.now))?;
            Ok(id)
        });
        let id = id.await.unwrap();
        self.people.insert(name, id);
        self.join(site, name, post, firm).await;
    }

    async fn join(&self, site: SiteId, name: &str, post: &'static str, firm: &str) {
        let (person, firm) = (self.people[name], self.units[firm]);
        let entry = Entry { firm, posts: vec![Post(post.into())], attests: post == "资料员" };
        self.by("施宏", move |tx, deed| staff::set(tx, deed, site, person, &entry)).await.unwrap();
    }

    /// Filed, confirmed and approved.
    async fn plan(&self, id: SiteId, lines: Vec<Line>) {
        let stage = Stage {
            name: "主体".into(),
            kind: StageKind::Structure,
            from: day("2018-04-02"),
            to: day("2018-06-29"),
            requirements: vec![],
        };
        let effective_from = day("2018-04-02");
        let plan = StagePlan { site: id, version: 0, effective_from, approved_at: None, stages: vec![stage], lines };
        let filed = self.by("施宏", move |tx, deed| {
            let it = site::find(tx, id)?.unwrap();
            stage_plan::file(tx, deed, &it, &[Tie::Contractor], plan)
        });
        filed.await.unwrap();
        for (who, tie, command) in
            [("业城", Tie::Owner, PlanCommand::Confirm), ("白局", Tie::Bureau, PlanCommand::Approve)]
        {
            let done = self.by(who, move |tx, deed| {
                let seen = stage_plan::find(tx, id, 1)?.unwrap().revision;
                let it = site::find(tx, id)?.unwrap();
                let order = PlanOrder { command, words: String::new(), seen };
                stage_plan::perform(tx, deed, &it, &[tie], 1, &order)
            });
            done.await.unwrap();
        }
    }

    /// The turn of the day at both sites.
    pub async fn turn(&self) {
        let sites = [self.site, self.second];
        let turned = self.by("白局", move |tx, deed| {
            sites.into_iter().try_for_each(|it| today::turn(tx, &Deed { by: None, ..*deed }, it))
        });
        turned.await.unwrap();
    }

    pub async fn who(&self, name: &str) -> As {
        let (id, now, token) = (self.people[name], self.app.now(), web_token());
        let digest = TokenDigest::of(&token);
        self.app.db.write(move |tx| store::session::start(tx, id, &digest, now, 1_000 * 86_400_000)).await.unwrap();
        As::Session(token)
    }

    pub async fn secret(&self, id: SiteId) -> String {
        let master = self.app.app.terms().master;
        self.app.db.read(move |tx| site::secret(tx, &master, id)).await.unwrap().unwrap()
    }

    /// The address that the screen of the first site shows now.
    pub async fn shown(&self) -> String {
        format!("/punch/1/{}", code::make(&self.secret(self.site).await, self.app.now()))
    }

    pub async fn screen(&self) -> String {
        format!("/screen/1/{}", code::screen(&self.secret(self.site).await))
    }

    /// Scans and taps at once.
    pub async fn punch(&self, name: &str) {
        let who = self.who(name).await;
        let page = self.app.get(&who, &self.shown().await).await.expect(200).text();
        let fields = [("id", hidden(&page, "id")), ("ticket", hidden(&page, "ticket"))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.app.form(&who, "/punch/1", &fields).await.expect(303);
    }

    pub fn id(&self, name: &str) -> String {
        self.people[name].to_string()
    }
}

/// Everybody every workday; the safety officer, who has two sites, twice a week.
fn line(person: PersonId, post: &str) -> Line {
    Line {
        person,
        post: Post(post.into()),
        from: day("2018-04-02"),
        to: day("2018-06-29"),
        kind: if post == "安全员" { Kind::PerWeek { n: 2 } } else { Kind::FullTime },
        days: Mask::Workdays,
        mode: Mode::Once,
        min_minutes: None,
        shift: None,
        excused_by: vec![],
        covers: None,
        needs_delegate: false,
        replaces: None,
    }
}

fn uuid() -> uuid::Uuid {
    ids::fresh(at("2018-03-20 09:00"))
}

/// The value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> String {
    let start = format!("type=\"hidden\" name=\"{name}\" value=\"");
    let from = page.find(&start).unwrap_or_else(|| panic!("no {name} in {page}")) + start.len();
    page[from..].split('"').next().unwrap().to_owned()
}
