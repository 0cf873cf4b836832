//! MySQL's SQL, as MariaDB reads it too.
//!
//! Values are literals: the protocol's parameters have no numbers, and a comparison of a column with a text is
//! one of floats unless the text is cast (MySQL 8.0 manual, "Type Conversion in Expression Evaluation").

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use yuanliu_sql_kit::{ColumnType, Dialect, Operand, Value, zone};

use crate::server_type::{Family, ServerType};

/// The longest decimal the server has, for expressions whose type is not known.
const DECIMAL_WIDEST: &str = "decimal(65,30)";

/// How an instant is written in a session whose zone is UTC.
const UTC_FORMAT: &str = "%Y-%m-%d %H:%M:%S%.6f";

/// MySQL's SQL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MySqlDialect;

/// A text literal whose text cannot end it, whatever the session's mode is: one that holds a quote, a
/// backslash or a control character is written in hexadecimal digits.
pub(crate) fn literal(text: &str) -> String {
    match text.contains(['\'', '"', '\\']) || text.chars().any(char::is_control) {
        true => format!("_utf8mb4 x'{}'", hex::encode(text)),
        false => format!("'{text}'"),
    }
}

/// The operand's family; that of what it is read as where the server does not describe it.
fn family(operand: &Operand) -> Family {
    match operand.server_type.as_deref().map(ServerType) {
        Some(server_type) => server_type.family(),
        None => match operand.kind {
            ColumnType::Integer | ColumnType::Boolean => Family::Signed,
            ColumnType::Unsigned | ColumnType::Rowversion => Family::Unsigned,
            ColumnType::Decimal(..) => Family::Decimal,
            ColumnType::Text | ColumnType::Uuid => Family::Text,
            ColumnType::Json => Family::Json,
            ColumnType::Date => Family::Date,
            ColumnType::Time => Family::Time,
            ColumnType::Datetime | ColumnType::Instant => Family::Datetime,
            ColumnType::Binary => Family::Binary,
        },
    }
}

impl Dialect for MySqlDialect {
    fn quote(&self, identifier: &str) -> String {
        format!("`{}`", identifier.replace('\0', "").replace('`', "``"))
    }

    fn value(&self, _number: usize, text: &str) -> Value {
        Value::Literal(literal(text))
    }

    fn mark_of(&self, operand: &Operand) -> String {
        let sql = &operand.sql;
        match family(operand) {
            Family::Text => sql.clone(),
            // The text of a float has six digits only.
            Family::Float => format!("cast({sql} + 0e0 as char)"),
            Family::Bit | Family::Listed => format!("cast({sql} + 0 as char)"),
            Family::Binary => format!("hex({sql})"),
            _ => format!("cast({sql} as char)"),
        }
    }

    fn bind(&self, operand: &Operand, value: &str) -> String {
        match family(operand) {
            Family::Signed => format!("cast({value} as signed)"),
            Family::Unsigned | Family::Bit | Family::Listed => format!("cast({value} as unsigned)"),
            Family::Decimal => format!("cast({value} as {})", decimal(operand)),
            Family::Float | Family::Double => format!("({value} + 0e0)"),
            Family::Date => format!("cast({value} as date)"),
            Family::Datetime | Family::Timestamp => format!("cast({value} as datetime(6))"),
            Family::Time => format!("cast({value} as time(6))"),
            Family::Binary => format!("unhex({value})"),
            Family::Text | Family::Json | Family::Uuid | Family::Spatial | Family::Unknown => {
                value.to_owned()
            }
        }
    }

    fn time_from(&self, operand: &Operand, time: DateTime<Utc>, zone: Tz) -> String {
        match operand.kind {
            ColumnType::Datetime => zone::lower_bound(time, zone),
            _ => time.format(UTC_FORMAT).to_string(),
        }
    }

    fn time_to(&self, operand: &Operand, time: DateTime<Utc>, zone: Tz) -> String {
        match operand.kind {
            ColumnType::Datetime => zone::upper_bound(time, zone),
            _ => time.format(UTC_FORMAT).to_string(),
        }
    }
}

fn decimal(operand: &Operand) -> &str {
    let declared = operand.server_type.as_deref().map(|name| ServerType(name).with_length());
    declared.filter(|declared| declared.ends_with(')')).unwrap_or(DECIMAL_WIDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_cannot_be_ended_by_its_text() {
        assert_eq!(literal("2026-01-01 00:00:00"), "'2026-01-01 00:00:00'");
        assert_eq!(literal("箱"), "'箱'");
        assert_eq!(literal(r"it's"), "_utf8mb4 x'69742773'");
        assert_eq!(literal("a\\"), "_utf8mb4 x'615c'");
        assert_eq!(MySqlDialect.quote("订单`; drop"), "`订单``; drop`");
        assert_eq!(MySqlDialect.table(None, "mes.scan"), "`mes`.`scan`");
    }

    #[track_caller]
    fn check(kind: ColumnType, server_type: &str, mark: &str, bound: &str) {
        let server_type = (!server_type.is_empty()).then(|| server_type.to_owned());
        let operand = Operand { sql: "`c`".to_owned(), kind, server_type, is_nullable: false };
        assert_eq!(MySqlDialect.mark_of(&operand), mark);
        assert_eq!(MySqlDialect.bind(&operand, "'7'"), bound);
    }

    #[test]
    fn marks_come_back_in_the_columns_own_type() {
        use ColumnType::{Binary, Datetime, Decimal, Instant, Integer, Text, Unsigned};
        check(Integer, "int(11)", "cast(`c` as char)", "cast('7' as signed)");
        check(Unsigned, "bigint unsigned", "cast(`c` as char)", "cast('7' as unsigned)");
        check(
            Decimal(20, 4),
            "decimal(20,4) unsigned",
            "cast(`c` as char)",
            "cast('7' as decimal(20,4))",
        );
        check(Decimal(20, 4), "", "cast(`c` as char)", "cast('7' as decimal(65,30))");
        check(Decimal(20, 4), "float", "cast(`c` + 0e0 as char)", "('7' + 0e0)");
        check(Datetime, "datetime", "cast(`c` as char)", "cast('7' as datetime(6))");
        check(Instant, "timestamp(3)", "cast(`c` as char)", "cast('7' as datetime(6))");
        check(Text, "varchar(60)", "`c`", "'7'");
        check(Text, "enum('a','b')", "cast(`c` + 0 as char)", "cast('7' as unsigned)");
        check(Binary, "varbinary(16)", "hex(`c`)", "unhex('7')");
    }

    #[test]
    fn bounds_of_instants_are_of_utc() {
        let time = "2026-03-02T00:00:00.5Z".parse().unwrap();
        let operand =
            |kind| Operand { sql: "`c`".to_owned(), kind, server_type: None, is_nullable: false };
        let zone = chrono_tz::Asia::Shanghai;
        let bound = |kind| MySqlDialect.time_to(&operand(kind), time, zone);
        assert_eq!(bound(ColumnType::Instant), "2026-03-02 00:00:00.500000");
        assert_eq!(bound(ColumnType::Datetime), "2026-03-02 08:00:00.500000");
    }
}
