//! Every table that a backup carries, in an order in which each row finds what it refers to. Statements over whole
//! tables are made from this one list.

use crate::db::Tx;
use crate::error::Result;
use crate::row::{Row, Val};
use crate::vals;
use std::sync::OnceLock;

pub(crate) const PAGE: usize = 2_000;
/// Rows put in with one statement: over a network the way there and back costs more than the rows.
pub(crate) const MANY: usize = 40;

/// Not in a backup: sessions would let in whoever was signed in then; search words are made anew from the texts; photos of
/// a record that is not saved yet lie among the drafts.
pub const LEFT_OUT: &[&str] =
    &["session", "problem_words", "reporter_words", "subject_words", "visit_words", "schema_version", "visit_photo"];

/// Names, columns, and how many of the first columns are the key. A column that ends in `#` is a whole number in a key.
const LIST: &[(&str, &str, usize)] = &[
    ("setting", "name value", 1),
    ("unit", "id parent name name_en path ended_at", 1),
    ("category", "id parent name name_en span evidence", 1),
    ("person", "id login name phone unit reporter password language left_at failures locked_until read_until", 1),
    ("hat", "person role unit", 3),
    ("deputy", "id person by from_at to_at", 1),
    ("view", "id person name query made_at", 1),
    ("one_time_link", "token person made_by ends_at used_at", 1),
    ("counter", "name value", 1),
    ("reporter", "id name phone address code link made_at erased_at", 1),
    (
        "subject",
        "id no kind name code address area industry tags founded capital business remark officer reporter revision made_at changed_at ended_at",
        1,
    ),
    ("contact", "id subject name post phone email note made_at changed_at", 1),
    ("campaign", "id no name name_en from_day to_day rules revision made_at ended_at", 1),
    ("round", "id no campaign name from_day to_day revision made_at", 1),
    ("team", "id round unit name made_at", 1),
    ("team_member", "team person", 2),
    ("assignment", "round subject team visits visit visited_on made_at", 2),
    ("questionnaire", "id code made_at", 1),
    ("questionnaire_version", "id questionnaire version body made_at by", 1),
    ("round_questionnaire", "round questionnaire place", 2),
    ("policy", "id title issuer issued_on edition made_at ended_at", 1),
    ("visit", "id no subject campaign round team unit officer state purpose day revision body sent", 1),
    ("visit_viewer", "viewer no# visit day subject", 2),
    ("visit_version", "visit version# body by at reason", 2),
    ("response", "visit version question place# choice value subject round", 4),
    ("finding", "id visit subject campaign kind text", 1),
    (
        "promise",
        "id visit subject campaign text owner due state settled_at settled_by settled_visit note revision next_at",
        1,
    ),
    ("visit_policy", "visit policy edition campaign", 2),
    ("grid_mark", "thing cell kind campaign", 2),
    (
        "problem",
        "id no title detail place occurred revision body state source reporter officer shielded lead category tier boarded paused \
         registered_at clock_at first_due_at due_at late_at visited_at next_at merged_into sent \
         subject visit campaign dispatched_at closed_at answered verdict satisfaction slips",
        1,
    ),
    ("sight", "viewer no# problem part clock_at late_at", 2),
    ("errand", "holder kind no# problem due_at", 3),
    ("attachment", "id problem name media size sha256 by at checked", 1),
    ("event", "id thing seq kind at written_at by body hash", 1),
    ("seal", "day events last_event digest hash at", 1),
    ("word_key", "thing sealed", 1),
    (
        "site",
        "id no name permit address owner contractor consultant subject secret revision made_at changed_at ended_at",
        1,
    ),
    ("staff", "site person firm posts attests made_at", 2),
    ("identity", "person sealed digest shown made_at", 1),
    ("certificate", "id person post number from_day to_day made_at", 1),
    ("stage_plan", "site version# state effective_from approved_at revision body", 2),
    ("plan_person", "person site version# from_day to_day", 3),
    ("leave", "id person from_day to_day state revision body words", 1),
    ("substitute", "id site person instead_of from_day to_day state revision body", 1),
    ("consent", "owner asked_at# thing kind", 3),
    ("site_exit", "id person site last_day filed_at by", 1),
    ("site_call", "id person site called_at day by", 1),
    ("key_period", "id site from_day to_day why made_at by", 1),
    ("punch", "id person site at day received drift_s way device doubt raw by waits", 1),
    ("ruling", "punch at# accepted by reason", 2),
    ("appeal", "id no person site day state revision body words", 1),
    ("verdict", "site day person seq# verdict reason body at cause", 4),
    ("duty", "site person day due reason post covers place came_at left_at waits begins_at", 2),
    ("site_today", "site day stage must came may_came on_leave extra waits missing", 1),
    ("attendance_rules", "effective_from entered_at# body by", 2),
    ("notice", "id box problem kind detail at promise site", 1),
    ("look", "id person thing what at", 1),
    ("holiday", "day notice# off name", 2),
    ("holiday_notice", "year# papers", 1),
    (
        "import_run",
        "id kind file done_rows at source sha256 map state by all_rows imported updated unchanged rejected seq ended_at",
        1,
    ),
    ("import_reject", "run line# field zh en cells", 2),
    ("import_change", "run place# thing before after", 2),
    ("import_map", "kind source map", 2),
];

pub struct Table {
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    /// Before the first key.
    start: Vec<Val>,
    pub page: &'static str,
    pub insert: &'static str,
    /// `insert` for many rows at once.
    pub insert_many: &'static str,
    pub count: &'static str,
    /// For the trees: rows are put in without their parent, which may come later, and get it in the end.
    pub adopt: Option<&'static str>,
}

/// The statements are made once and kept for ever, since a transaction remembers its statements by their text.
pub fn tables() -> &'static [Table] {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES.get_or_init(|| LIST.iter().map(|(name, columns, key)| table(name, columns, *key)).collect())
}

fn table(name: &'static str, columns: &'static str, key: usize) -> Table {
    let start = columns
        .split_whitespace()
        .take(key)
        .map(|it| if it.ends_with('#') { Val::Int(i64::MIN) } else { Val::from("") });
    let start: Vec<Val> = start.collect();
    let columns: Vec<&str> = columns.split_whitespace().map(|it| it.trim_end_matches('#')).collect();
    let marks_from = |from: usize, n: usize| (from..from + n).map(|it| format!("${it}")).collect::<Vec<_>>().join(", ");
    let marks = |n: usize| marks_from(1, n);
    let (all, keys) = (columns.join(", "), columns[..key].join(", "));
    let page = format!("select {all} from {name} where ({keys}) > ({}) order by {keys} limit {PAGE}", marks(key));
    let insert = format!("insert into {name} ({all}) values ({})", marks(columns.len()));
    let rows: Vec<_> =
        (0..MANY).map(|row| format!("({})", marks_from(row * columns.len() + 1, columns.len()))).collect();
    let insert_many = format!("insert into {name} ({all}) values {}", rows.join(", "));
    let adopt = columns.contains(&"parent").then(|| format!("update {name} set parent = $2 where id = $1"));
    Table {
        name,
        start,
        page: page.leak(),
        insert: insert.leak(),
        insert_many: insert_many.leak(),
        count: format!("select count(*) from {name}").leak(),
        adopt: adopt.map(|it| &*it.leak()),
        columns,
    }
}

impl Table {
    /// All rows, in pages, in the order of the key.
    pub(crate) fn each<E: From<crate::Error>>(
        &self,
        tx: &mut dyn Tx,
        mut row: impl FnMut(&Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut key = self.start.clone();
        loop {
            let rows = tx.query(self.page, &key)?;
            for it in &rows {
                row(it)?;
            }
            match rows.last() {
                Some(last) if rows.len() == PAGE => key = last.values()[..key.len()].to_vec(),
                _ => return Ok(()),
            }
        }
    }

    pub(crate) fn is_empty(&self, tx: &mut dyn Tx) -> Result<bool> {
        Ok(tx.query(self.page, &self.start)?.is_empty())
    }
}

/// The words of all problems and subjects, from their texts.
pub(crate) fn index_all(tx: &mut dyn Tx) -> Result<()> {
    crate::subject_words::index_all(tx)?;
    crate::search_visit::index_all(tx)?;
    let mut no = i64::MIN;
    loop {
        let rows = tx.query(
            "select p.no, p.title, p.detail, p.place, r.name, r.phone, r.address, r.code
             from problem p left join reporter r on r.id = p.reporter where p.no > $1 order by p.no limit 500",
            &vals![no],
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        no = last.int(0)?;
        for row in &rows {
            let words = |columns: std::ops::Range<usize>| {
                columns.map(|it| row.text(it)).collect::<Result<Vec<_>>>().map(|it| it.join(" "))
            };
            crate::search::index_problem(tx, row.int(0)?, &words(1..4)?)?;
            if row.opt_text(4)?.is_some() {
                crate::search::index_reporter(tx, row.int(0)?, &words(4..8)?)?;
            }
        }
    }
}
