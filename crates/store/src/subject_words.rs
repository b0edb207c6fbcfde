//! Search words of subjects: name, its letters in pinyin, code, address, tags.

use crate::db::Tx;
use crate::error::Result;
use domain::subject::Card;

pub fn index(_tx: &mut dyn Tx, _no: i64, _card: &Card) -> Result<()> {
    Ok(())
}

pub fn replace(_tx: &mut dyn Tx, _no: i64, _card: &Card) -> Result<()> {
    Ok(())
}
