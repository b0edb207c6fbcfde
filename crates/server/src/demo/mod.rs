//! The demonstration: the case of 2018 with its ten units, 160 enterprises, some 300 visits and 2,828 problems, all
//! invented and all lived through by the rules themselves.

mod answers;
pub mod cast;
mod days;
mod dice;
mod ground;
mod hosts;
mod play;
mod plot;
mod records;
mod sayings;
mod scenes;
mod sites;
mod step;
mod texts;
mod visits;

use crate::house::House;
use crate::said;
use cast::Account;
use days::Days;
use dice::Dice;
use domain::calendar::Calendar;
use domain::time::{Day, Millis};
use texts::Texts;

/// Problems heard in the real year (`facts.md`, 百千万 2018). With fewer, fewer are closed and all else stays.
pub const PROBLEMS: usize = 2_828;
/// The case of 2018 had its round begin on this date; the seed has no other meaning.
const SEED: u64 = 20_180_413;

/// Fills an empty house with a story that ends `now`. `phc` is the hash of the password of every account. Answers the
/// accounts to be told.
pub fn fill(house: &House, phc: String, now: Millis, problems: usize) -> anyhow::Result<Vec<Account>> {
    let days = Days::before(now, &house.terms.calendar);
    let (texts, terms) = (Texts::read(), house.terms.clone());
    let own = phc.clone();
    let made = house.db.write_blocking(move |tx| {
        let cast = cast::make(tx, &terms, &texts, &phc, &days)?;
        Ok((cast, texts, days))
    });
    let (cast, texts, days) = made.map_err(said::failure("准备演示"))?;
    let dice = Dice::new(SEED);
    let mut calls = visits::all(&cast, &days, &dice);
    let mut problems = scenes::all(&cast, &texts, &days, &dice, &mut calls, problems);
    let mut steps = records::all(&cast, &texts, &days, &dice, &calls);
    // What a visit reports comes before what becomes of it in the same minute.
    steps.append(&mut problems);
    steps.sort_by_key(|step| step.at);
    let accounts = cast.accounts.clone();
    play::play(house, cast, steps, now)?;
    sites::play(house, &Days::before(now, &house.terms.calendar), &dice, &own)?;
    play::seal(house, now)?;
    Ok(accounts)
}

/// The years that a story ending on that day touches and no holiday notice is known for.
pub fn unknown_years(day: Day, calendar: &Calendar) -> Vec<i16> {
    let (begin, _) = days::begin_and_opening(day, calendar);
    let years = begin.year()..=day.year();
    years.filter(|year| !calendar.announced(*year)).collect()
}
