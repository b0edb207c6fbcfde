//! Attendance of a thousand sites with twenty persons each: punches as they come in, today's wall, the month sheets.

use crate::client::{self, Make};
use crate::house::{self, House};
use crate::machine;
use crate::now::now;
use crate::process::{Server, own_cpu};
use crate::report::{median, runtime};
use crate::table::{Limit, Table, figure};
use anyhow::Result;
use domain::attendance::plan::{Kind, Line, Mask, Mode, Post, Stage, StageKind, StagePlan};
use domain::attendance::roll::Way;
use domain::id::{PersonId, SiteId, UnitId};
use domain::role::{Actor, Role};
use domain::time::{Day, Millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::ids::fresh;
use store::punch::{self, New};
use store::site::{self, Card};
use store::staff::{self, Entry};
use store::terms::{Deed, Failure};
use store::{Db, month_sheet, person, stage_plan, today, unit};

const SITES: usize = 1_000;
const PERSONS: usize = 20;
/// Loaded together, as the export does.
const TOGETHER: usize = 50;
const CALLERS: u64 = 64;

#[derive(Clone)]
struct Yard {
    site: SiteId,
    persons: Vec<PersonId>,
}

pub fn run() -> Result<Vec<Table>> {
    let (place, house) = house::fresh()?;
    let begun = Instant::now();
    let (yards, bureau) = set_up(&house)?;
    let punches = month(&house, &yards)?;
    eprintln!("  {} sites, {punches} punches made in {:.0} s", yards.len(), begun.elapsed().as_secs_f64());
    let mut table =
        Table::new(format!("{SITES} sites with {PERSONS} persons each, a month of {punches} punches, SQLite"));
    let yards = Arc::new(yards);
    sheets(&mut table, &house, &yards)?;
    turns(&mut table, &house, &yards)?;
    let runtime = runtime()?;
    stored(&mut table, &runtime, &house, &yards, place.path())?;
    let token = house.session(&bureau)?;
    drop(house);
    wall(&mut table, &runtime, place.path(), &token)?;
    Ok(vec![table])
}

fn line(person: PersonId, n: usize, from: Day) -> Line {
    let kind = match n % 5 {
        0 => Kind::PerWeek { n: 3 },
        1 => Kind::PerWeek { n: 2 },
        _ => Kind::FullTime,
    };
    Line {
        person,
        post: Post("施工员".into()),
        from,
        to: from.plus(300),
        kind,
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

/// The month before this one is judged.
fn last_month() -> Day {
    let last = now().day().plus(-i64::from(now().day().day_of_month()));
    last.first_of_month()
}

fn set_up(house: &House) -> Result<(Vec<Yard>, Actor)> {
    let first = last_month();
    let at = Millis::at(first.plus(-20), 0);
    let (owner, contractor, bureau) = house.db.write_blocking(move |tx| {
        let owner = unit::insert(tx, "测试建设单位", "", None, at)?;
        let contractor = unit::insert(tx, "测试施工单位", "", None, at)?;
        let new = person::NewPerson {
            login: "bench-bureau",
            name: "白露",
            unit: owner,
            roles: &[Role::Bureau],
            reporter: None,
            password: "",
        };
        let id = person::insert(tx, &new, at)?;
        let found = person::find(tx, id)?.ok_or(store::Error::NotFound)?;
        Ok::<_, store::Error>((owner, contractor, person::actor(tx, &found, at)?))
    })?;
    let mut yards = Vec::with_capacity(SITES);
    for page in 0..SITES / TOGETHER {
        let (terms, by) = (house.terms.clone(), bureau.person());
        let made = house.db.write_blocking(move |tx| {
            let deed = Deed { terms: &terms, by, now: at };
            let each = page * TOGETHER..(page + 1) * TOGETHER;
            each.map(|n| one(tx, &deed, n, (owner, contractor), first)).collect::<Result<Vec<_>, Failure>>()
        });
        yards.extend(made?);
    }
    Ok((yards, bureau))
}

fn one(
    tx: &mut dyn store::Tx,
    deed: &Deed,
    n: usize,
    (owner, contractor): (UnitId, UnitId),
    first: Day,
) -> Result<Yard, Failure> {
    let card = Card {
        name: format!("测试第{n}号工地"),
        permit: format!("BENCH{n:05}"),
        address: String::new(),
        owner,
        contractor,
        consultant: None,
        subject: None,
    };
    let site = SiteId(fresh(deed.now));
    site::add(tx, deed, site, &card)?;
    let mut persons = Vec::with_capacity(PERSONS);
    for it in 0..PERSONS {
        let person = staff::hire(tx, deed, &format!("第{it}人"), "", contractor)?;
        let entry = Entry { firm: contractor, posts: vec![Post("施工员".into())], attests: false };
        staff::set(tx, deed, site, person, &entry)?;
        persons.push(person);
    }
    let from = first.plus(-10);
    let lines = persons.iter().enumerate().map(|(n, it)| line(*it, n, from)).collect();
    let stage =
        Stage { name: "主体".into(), kind: StageKind::Structure, from, to: from.plus(300), requirements: vec![] };
    let plan = StagePlan { site, version: 0, effective_from: from, approved_at: None, stages: vec![stage], lines };
    stage_plan::take_over(tx, deed, plan)?;
    Ok(Yard { site, persons })
}

/// Nine of ten come each workday, in the morning.
fn month(house: &House, yards: &[Yard]) -> Result<usize> {
    let first = last_month();
    let last = first.plus_months(1).plus(-1);
    let mut count = 0;
    for (n, yard) in yards.iter().enumerate() {
        let (terms, yard) = (house.terms.clone(), yard.clone());
        count += house.db.write_blocking(move |tx| {
            let mut count = 0;
            for day in (first.number()..=last.number()).map(Day::from_number) {
                if !terms.calendar.is_workday(day) {
                    continue;
                }
                for (at, person) in yard.persons.iter().enumerate() {
                    if (n + at + day.number() as usize).is_multiple_of(10) {
                        continue;
                    }
                    let when = Millis::at(day, (8 * 60 + at as i64) * 60_000);
                    let deed = Deed { terms: &terms, by: None, now: when };
                    punch::insert(tx, &deed, &New::here(*person, yard.site, Way::Qr, when, when))?;
                    count += 1;
                }
            }
            Ok::<_, Failure>(count)
        })?;
    }
    Ok(count)
}

/// Two readers, as the two cores have it, each with every other fifty sites.
fn sheets(table: &mut Table, house: &House, yards: &Arc<Vec<Yard>>) -> Result<()> {
    let first = last_month();
    let mut times = Vec::new();
    let mut days = 0;
    for _ in 0..3 {
        let begun = Instant::now();
        let readers: Vec<_> = (0..2)
            .map(|turn| {
                let (db, terms, yards) = (house.db.clone(), house.terms.clone(), yards.clone());
                std::thread::spawn(move || judged(&db, &terms, &yards, turn, first))
            })
            .collect();
        days = 0;
        for it in readers {
            days += it.join().map_err(|_| anyhow::anyhow!("a reader failed"))??;
        }
        times.push(begun.elapsed().as_secs_f64());
    }
    table.limited(
        "month sheets of all sites, two readers",
        median(&mut times),
        "s",
        Limit::AtMost(5.0),
        format!("{days} days judged; {}", machine::load()),
    );
    Ok(())
}

fn judged(db: &Db, terms: &store::terms::Terms, yards: &[Yard], turn: usize, first: Day) -> Result<usize> {
    let mut days = 0;
    for some in yards.chunks(TOGETHER).skip(turn).step_by(2) {
        let (ids, terms): (Vec<SiteId>, _) = (some.iter().map(|it| it.site).collect(), terms.clone());
        let sheets = db.read_blocking(move |tx| {
            month_sheet::load(tx, &Deed { terms: &terms, by: None, now: now() }, &ids, first)
        })?;
        days += sheets.iter().flat_map(|it| &it.lines).map(|it| it.days.len()).sum::<usize>();
    }
    Ok(days)
}

/// The turn of the day: yesterday closed, today's lines written.
fn turns(table: &mut Table, house: &House, yards: &Arc<Vec<Yard>>) -> Result<()> {
    let begun = Instant::now();
    for yard in yards.iter() {
        let (terms, site) = (house.terms.clone(), yard.site);
        house.db.write_blocking(move |tx| today::turn(tx, &Deed { terms: &terms, by: None, now: now() }, site))?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let beside = format!("{} ms a site, one transaction each", figure(seconds * 1000.0 / yards.len() as f64));
    table.told("the first turn of a day at all sites", seconds, "s", beside);
    Ok(())
}

/// Each punch a transaction of its own, acknowledged when it is on the disk.
fn stored(
    table: &mut Table,
    runtime: &tokio::runtime::Runtime,
    house: &House,
    yards: &Arc<Vec<Yard>>,
    place: &std::path::Path,
) -> Result<()> {
    let (time, next) = (Duration::from_secs(4), Arc::new(AtomicU64::new(0)));
    let (begun, cpu) = (Instant::now(), own_cpu()?);
    let done = runtime.block_on(async {
        let tasks: Vec<_> = (0..CALLERS)
            .map(|_| {
                let (db, terms, yards, next) = (house.db.clone(), house.terms.clone(), yards.clone(), next.clone());
                tokio::spawn(async move {
                    let mut count = 0u64;
                    while begun.elapsed() < time {
                        let n = next.fetch_add(1, Ordering::Relaxed) as usize;
                        let yard = &yards[n % yards.len()];
                        let person = yard.persons[n / yards.len() % PERSONS];
                        let (terms, at) = (terms.clone(), now().plus(n as i64 % 1_000));
                        let new = New::here(person, yard.site, Way::Terminal, at, at);
                        db.write(move |tx| punch::insert(tx, &Deed { terms: &terms, by: None, now: at }, &new)).await?;
                        count += 1;
                    }
                    Ok::<_, Failure>(count)
                })
            })
            .collect();
        let mut count = 0;
        for task in tasks {
            count += task.await??;
        }
        Ok::<_, anyhow::Error>(count)
    })?;
    let spent = own_cpu()?.saturating_sub(cpu).as_secs_f64() * 1000.0 / done as f64;
    let rate = done as f64 / begun.elapsed().as_secs_f64();
    table.limited(
        format!("punches stored before they are acknowledged, {CALLERS} callers, today's lines kept right"),
        rate,
        "/s",
        Limit::AtLeast(2_000.0),
        format!("{} CPU ms each; fdatasync of this disk {:.0} /s", figure(spent), machine::syncs(place)?),
    );
    Ok(())
}

fn wall(table: &mut Table, runtime: &tokio::runtime::Runtime, place: &std::path::Path, token: &str) -> Result<()> {
    let server = Server::start(place)?;
    for (what, path, limit) in [("today's wall of all sites", "/sites", 10.0), ("one site's page", "/sites/500", 10.0)]
    {
        let request = client::page(path, token, false);
        let make: Make = Arc::new(move |_| request.clone());
        let mut costs = Vec::new();
        let mut beside = String::new();
        for turn in 0..4 {
            let before = server.cpu()?;
            let load = runtime.block_on(client::closed(server.address, 2, Duration::from_secs(2), make.clone()))?;
            if turn > 0 {
                costs.push((server.cpu()? - before).as_secs_f64() * 1000.0 / load.count());
                beside = format!("p50 {} ms, p99 {} ms", figure(load.quantile(0.5)), figure(load.quantile(0.99)));
            }
        }
        table.limited(
            format!("{what}: CPU of the server, each"),
            median(&mut costs),
            "ms",
            Limit::AtMost(limit),
            beside,
        );
    }
    Ok(())
}
