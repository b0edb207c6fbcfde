//! Counters: readable numbers 编号, one after the other, for each kind of thing.

use crate::db::Tx;
use crate::error::Result;
use crate::vals;

pub fn next(tx: &mut dyn Tx, name: &'static str) -> Result<i64> {
    next_many(tx, name, 1)
}

/// The first of `count` numbers in a row.
pub fn next_many(tx: &mut dyn Tx, name: &'static str, count: i64) -> Result<i64> {
    let row = tx.query_one(
        "insert into counter (name, value) values ($1, $2) on conflict (name) do update set value = counter.value + $2 returning value",
        &vals![name, count],
    )?;
    Ok(row.int(0)? - count + 1)
}

/// Gives the last number back, where it turned out that nothing needs it.
pub(crate) fn give_back(tx: &mut dyn Tx, name: &'static str) -> Result<()> {
    tx.exec("update counter set value = value - 1 where name = $1", &vals![name])?;
    Ok(())
}
