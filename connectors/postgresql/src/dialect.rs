//! PostgreSQL's SQL.

use yuanliu_sql_kit::{ColumnType, Dialect, Nulls, Operand, Value};

/// Types whose binary form is decoded; everything else is read as the server's text of it.
const NATIVE: &[&str] = &[
    "smallint",
    "integer",
    "bigint",
    "real",
    "double precision",
    "boolean",
    "text",
    "bytea",
    "date",
    "uuid",
    "json",
    "jsonb",
    "name",
];

/// Native types whose text needs no help of the server.
const EXACT: &[&str] = &["smallint", "integer", "bigint", "text", "uuid"];

/// Native types that carry a length or precision.
const NATIVE_PREFIXES: &[&str] = &["numeric", "character", "timestamp", "time(", "time without"];

/// PostgreSQL's SQL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PgDialect;

/// A string literal whose text cannot end it, whatever `standard_conforming_strings` says. A NUL
/// cannot occur in a value of the server.
pub(crate) fn literal(text: &str) -> String {
    let doubled = text.replace('\0', "").replace('\'', "''");
    match doubled.contains('\\') {
        true => format!("E'{}'", doubled.replace('\\', "\\\\")),
        false => format!("'{doubled}'"),
    }
}

pub(crate) fn is_native(server_type: &str) -> bool {
    let base = server_type.to_ascii_lowercase();
    let is_array = base.ends_with("[]");
    let starts = NATIVE_PREFIXES.iter().any(|prefix| base.starts_with(prefix));
    let is_zoned_time = base.starts_with("time")
        && !base.starts_with("timestamp")
        && base.ends_with("with time zone");
    !is_array && !is_zoned_time && (NATIVE.contains(&base.as_str()) || starts)
}

impl Dialect for PgDialect {
    fn quote(&self, identifier: &str) -> String {
        format!("\"{}\"", identifier.replace('\0', "").replace('"', "\"\""))
    }

    /// A literal without a type takes the type of the column it is compared with.
    fn value(&self, _number: usize, text: &str) -> Value {
        Value::Literal(literal(text))
    }

    fn mark_of(&self, operand: &Operand) -> String {
        format!("({})::text", operand.sql)
    }

    fn is_its_mark(&self, operand: &Operand) -> bool {
        let server_type = operand.server_type.as_deref().unwrap_or_default();
        EXACT.contains(&server_type.to_ascii_lowercase().as_str())
    }

    fn bind(&self, operand: &Operand, value: &str) -> String {
        match (operand.kind, &operand.server_type) {
            // An expression may be of a text type while it is declared as a number.
            (ColumnType::Binary, _) => format!("{value}::bytea"),
            _ => value.to_owned(),
        }
    }

    fn read(&self, operand: &Operand) -> String {
        match &operand.server_type {
            Some(server_type) if !is_native(server_type) => format!("({})::text", operand.sql),
            _ => operand.sql.clone(),
        }
    }

    fn table(&self, _database: Option<&str>, table: &str) -> String {
        table.split('.').map(|part| self.quote(part.trim())).collect::<Vec<_>>().join(".")
    }

    fn nulls(&self) -> Nulls {
        Nulls::Last
    }

    fn has_row_values(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_cannot_be_ended_by_its_text() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"a\'b"), r"E'a\\''b'");
        assert_eq!(literal("2026-01-01 00:00:00"), "'2026-01-01 00:00:00'");
    }
}
