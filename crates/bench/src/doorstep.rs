//! The doorstep: a province's register comes in while others write, names are looked for in it, the page of a round of 160
//! by ten, and five hundred officers who hand in their visits within one minute.

use crate::client::{self, Make};
use crate::house::{self, House};
use crate::machine;
use crate::now::now;
use crate::process::Server;
use crate::report::{median, runtime};
use crate::table::{Limit, Table, figure};
use crate::text::{Chance, text};
use anyhow::{Context, Result, ensure};
use domain::campaign::Period;
use domain::id::*;
use domain::letters;
use domain::role::Role;
use domain::subject::{Card, Kind};
use domain::visit::{Plan, Purpose, When};
use intake::Wish;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::ids::fresh;
use store::person::{self, NewPerson};
use store::subject_list::{self, Filter};
use store::terms::{Deed, Failure};
use store::visit_list::Scope;
use store::words::sha256;
use store::{Db, campaign, questionnaire, subject, team, visit};

const OFFICERS: usize = 500;
const TEAMS: usize = 10;
const SUBJECTS: usize = 160;

pub fn run() -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    tables.extend(register()?);
    tables.push(round()?);
    Ok(tables)
}

fn register() -> Result<Option<Table>> {
    let folder =
        std::env::var_os("ZOUFANG_DATA").map_or_else(|| PathBuf::from("..").join("shared").join("data"), PathBuf::from);
    let file = folder.join("enterprises/zhejiang.csv.gz");
    if !file.exists() {
        eprintln!("!! {} IS ABSENT: the register is not measured. Name its folder with ZOUFANG_DATA.", file.display());
        return Ok(None);
    }
    let bytes = std::fs::read(&file)?;
    let begun = Instant::now();
    let rows = sheet::from_bytes("zhejiang.csv.gz", bytes.clone())?.count();
    let read = begun.elapsed().as_secs_f64();
    let (_place, house) = house::fresh()?;
    let (stop, db) = (Arc::new(AtomicBool::new(false)), house.db.clone());
    let others = std::thread::spawn({
        let stop = stop.clone();
        move || waits(&db, &stop)
    });
    let (first, again) = (take(&house, &bytes)?, take(&house, &bytes)?);
    stop.store(true, Ordering::Relaxed);
    let mut waits = others.join().map_err(|_| anyhow::anyhow!("the other writer failed"))??;
    waits.sort_by(f64::total_cmp);
    let longest = waits.last().copied().unwrap_or_default();
    let mut table = Table::new(format!("zhejiang.csv.gz, {rows} companies, into an empty house, SQLite"));
    table.limited("import", first, "s", Limit::AtMost(20.0), format!("reading the file alone {} s", figure(read)));
    table.told("the same file again, all unchanged", again, "s", "");
    table.limited(
        "another writer's longest wait meanwhile",
        longest,
        "ms",
        Limit::AtMost(100.0),
        format!("{} writes, p99 {} ms", waits.len(), figure(waits[(waits.len() - 1) * 99 / 100])),
    );
    search(&mut table, &house.db)?;
    Ok(Some(table))
}

fn take(house: &House, bytes: &[u8]) -> Result<f64> {
    let sha = sha256(&[bytes]);
    let wish = Wish {
        kind: intake::Kind::Enterprises,
        file: "zhejiang.csv.gz",
        sha256: &sha,
        source: "",
        ways: None,
        by: None,
        pause: Duration::from_millis(2),
    };
    let begun = Instant::now();
    let reader = sheet::from_bytes("zhejiang.csv.gz", bytes.to_vec())?;
    let run = intake::run(&house.db, &house.terms, reader, &wish, &now, &mut |_| {});
    let run = run.map_err(|error| anyhow::anyhow!("{error}"))?;
    eprintln!("  {:?}, {}", run.counts, machine::load());
    Ok(begun.elapsed().as_secs_f64())
}

/// Milliseconds that small writes took, one every five.
fn waits(db: &Db, stop: &AtomicBool) -> Result<Vec<f64>> {
    let mut waits = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        db.write_blocking(|tx| store::terms::set_setting(tx, "bench", "x"))?;
        waits.push(begun.elapsed().as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(waits)
}

/// Parts of names as people type them: characters, initials, syllables, the beginning of a code.
fn search(table: &mut Table, db: &Db) -> Result<()> {
    let names: Vec<(String, String)> = db.read_blocking(|tx| {
        let rows = tx.query("select name, code from subject order by no limit 200000", &[])?;
        rows.iter().map(|row| Ok((row.string(0)?, row.string(1)?))).collect::<store::Result<_>>()
    })?;
    let mut chance = Chance::new(17);
    let (mut times, mut hits) = (Vec::new(), 0);
    for turn in 0..2_000 {
        let (name, code) = &names[chance.below(names.len())];
        let initials = letters::initials(name);
        let typed = match turn % 4 {
            0 => part(&mut chance, name, 2),
            1 => part(&mut chance, name, 4),
            2 => part(&mut chance, &initials, 3),
            _ => code.chars().take(9).collect(),
        };
        let filter = Filter { text: typed, ..Filter::default() };
        let begun = Instant::now();
        let lines = db.read_blocking(move |tx| subject_list::list(tx, &Scope::All, &filter, 50))?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        hits += usize::from(!lines.is_empty());
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    let beside =
        format!("p50 {} ms, max {} ms; {hits} of {} found something", figure(at(50)), figure(at(100)), times.len());
    table.limited(
        "a name by two or four characters, three initials, a code's beginning: p99",
        at(99),
        "ms",
        Limit::AtMost(20.0),
        beside,
    );
    Ok(())
}

fn part(chance: &mut Chance, text: &str, length: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let from = chance.below(chars.len().saturating_sub(length) + 1);
    chars.iter().skip(from).take(length).collect()
}

/// What the round's house has to be asked for.
struct Ground {
    tokens: Vec<String>,
    visits: Vec<VisitId>,
    version: String,
    office: String,
}

fn round() -> Result<Table> {
    let (place, house) = house::fresh()?;
    let ground = ground(&house)?;
    let office = ground.office.clone();
    drop(house);
    let server = Server::start(place.path())?;
    let runtime = runtime()?;
    let mut table = Table::new(format!("A round of {SUBJECTS} subjects and {TEAMS} teams, {OFFICERS} officers"));
    for (what, path) in [("the round's page", "/rounds/1"), ("the campaign's page", "/campaigns/1")] {
        let request = client::page(path, &office, false);
        let make: Make = Arc::new(move |_| request.clone());
        let mut costs = Vec::new();
        for turn in 0..4 {
            let before = server.cpu()?;
            let load = runtime.block_on(client::closed(server.address, 4, Duration::from_secs(2), make.clone()))?;
            if turn > 0 {
                costs.push((server.cpu()? - before).as_secs_f64() * 1000.0 / load.count());
            }
        }
        table.limited(format!("{what}: CPU of the server, each"), median(&mut costs), "ms", Limit::AtMost(2.0), path);
    }
    let day = now().day();
    let make: Make = Arc::new(move |number| {
        let at = number as usize % OFFICERS;
        record(&ground, at, &day.to_string())
    });
    // Every request a visit of its own: with one more the second to an officer would be refused as stale.
    let seconds = 50;
    let rate = OFFICERS as u32 / seconds;
    let load = runtime.block_on(client::open(server.address, rate, Duration::from_secs(u64::from(seconds)), make))?;
    ensure!(load.count() <= OFFICERS as f64, "more visits were handed in than there are");
    table.limited(
        format!("{:.0} visits with five answers and two problems each, in {seconds} s: p99", load.count()),
        load.quantile(0.99),
        "ms",
        Limit::AtMost(200.0),
        format!("p50 {} ms, none refused; {}", figure(load.quantile(0.5)), machine::load()),
    );
    Ok(table)
}

/// One officer's record, as the telephone sends it.
fn record(ground: &Ground, at: usize, day: &str) -> Vec<u8> {
    let mut chance = Chance::new(at as u64 + 1);
    let report = |chance: &mut Chance| serde_json::json!({ "id": fresh(now()).to_string(), "title": text(chance, 14), "detail": text(chance, 90) });
    let answers = serde_json::json!([
        { "question": "operation", "choices": ["better"] },
        { "question": "friction", "choices": ["none"] },
        { "question": "outlook", "choices": ["better"] },
        { "question": "output-growth", "text": "12" },
        { "question": "staff-wanted", "text": "30" },
    ]);
    let body = serde_json::json!({
        "command": "record", "seen": 1, "day": day, "minutes": text(&mut chance, 200), "met": "总经理",
        "filled": [{ "version": ground.version, "responses": answers }],
        "reports": [report(&mut chance), report(&mut chance)],
    });
    client::post(&format!("/api/v1/visits/{}/commands", ground.visits[at]), &ground.tokens[at], &body.to_string())
}

/// A campaign with its round, ten teams of fifty, and a visit of today for each officer.
fn ground(house: &House) -> Result<Ground> {
    let (terms, people, at) = (house.terms.clone(), house.people.clone(), now());
    let made = house.db.write_blocking(move |tx| {
        let deed = Deed { terms: &terms, by: people.office.person(), now: at };
        let today = at.day();
        let year =
            Period { name: "百千万".into(), name_en: String::new(), from: today.plus(-40), to: today.plus(200) };
        let campaign = campaign::insert(tx, &deed, CampaignId(fresh(at)), &year)?;
        let days = Period { name: "集中走访".into(), ..year };
        let round = campaign::insert_round(tx, &deed, RoundId(fresh(at)), campaign.id, &days)?;
        let asked: Vec<_> = questionnaire::list(tx)?.into_iter().filter(|it| it.code == "status").collect();
        campaign::set_questionnaires(tx, &deed, round.id, &[asked[0].questionnaire])?;
        let mut officers = Vec::new();
        for n in 0..OFFICERS {
            let unit = people.units[n % TEAMS];
            let login = format!("bench-officer-{n}");
            let new =
                NewPerson {
                    login: &login, name: "何静", unit, roles: &[Role::Officer], reporter: None, password: ""
                };
            officers.push(person::insert(tx, &new, at)?);
        }
        let mut teams = Vec::new();
        for (n, unit) in people.units.iter().take(TEAMS).enumerate() {
            teams.push(team::insert(tx, &deed, TeamId(fresh(at)), round.id, *unit, &format!("第{n}组"))?.id);
        }
        let mut given = Vec::new();
        for n in 0..SUBJECTS {
            let card = Card::named(Kind::Enterprise, &format!("虚构第{n}号机械有限公司"));
            let id = subject::insert(tx, &deed, SubjectId(fresh(at)), card)?.id;
            given.push((id, teams[n % TEAMS]));
        }
        team::assign(tx, &deed, round.id, &given)?;
        let mut visits = Vec::new();
        for (n, officer) in officers.iter().enumerate() {
            let found = person::find(tx, *officer)?.ok_or(store::Error::NotFound)?;
            let actor = person::actor(tx, &found, at)?;
            // A subject of his own team: every tenth.
            let (subject, team) = given[(n % TEAMS) + (n / TEAMS % (SUBJECTS / TEAMS)) * TEAMS];
            let plan = Plan {
                id: VisitId(fresh(at)),
                subject,
                campaign: Some(campaign.id),
                round: Some(round.id),
                team: Some(team),
                unit: people.units[n % TEAMS],
                officer: *officer,
                people: Default::default(),
                purpose: Purpose::Visit,
                when: When { day: today, until: None, minute: None },
            };
            visits.push((visit::plan(tx, &terms, plan, &actor, at)?.0.visit.id, actor));
        }
        Ok::<_, Failure>((visits, asked[0].id.to_string()))
    });
    let (visits, version) = made.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let tokens = visits.iter().map(|(_, actor)| house.session(actor)).collect::<Result<_>>()?;
    let office = house.session(&house.people.office).context("the office")?;
    Ok(Ground { tokens, visits: visits.into_iter().map(|it| it.0).collect(), version, office })
}
