//! Values and rows as both engines understand them: four kinds, no more.

use crate::error::{Error, Result};
use domain::time::{Day, Millis};
use std::str::FromStr;

/// A value handed to a statement or found in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
}

/// An array of values of mixed types: `tx.exec(SQL, &vals![id.to_string(), "name", now])`.
#[macro_export]
macro_rules! vals {
    ($($value:expr),* $(,)?) => { [$($crate::Val::from($value)),*] };
}

macro_rules! val_from {
    ($($kind:ty, $value:ident => $val:expr;)*) => {$(
        impl From<$kind> for Val {
            fn from($value: $kind) -> Val { $val }
        }
    )*};
}

val_from! {
    i64, value => Val::Int(value);
    i32, value => Val::Int(value.into());
    u32, value => Val::Int(value.into());
    bool, value => Val::Int(value.into());
    f64, value => Val::Real(value);
    String, value => Val::Text(value);
    &String, value => Val::Text(value.clone());
    &str, value => Val::Text(value.to_owned());
    Millis, value => Val::Int(value.0);
    Day, value => Val::Text(value.to_string());
}

impl<T: Into<Val>> From<Option<T>> for Val {
    fn from(value: Option<T>) -> Val {
        value.map_or(Val::Null, Into::into)
    }
}

impl Val {
    fn kind(&self) -> &'static str {
        match self {
            Val::Null => "empty",
            Val::Int(_) => "a whole number",
            Val::Real(_) => "a number",
            Val::Text(_) => "text",
        }
    }

    /// Refuses what only one engine can hold, so that a text or number saved on one can be moved to the other.
    pub(crate) fn check_portable(values: &[Val]) -> Result<()> {
        for value in values {
            match value {
                Val::Text(text) if text.as_bytes().contains(&0) => {
                    return Err(Error::Constraint("a text holds the character NUL.".into()));
                }
                Val::Real(number) if !number.is_finite() => {
                    return Err(Error::Constraint("a number is infinite or no number.".into()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// One row of an answer; columns count from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    values: Vec<Val>,
    /// Only to say where a wrong type comes from.
    sql: &'static str,
}

impl Row {
    pub(crate) fn new(values: Vec<Val>, sql: &'static str) -> Row {
        Row { values, sql }
    }

    pub fn values(&self) -> &[Val] {
        &self.values
    }

    pub fn int(&self, column: usize) -> Result<i64> {
        match self.get(column)? {
            Val::Int(value) => Ok(*value),
            other => Err(self.wrong(column, other.kind(), "a whole number")),
        }
    }

    pub fn real(&self, column: usize) -> Result<f64> {
        match self.get(column)? {
            Val::Real(value) => Ok(*value),
            Val::Int(value) => Ok(*value as f64),
            other => Err(self.wrong(column, other.kind(), "a number")),
        }
    }

    pub fn text(&self, column: usize) -> Result<&str> {
        match self.get(column)? {
            Val::Text(value) => Ok(value),
            other => Err(self.wrong(column, other.kind(), "text")),
        }
    }

    pub fn string(&self, column: usize) -> Result<String> {
        self.text(column).map(str::to_owned)
    }

    /// A yes or no, kept as 1 or 0.
    pub fn flag(&self, column: usize) -> Result<bool> {
        self.int(column).map(|value| value != 0)
    }

    pub fn millis(&self, column: usize) -> Result<Millis> {
        self.int(column).map(Millis)
    }

    /// Anything kept as its text: an id, a day, a state.
    pub fn parse<T: FromStr>(&self, column: usize) -> Result<T> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.wrong(column, &format!("{text:?}"), std::any::type_name::<T>()))
    }

    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        self.opt(column, Row::int)
    }

    pub fn opt_real(&self, column: usize) -> Result<Option<f64>> {
        self.opt(column, Row::real)
    }

    pub fn opt_text(&self, column: usize) -> Result<Option<&str>> {
        match self.get(column)? {
            Val::Null => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    pub fn opt_string(&self, column: usize) -> Result<Option<String>> {
        self.opt(column, Row::string)
    }

    pub fn opt_millis(&self, column: usize) -> Result<Option<Millis>> {
        self.opt(column, Row::millis)
    }

    pub fn opt_parse<T: FromStr>(&self, column: usize) -> Result<Option<T>> {
        self.opt(column, Row::parse)
    }

    fn opt<T>(&self, column: usize, read: fn(&Row, usize) -> Result<T>) -> Result<Option<T>> {
        match self.get(column)? {
            Val::Null => Ok(None),
            _ => read(self, column).map(Some),
        }
    }

    fn get(&self, column: usize) -> Result<&Val> {
        self.values.get(column).ok_or_else(|| self.wrong(column, "missing", "there"))
    }

    fn wrong(&self, column: usize, found: &str, wanted: &str) -> Error {
        let sql: String = self.sql.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect();
        Error::Database(format!("column {column} of \"{sql}\" is {found}, but {wanted} was expected"))
    }
}
