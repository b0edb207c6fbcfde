//! Search words of subjects: name, its letters in pinyin, code, tags, address.

use crate::db::Tx;
use crate::error::Result;
use crate::{search_subject, vals};
use domain::subject::{Card, tags};
use domain::{letters, search};

/// Everything a subject is found by, as tokens; made outside of transactions where many are written.
pub fn words(card: &Card) -> String {
    compose(&card.name, &card.code, &card.tags, &card.address)
}

fn compose(name: &str, code: &str, tags: &[String], address: &str) -> String {
    let text = format!("{name} {code} {} {address}", tags.join(" "));
    let letters = letters::tokens(name);
    let mut words = search::tokens(&text);
    if !letters.is_empty() {
        words.push(' ');
        words.push_str(&letters);
    }
    words
}

pub fn index(tx: &mut dyn Tx, no: i64, card: &Card) -> Result<()> {
    search_subject::insert(tx, no, &words(card))
}

pub fn replace(tx: &mut dyn Tx, no: i64, card: &Card) -> Result<()> {
    search_subject::remove(tx, no)?;
    index(tx, no, card)
}

/// The words of all subjects anew, after a restore.
pub(crate) fn index_all(tx: &mut dyn Tx) -> Result<()> {
    let mut no = i64::MIN;
    loop {
        let rows = tx.query(
            "select no, name, code, tags, address from subject where no > $1 order by no limit 500",
            &vals![no],
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        no = last.int(0)?;
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            all.push((row.int(0)?, compose(row.text(1)?, row.text(2)?, &tags(row.text(3)?), row.text(4)?)));
        }
        let all: Vec<(i64, &str)> = all.iter().map(|(no, words)| (*no, words.as_str())).collect();
        search_subject::insert_many(tx, &all)?;
    }
}
