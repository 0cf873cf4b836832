//! Values of a statement, and statements that differ between the two databases.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::error::Cause;

/// A value to bind. Every column of the store is text or a whole number, in both databases alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text; a time is text too.
    Text(Option<String>),
    /// A whole number.
    Integer(Option<i64>),
}

/// One statement, its parameters written `$1`, `$2`, … which both databases read.
#[derive(Debug, Clone)]
pub(crate) enum Sql {
    /// Both read it alike.
    Same(&'static str),
    /// Each has its own.
    Each {
        /// For SQLite.
        sqlite: &'static str,
        /// For PostgreSQL.
        postgresql: &'static str,
    },
    /// Made of our own words or of names out of the database's own catalogue.
    Made(String),
}

/// The statement of a file that each database has its own of: `sql/sqlite/NAME.sql`, `sql/postgresql/NAME.sql`.
macro_rules! each {
    ($name:literal) => {
        $crate::store::value::Sql::Each {
            sqlite: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/sql/sqlite/",
                $name,
                ".sql"
            )),
            postgresql: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/sql/postgresql/",
                $name,
                ".sql"
            )),
        }
    };
}

/// Values in the order of their parameters.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::value::Value::from($value)),*] };
}

pub(crate) use {each, values};

impl From<&'static str> for Sql {
    fn from(sql: &'static str) -> Self {
        Self::Same(sql)
    }
}

impl Sql {
    pub(crate) fn for_sqlite(self) -> SqlStr {
        match self {
            Self::Same(sql) | Self::Each { sqlite: sql, .. } => sql.into_sql_str(),
            Self::Made(sql) => AssertSqlSafe(sql).into_sql_str(),
        }
    }

    pub(crate) fn for_postgresql(self) -> SqlStr {
        match self {
            Self::Same(sql) | Self::Each { postgresql: sql, .. } => sql.into_sql_str(),
            Self::Made(sql) => AssertSqlSafe(sql).into_sql_str(),
        }
    }
}

pub(crate) fn for_sqlite(values: Vec<Value>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Integer(number) => arguments.add(number),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

pub(crate) fn for_postgresql(values: Vec<Value>) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text.map(without_nul)),
            Value::Integer(number) => arguments.add(number),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// PostgreSQL holds no NUL in a text; its picture stands for it, so that a reject can be kept.
fn without_nul(text: String) -> String {
    match text.contains('\0') {
        true => text.replace('\0', "\u{2400}"),
        false => text,
    }
}

/// The condition that a column has the value of a parameter, or none where nothing is asked for.
///
/// What is not asked for is not in the statement, so that the database takes the index of what is.
pub(crate) fn asked<T>(column: &str, parameter: u8, value: &Option<T>) -> String {
    match value {
        Some(_) => format!("{column} = ${parameter}"),
        None => format!("${parameter} is null"),
    }
}

/// A time as the store writes it: RFC 3339 in UTC with milliseconds, so that text sorts by time.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The same to the nanosecond, where what is read must be what was written.
pub(crate) fn exact(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

/// A time out of the store.
pub(crate) fn time(text: &str) -> Result<DateTime<Utc>, Cause> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.with_timezone(&Utc))
        .map_err(|error| Cause::Unknown(format!("{text:?} is no time: {error}")))
}

/// A time out of the store that may be missing.
pub(crate) fn time_if_any(text: Option<&str>) -> Result<Option<DateTime<Utc>>, Cause> {
    text.map(time).transpose()
}

/// What a word of the store stands for.
pub(crate) fn word<T>(word: &str, meaning: Option<T>) -> Result<T, Cause> {
    meaning.ok_or_else(|| Cause::Unknown(format!("{word:?} is none of the words there are")))
}

/// JSON out of the store.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Cause> {
    serde_json::from_str(text)
        .map_err(|error| Cause::Unknown(format!("{text:?} is not as written: {error}")))
}

/// A count out of the store.
pub(crate) fn count<T: TryFrom<i64>>(number: i64) -> Result<T, Cause> {
    T::try_from(number).map_err(|_| Cause::Unknown(format!("{number} is no count")))
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(Some(text.into_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Self {
        Self::Text(text.clone())
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Text(Some(stamp(at)))
    }
}

impl From<Option<DateTime<Utc>>> for Value {
    fn from(at: Option<DateTime<Utc>>) -> Self {
        Self::Text(at.map(stamp))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(Some(number.into()))
    }
}

impl From<bool> for Value {
    fn from(is_so: bool) -> Self {
        Self::Integer(Some(is_so.into()))
    }
}

impl From<u64> for Value {
    /// No count comes near the bound.
    fn from(number: u64) -> Self {
        Self::Integer(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}
