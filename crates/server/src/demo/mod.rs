//! The demonstration: the ten units of the case and about 300 invented problems, lived through by the rules themselves.

pub mod cast;
pub mod days;
pub mod dice;
pub mod play;
pub mod plot;
pub mod scenes;
pub mod texts;

use crate::house::House;
use crate::said;
use cast::Account;
use days::Days;
use domain::time::Millis;

/// Fills an empty house. `phc` is the hash of the password of every account. Answers the accounts to be told.
pub fn fill(house: &House, phc: String, now: Millis) -> anyhow::Result<Vec<Account>> {
    let days = Days::before(now, &house.terms.calendar);
    let texts = texts::Texts::read();
    let begin = days.first();
    let master = house.terms.master.clone();
    let made = house.db.write_blocking(move |tx| cast::make(tx, &master, &texts::Texts::read(), &phc, begin));
    let cast = made.map_err(said::store("准备演示"))?;
    let plots = scenes::all(&cast, &texts, &days);
    let accounts = cast.accounts.clone();
    play::play(house, cast, plots, now)?;
    Ok(accounts)
}
