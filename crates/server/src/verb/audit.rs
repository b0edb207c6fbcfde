//! `audit verify`: reads every event, row and seal once, and names the first that is not as it was written.

use crate::house::{At, House};
use crate::now::now;
use crate::out::{counting, say};
use crate::said;

#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(at: &At, _args: &Args) -> anyhow::Result<()> {
    let house = House::open(at, now())?;
    let bar = counting("核对 verifying");
    let shown = bar.clone();
    let report = house
        .db
        .read_blocking(move |tx| store::audit::verify(tx, &mut |events| shown.set_position(events)))
        .map_err(said::store("核对"))?;
    bar.finish_and_clear();
    if let Some(broken) = report.broken {
        let (zh, en) = broken.say();
        return Err(said::no(zh, en));
    }
    say(&format!("全部相符：问题{}件，记录{}条，每日封印{}天。", report.problems, report.events, report.seals));
    say(&format!("all as written: problems {}, events {}, seals {}", report.problems, report.events, report.seals));
    Ok(())
}
