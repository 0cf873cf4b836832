//! How statements are written for one database product.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::column_type::ColumnType;
use crate::zone;

/// A column or expression that rows are ordered by and compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// As it is written in a statement: quoted, or the admin's own expression in parentheses.
    pub sql: String,
    /// What it is read as.
    pub kind: ColumnType,
    /// The server's own type, if the server describes it: `datetime`, `nvarchar(60)`.
    pub server_type: Option<String>,
    /// Whether it may hold null.
    pub is_nullable: bool,
}

/// A value on its way into a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A parameter: its placeholder.
    Parameter(String),
    /// A literal, quoted so that its text cannot end it.
    Literal(String),
}

/// The parts of a select, each already written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// The select list.
    pub list: String,
    /// A quoted table, or a derived table with its alias.
    pub from: String,
    /// All must hold.
    pub conditions: Vec<String>,
    /// What it is ordered by; empty: not at all.
    pub order: Vec<String>,
    /// How many rows at most.
    pub limit: Option<usize>,
}

impl Select {
    /// ` where …` if there are conditions.
    pub fn where_clause(&self) -> String {
        match self.conditions.is_empty() {
            true => String::new(),
            false => format!(" where {}", self.conditions.join(" and ")),
        }
    }

    /// ` order by …` if there is an order.
    pub fn order_clause(&self) -> String {
        match self.order.is_empty() {
            true => String::new(),
            false => format!(" order by {}", self.order.join(", ")),
        }
    }
}

/// Where an ascending order puts nulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Before every value: SQL Server, MySQL, SQLite.
    First,
    /// After every value: PostgreSQL.
    Last,
}

/// How statements are written for one product.
pub trait Dialect: Send + Sync {
    /// One identifier, quoted so that its text cannot end it.
    fn quote(&self, identifier: &str) -> String;

    /// A value as the `number`-th parameter (from 1), or as a literal where the product takes none.
    fn value(&self, number: usize, text: &str) -> Value;

    /// A complete select.
    fn select(&self, select: &Select) -> String {
        let limit = select.limit.map(|rows| format!(" limit {rows}")).unwrap_or_default();
        format!(
            "select {} from {}{}{}{limit}",
            select.list,
            select.from,
            select.where_clause(),
            select.order_clause()
        )
    }

    /// The exact text of an operand's value, as an expression of text type.
    fn mark_of(&self, operand: &Operand) -> String;

    /// Whether a column as it is read tells its exact value, so that no mark of its own is sent with
    /// every row.
    fn is_its_mark(&self, _operand: &Operand) -> bool {
        false
    }

    /// A written value (placeholder or literal) cast back to the operand's type, so that no
    /// precision is lost and an index on the operand serves.
    fn bind(&self, operand: &Operand, value: &str) -> String;

    /// A column as it is read. Most read as they are; some products must cast (money, spatial).
    fn read(&self, operand: &Operand) -> String {
        operand.sql.clone()
    }

    /// A table's name in a statement: each part quoted, with the database in front if one is given.
    fn table(&self, database: Option<&str>, table: &str) -> String {
        let parts = database.into_iter().chain(table.split('.').map(str::trim));
        parts.map(|part| self.quote(part)).collect::<Vec<_>>().join(".")
    }

    /// What follows a table in a `from`, for instance a lock hint; with a leading blank.
    fn table_hint(&self) -> &str {
        ""
    }

    /// Where an ascending order puts nulls.
    fn nulls(&self) -> Nulls {
        Nulls::First
    }

    /// Whether `(a, b) > (x, y)` is known and served by an index on (a, b).
    fn has_row_values(&self) -> bool {
        false
    }

    /// The lower bound of a range of times as a mark: no later than any row changed since.
    fn time_from(&self, operand: &Operand, time: DateTime<Utc>, zone: Tz) -> String {
        match operand.kind {
            ColumnType::Datetime => zone::lower_bound(time, zone),
            _ => zone::instant(time),
        }
    }

    /// The upper bound of a range of times as a mark.
    fn time_to(&self, operand: &Operand, time: DateTime<Utc>, zone: Tz) -> String {
        match operand.kind {
            ColumnType::Datetime => zone::upper_bound(time, zone),
            _ => zone::instant(time),
        }
    }
}
