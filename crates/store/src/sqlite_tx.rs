//! One SQLite transaction: statements cached by their text, values bound by the number in `$n`.

use crate::command::Session;
use crate::db::{Engine, Tx};
use crate::error::{Error, Result};
use crate::row::{Row, Val};
use rusqlite::types::{Null, ValueRef};
use rusqlite::{CachedStatement, Connection};

pub(crate) fn step(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql)?.raw_execute()?;
    Ok(())
}

pub(crate) struct SqliteTx<'c> {
    conn: &'c Connection,
    reading: bool,
    pub failed: Option<Error>,
}

impl<'c> SqliteTx<'c> {
    pub fn write(conn: &'c Connection) -> SqliteTx<'c> {
        SqliteTx { conn, reading: false, failed: None }
    }

    pub fn read(conn: &'c Connection) -> SqliteTx<'c> {
        SqliteTx { conn, reading: true, failed: None }
    }

    fn guarded<T>(&mut self, work: impl FnOnce(&'c Connection) -> Result<T>) -> Result<T> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        work(self.conn).inspect_err(|error| self.failed = Some(error.clone()))
    }
}

impl Session for SqliteTx<'_> {
    fn failure(&self) -> Option<&Error> {
        self.failed.as_ref()
    }
}

impl Tx for SqliteTx<'_> {
    fn exec(&mut self, sql: &'static str, params: &[Val]) -> Result<u64> {
        let reading = self.reading;
        self.guarded(|conn| {
            let mut statement = bound(conn, sql, params)?;
            if reading && !statement.readonly() {
                return Err(Error::read_only());
            }
            Ok(statement.raw_execute()? as u64)
        })
    }

    fn query(&mut self, sql: &'static str, params: &[Val]) -> Result<Vec<Row>> {
        self.guarded(|conn| {
            let mut statement = bound(conn, sql, params)?;
            let columns = statement.column_count();
            let mut answer = Vec::new();
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|column| Ok(value(row.get_ref(column)?))).collect::<Result<_>>()?;
                answer.push(Row::new(values, sql));
            }
            Ok(answer)
        })
    }

    fn batch(&mut self, sql: &str) -> Result<()> {
        self.guarded(|conn| Ok(conn.execute_batch(sql)?))
    }

    fn prepare(&mut self, sql: &str) -> Result<()> {
        self.guarded(|conn| Ok(conn.prepare(sql).map(drop)?))
    }

    fn engine(&self) -> Engine {
        Engine::Sqlite
    }
}

fn bound<'c>(conn: &'c Connection, sql: &str, params: &[Val]) -> Result<CachedStatement<'c>> {
    Val::check_portable(params)?;
    let mut statement = conn.prepare_cached(sql)?;
    let count = statement.parameter_count();
    for slot in 1..=count {
        // SQLite takes `$2` for a name and numbers slots by first appearance; PostgreSQL means the second value.
        let number = statement.parameter_name(slot).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let param = number.and_then(|number| params.get(number.checked_sub(1)?));
        match param.ok_or_else(|| Error::wrong_params(sql, count, params.len()))? {
            Val::Null => statement.raw_bind_parameter(slot, Null)?,
            Val::Int(value) => statement.raw_bind_parameter(slot, value)?,
            Val::Real(value) => statement.raw_bind_parameter(slot, value)?,
            Val::Text(value) => statement.raw_bind_parameter(slot, value.as_str())?,
        }
    }
    if count != params.len() {
        return Err(Error::wrong_params(sql, count, params.len()));
    }
    Ok(statement)
}

fn value(value: ValueRef<'_>) -> Val {
    match value {
        ValueRef::Null => Val::Null,
        ValueRef::Integer(value) => Val::Int(value),
        ValueRef::Real(value) => Val::Real(value),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Val::Text(String::from_utf8_lossy(bytes).into_owned()),
    }
}
