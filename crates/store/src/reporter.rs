//! Reporters 反映人: the only place where the personal data of those who reported stands, so that it can be erased.

use crate::db::Tx;
use crate::error::Result;
use crate::vals;
use crate::words::sha256;
use domain::id::ReporterId;
use domain::time::Millis;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reporter {
    pub id: ReporterId,
    pub name: String,
    pub phone: String,
    pub address: String,
    /// Credit code of an enterprise, or empty.
    pub code: String,
}

impl Reporter {
    /// What the search finds it by, for those who see reporters.
    pub(crate) fn words(&self) -> String {
        format!("{} {} {} {}", self.name, self.phone, self.address, self.code)
    }

    /// `text` as those read it from whom this reporter is shielded.
    pub fn mask(&self, text: &str) -> String {
        self.telling().into_iter().fold(text.to_owned(), |text, telling| text.replace(telling, "＊＊"))
    }

    /// What must not show where the reporter is shielded, longest first.
    fn telling(&self) -> Vec<&str> {
        let mut telling: Vec<&str> = [&self.name, &self.phone, &self.address, &self.code]
            .into_iter()
            .map(|it| it.trim())
            .filter(|it| it.chars().count() > 1)
            .collect();
        telling.sort_by_key(|it| std::cmp::Reverse(it.len()));
        telling
    }
}

pub fn find(tx: &mut dyn Tx, id: ReporterId) -> Result<Option<Reporter>> {
    let row = tx.query_opt("select id, name, phone, address, code from reporter where id = $1", &vals![id])?;
    row.map(|row| {
        Ok(Reporter {
            id: row.parse(0)?,
            name: row.string(1)?,
            phone: row.string(2)?,
            address: row.string(3)?,
            code: row.string(4)?,
        })
    })
    .transpose()
}

pub fn insert(tx: &mut dyn Tx, reporter: &Reporter, now: Millis) -> Result<()> {
    tx.exec(
        "insert into reporter (id, name, phone, address, code, made_at) values ($1, $2, $3, $4, $5, $6)",
        &vals![reporter.id, &reporter.name, &reporter.phone, &reporter.address, &reporter.code, now],
    )?;
    Ok(())
}

/// Gives the reporter a new link; the old one ends. Only the digest of the token is kept.
pub fn set_link(tx: &mut dyn Tx, id: ReporterId, token: &str) -> Result<()> {
    tx.exec("update reporter set link = $2 where id = $1", &vals![id, sha256(&[token.as_bytes()])])?;
    Ok(())
}

pub fn find_by_link(tx: &mut dyn Tx, token: &str) -> Result<Option<ReporterId>> {
    tx.query_opt("select id from reporter where link = $1 and erased_at is null", &vals![sha256(&[token.as_bytes()])])?
        .map(|row| row.parse(0))
        .transpose()
}
