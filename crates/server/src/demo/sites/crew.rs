//! Firms, accounts, sites and their people.

use super::{Member, Story, Yard, find};
use domain::attendance::plan::Post;
use domain::id::{PersonId, SiteId, UnitId};
use domain::id_card;
use domain::role::Role;
use domain::time::{Day, Millis};
use std::collections::HashMap;
use store::person::{self, NewPerson};
use store::site::{self, Card};
use store::staff::{self, Entry, fresh_certificate};
use store::terms::{Deed, Failure};
use store::{Tx, ids, unit};

const YARDS: &str = include_str!("../../../demo/yards.txt");
/// Name, English name, role, login and name of who acts for it.
const FIRMS: [(&str, &str, Role, &str, &str); 5] = [
    ("钱岭建工", "Qianling Construction (contractor)", Role::Contractor, "contractor-2", "骆成"),
    ("广屹建设", "Guangyi Construction (contractor)", Role::Contractor, "contractor-3", "戴宁"),
    ("白沙安居", "Baisha Housing (owner)", Role::Owner, "owner-2", "庄梅"),
    ("沙湾科创", "Shawan Innovation (owner)", Role::Owner, "owner-3", "毕强"),
    ("明衡监理", "Mingheng Consultants", Role::Consultant, "consultant-2", "连云"),
];
/// Every stage names these seven (余杭), and a technician besides.
pub const POSTS: [&str; 8] =
    ["项目负责人", "技术负责人", "质量员", "施工员", "安全员", "资料员", "总监", "专业监理工程师"];
const TECHNICIAN: usize = 1;
const CLERK: usize = 5;
const SURNAMES: &str = "陈林黄何罗宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤";
const GIVEN: [&str; 24] = [
    "建平", "海涛", "晓岚", "思源", "志刚", "立新", "雪松", "国栋", "敏行", "云帆", "勇军", "宇航", "文博", "振华",
    "春生", "浩然", "佳宁", "启明", "德林", "永康", "新宇", "子轩", "长河", "一鸣",
];

fn units(tx: &mut dyn Tx) -> Result<HashMap<String, UnitId>, Failure> {
    Ok(unit::list(tx)?.into_iter().map(|it| (it.name, it.id)).collect())
}

pub fn make(tx: &mut dyn Tx, deed: &Deed, phc: &str, (begin, turn): (Day, Day), now: Millis) -> Result<Story, Failure> {
    let at = deed.now;
    for (name, name_en, role, login, who) in FIRMS {
        let id = unit::insert(tx, name, name_en, None, at)?;
        let new = NewPerson { login, name: who, unit: id, roles: &[role], reporter: None, password: phc };
        person::insert(tx, &new, at)?;
    }
    let units = units(tx)?;
    let unit = |name: &str| units.get(name).copied().ok_or(store::Error::NotFound);
    let second = NewPerson {
        login: "bureau-2",
        name: "施晴",
        unit: unit("建设局")?,
        roles: &[Role::Bureau],
        reporter: None,
        password: phc,
    };
    person::insert(tx, &second, at)?;
    let mut owners = vec![(unit("沙东置业")?, find(tx, "owner")?)];
    let mut contractors = vec![(unit("宏岳建设（施工）")?, find(tx, "contractor")?)];
    for (name, _, role, login, _) in FIRMS {
        match role {
            Role::Owner => owners.push((unit(name)?, find(tx, login)?)),
            Role::Contractor => contractors.push((unit(name)?, find(tx, login)?)),
            _ => {}
        }
    }
    let technician = find(tx, "site-staff")?;
    let mut yards = Vec::new();
    let mut made = 0;
    for line in YARDS.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&'static str> = line.split('|').collect();
        let [name, address, permit, owner, contractor, consultant, before, after] = cells[..] else { continue };
        let (owner, contractor, consultant) = (unit(owner)?, unit(contractor)?, unit(consultant)?);
        let subject = store::subject::find_by_code_or_name(tx, name)?.map(|it| it.id);
        let card = Card {
            name: name.into(),
            permit: format!("3301002018{permit}"),
            address: address.into(),
            owner,
            contractor,
            consultant: Some(consultant),
            subject,
        };
        let id = SiteId(ids::fresh(at));
        site::add(tx, deed, id, &card)?;
        let mut crew = Vec::new();
        for (n, post) in POSTS.into_iter().enumerate() {
            let firm = if n > 5 { consultant } else { contractor };
            let person = if n == TECHNICIAN && after.starts_with("article") {
                technician
            } else {
                made += 1;
                hire(tx, deed, made, firm, phc)?
            };
            employ(tx, deed, id, person, firm, post, n == CLERK)?;
            crew.push(Member { person, post });
        }
        yards.push(Yard { id, owner, contractor, before, after, crew });
    }
    let number = id_card::complete("33990019850312017").unwrap_or_default();
    staff::identify(tx, deed, technician, &number)?;
    Ok(Story {
        yards,
        bureau: find(tx, "bureau")?,
        owners,
        contractors,
        technician,
        begin,
        turn,
        today: now.day(),
        now,
    })
}

fn hire(tx: &mut dyn Tx, deed: &Deed, n: usize, firm: UnitId, phc: &str) -> Result<PersonId, Failure> {
    let surnames: Vec<char> = SURNAMES.chars().collect();
    let name = format!("{}{}", surnames[(n * 7) % surnames.len()], GIVEN[(n * 5) % GIVEN.len()]);
    let phone = format!("1380000{:04}", 7_000 + n);
    let person = staff::hire(tx, deed, &name, &phone, firm)?;
    store::session::set_password(tx, person, phc)?;
    // No place has the number 339900, so nobody has such a card.
    let number =
        id_card::complete(&format!("339900{}{:02}{:02}{:03}", 1970 + n % 25, 1 + n % 12, 1 + n % 28, n % 1000));
    staff::identify(tx, deed, person, &number.unwrap_or_default())?;
    Ok(person)
}

fn employ(
    tx: &mut dyn Tx,
    deed: &Deed,
    site: SiteId,
    person: PersonId,
    firm: UnitId,
    post: &'static str,
    attests: bool,
) -> Result<(), Failure> {
    staff::set(tx, deed, site, person, &Entry { firm, posts: vec![Post(post.into())], attests })?;
    if staff::certificates(tx, person)?.iter().all(|it| it.what.post.0 != post) {
        let year = deed.now.day().year();
        let (from, to) = (Day::new(year - 1, 1, 1), Day::new(year + 2, 12, 31));
        let (Some(from), Some(to)) = (from, to) else { return Ok(()) };
        let number = format!("浙建{}{:05}", year - 1, 10_000 + person.0.as_u128() % 80_000);
        staff::certify(tx, deed, &fresh_certificate(person, post, &number, (from, to), deed.now))?;
    }
    Ok(())
}
