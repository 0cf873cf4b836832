//! SQLite's SQL.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use yuanliu_sql_kit::{ColumnType, Dialect, Operand, Value, zone};

use crate::declared;
use crate::mark;

/// How SQLite's own date functions write a time of UTC, with every digit a bound may need.
const UTC_FORMAT: &str = "%Y-%m-%d %H:%M:%S%.6f";

/// SQLite's SQL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SqliteDialect;

impl Dialect for SqliteDialect {
    fn quote(&self, identifier: &str) -> String {
        format!("\"{}\"", identifier.replace('\0', "").replace('"', "\"\""))
    }

    /// Marks say the type of their value, which a parameter could not.
    fn value(&self, _number: usize, text: &str) -> Value {
        Value::Literal(mark::literal(text))
    }

    /// The value itself: its mark is made where the type it is stored as is known.
    fn mark_of(&self, operand: &Operand) -> String {
        operand.sql.clone()
    }

    fn bind(&self, _operand: &Operand, value: &str) -> String {
        value.to_owned()
    }

    fn has_row_values(&self) -> bool {
        true
    }

    /// Times are texts and compared as such: a shorter text is less than any that goes on.
    fn time_from(&self, operand: &Operand, time: DateTime<Utc>, zone: Tz) -> String {
        let text = match operand.kind {
            ColumnType::Datetime => zone::lower_bound(time, zone),
            _ => time.format(UTC_FORMAT).to_string(),
        };
        let text = text.trim_end_matches('0').trim_end_matches('.');
        mark::of_text(&as_stored(operand, text))
    }

    fn time_to(&self, operand: &Operand, time: DateTime<Utc>, zone: Tz) -> String {
        let text = match operand.kind {
            ColumnType::Datetime => zone::upper_bound(time, zone),
            _ => time.format(UTC_FORMAT).to_string(),
        };
        mark::of_text(&as_stored(operand, &text))
    }
}

/// A bound in the form the column's own texts have.
fn as_stored(operand: &Operand, text: &str) -> String {
    match operand.server_type.as_deref().is_some_and(declared::has_t) {
        true => text.replacen(' ', "T", 1),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operand(kind: ColumnType, server_type: Option<&str>) -> Operand {
        let server_type = server_type.map(str::to_owned);
        Operand { sql: "\"c\"".to_owned(), kind, server_type, is_nullable: false }
    }

    #[test]
    fn no_text_of_the_bounds_time_lies_outside() {
        let zone = chrono_tz::Asia::Shanghai;
        let bounds = |time: &str, kind, server_type| {
            let time = time.parse().unwrap();
            let operand = operand(kind, server_type);
            let text = |mark: String| mark.trim_start_matches("t:").to_owned();
            let (dialect, zone) = (SqliteDialect, zone);
            (
                text(dialect.time_from(&operand, time, zone)),
                text(dialect.time_to(&operand, time, zone)),
            )
        };
        let (low, high) = bounds("2026-03-02T00:00:00Z", ColumnType::Datetime, None);
        for stored in ["2026-03-02 08:00:00", "2026-03-02 08:00:00.0", "2026-03-02 08:00:00.000"] {
            assert!(low.as_str() <= stored && stored <= high.as_str(), "{low} {stored} {high}");
        }
        let (low, high) = bounds("2026-03-02T00:00:00.5Z", ColumnType::Instant, None);
        assert_eq!(
            (low.as_str(), high.as_str()),
            ("2026-03-02 00:00:00.5", "2026-03-02 00:00:00.500000")
        );
        let iso = bounds("2026-03-02T00:00:00Z", ColumnType::Datetime, Some("DATETIME with T"));
        assert_eq!(iso.1, "2026-03-02T08:00:00.000000");
    }

    #[test]
    fn no_name_ends_its_quotes() {
        assert_eq!(SqliteDialect.quote("订单\"; drop"), "\"订单\"\"; drop\"");
        assert_eq!(SqliteDialect.table(None, "main.scan"), "\"main\".\"scan\"");
    }
}
