//! T-SQL as every release since SQL Server 2008 reads it: no `offset`, no `trim`, no `concat`.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use chrono_tz::Tz;
use yuanliu_sql_kit::{ColumnType, Dialect, Operand, Select, Value, zone};

use crate::server_type::ServerType;

/// The longest `nvarchar` that is not `max`; marks are at most this long.
const NVARCHAR_MAX: u32 = 4000;

/// How a time is written so that it means the same whatever the session's language and date format.
const WALL_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6f";

/// The same for `datetime`, which takes three digits at most.
const WALL_FORMAT_MILLIS: &str = "%Y-%m-%dT%H:%M:%S%.3f";

/// The same with the offset of UTC.
const INSTANT_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6f+00:00";

/// How statements are written for SQL Server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TransactSql;

impl Dialect for TransactSql {
    fn quote(&self, identifier: &str) -> String {
        format!("[{}]", identifier.replace(']', "]]"))
    }

    fn value(&self, number: usize, _text: &str) -> Value {
        Value::Parameter(format!("@P{number}"))
    }

    fn select(&self, select: &Select) -> String {
        let top = select.limit.map(|rows| format!("top ({rows}) ")).unwrap_or_default();
        format!(
            "select {top}{} from {}{}{}",
            select.list,
            select.from,
            select.where_clause(),
            select.order_clause()
        )
    }

    fn mark_of(&self, operand: &Operand) -> String {
        let sql = &operand.sql;
        let server_type = ServerType::of(operand);
        match server_type.name.as_str() {
            "timestamp" | "rowversion" => {
                format!("convert(varchar(20), convert(bigint, {sql}))")
            }
            // Style 126 is ISO 8601 with every digit the type has.
            "date" | "time" | "datetime" | "smalldatetime" | "datetime2" | "datetimeoffset" => {
                format!("convert(varchar(33), {sql}, 126)")
            }
            "money" | "smallmoney" => format!("convert(varchar(33), {sql}, 2)"),
            "float" | "real" => format!("convert(varchar(33), {sql}, 3)"),
            "binary" | "varbinary" => format!("convert(varchar(8000), {sql}, 1)"),
            "uniqueidentifier" => format!("convert(varchar(36), {sql})"),
            "bit" | "tinyint" | "smallint" | "int" | "bigint" | "decimal" | "numeric" => {
                format!("convert(varchar(42), {sql})")
            }
            _ => format!("convert(nvarchar({NVARCHAR_MAX}), {sql})"),
        }
    }

    fn is_its_mark(&self, operand: &Operand) -> bool {
        // Times are left out: the driver's digits are not those of the column's type.
        let name = ServerType::of(operand).name;
        let is_exact = matches!(
            name.as_str(),
            "timestamp"
                | "rowversion"
                | "uniqueidentifier"
                | "bit"
                | "tinyint"
                | "smallint"
                | "int"
                | "bigint"
                | "decimal"
                | "numeric"
                | "char"
                | "varchar"
                | "nchar"
                | "nvarchar"
        );
        operand.server_type.is_some() && is_exact
    }

    fn bind(&self, operand: &Operand, value: &str) -> String {
        let server_type = ServerType::of(operand);
        match server_type.name.as_str() {
            "timestamp" | "rowversion" => {
                format!("convert(binary(8), convert(bigint, {value}))")
            }
            "binary" | "varbinary" => format!("convert({}, {value}, 1)", server_type.written()),
            // A parameter is `nvarchar`; it becomes `varchar` by the code page of its collation, which
            // is the database's unless the column's is named.
            "char" | "varchar" => match &server_type.collation {
                Some(collation) => {
                    format!("convert({}, {value} collate {collation})", server_type.written())
                }
                None => format!("convert({}, {value})", server_type.written()),
            },
            _ => format!("convert({}, {value})", server_type.written()),
        }
    }

    fn read(&self, operand: &Operand) -> String {
        let sql = &operand.sql;
        let Some(server_type) = operand.server_type.as_deref().map(ServerType::parse) else {
            return sql.clone();
        };
        match server_type.name.as_str() {
            // The driver reads money as a binary float and loses digits.
            "money" => format!("convert(decimal(19,4), {sql})"),
            "smallmoney" => format!("convert(decimal(10,4), {sql})"),
            // The server knows its own code pages, UTF-8 collations and broken characters best.
            "varchar" => format!("convert({}, {sql})", server_type.as_unicode()),
            "char" => format!("rtrim(convert({}, {sql}))", server_type.as_unicode()),
            "nchar" => format!("rtrim({sql})"),
            "text" | "xml" => format!("convert(nvarchar(max), {sql})"),
            "sql_variant" => format!("convert(nvarchar({NVARCHAR_MAX}), {sql})"),
            _ => sql.clone(),
        }
    }

    fn time_from(&self, operand: &Operand, time: DateTime<Utc>, zone: Tz) -> String {
        self.bound(operand, time, zone, zone::lower_bound)
    }

    fn time_to(&self, operand: &Operand, time: DateTime<Utc>, zone: Tz) -> String {
        self.bound(operand, time, zone, zone::upper_bound)
    }
}

impl TransactSql {
    /// A bound no later than asked for, exact in the column's own type: a text that the server would
    /// round up to its grain could let a row of the next window in.
    fn bound(
        &self,
        operand: &Operand,
        time: DateTime<Utc>,
        zone: Tz,
        wall: fn(DateTime<Utc>, Tz) -> String,
    ) -> String {
        let server_type = ServerType::of(operand);
        let grain = match server_type.name.as_str() {
            // Three ticks of 1/300 s, the shortest time that is a whole number of milliseconds.
            "datetime" => TimeDelta::milliseconds(10),
            "smalldatetime" => TimeDelta::minutes(1),
            _ => TimeDelta::microseconds(1),
        };
        let time = time.duration_trunc(grain).unwrap_or(time);
        if server_type.name == "datetimeoffset" {
            return time.format(INSTANT_FORMAT).to_string();
        }
        let format = match server_type.name.as_str() {
            "datetime" | "smalldatetime" => WALL_FORMAT_MILLIS,
            _ => WALL_FORMAT,
        };
        if operand.kind == ColumnType::Instant {
            return time.format(format).to_string();
        }
        let text = wall(time, zone).replacen(' ', "T", 1);
        match format {
            WALL_FORMAT_MILLIS => text.get(..text.len().saturating_sub(3)).unwrap_or(&text).into(),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;

    use super::*;

    fn operand(kind: ColumnType, server_type: &str) -> Operand {
        let server_type = (!server_type.is_empty()).then(|| server_type.to_owned());
        Operand { sql: "[c]".to_owned(), kind, server_type, is_nullable: false }
    }

    #[track_caller]
    fn check(kind: ColumnType, server_type: &str, mark: &str, bound: &str, read: &str) {
        let operand = operand(kind, server_type);
        assert_eq!(TransactSql.mark_of(&operand), mark);
        assert_eq!(TransactSql.bind(&operand, "@P1"), bound);
        assert_eq!(TransactSql.read(&operand), read);
    }

    #[test]
    fn writes_every_type() {
        use ColumnType::{Binary, Boolean, Datetime, Decimal, Integer, Rowversion, Text, Uuid};
        check(
            Rowversion,
            "timestamp",
            "convert(varchar(20), convert(bigint, [c]))",
            "convert(binary(8), convert(bigint, @P1))",
            "[c]",
        );
        check(
            Datetime,
            "datetime2(7)",
            "convert(varchar(33), [c], 126)",
            "convert(datetime2(7), @P1)",
            "[c]",
        );
        check(
            Datetime,
            "datetime",
            "convert(varchar(33), [c], 126)",
            "convert(datetime, @P1)",
            "[c]",
        );
        check(Datetime, "", "convert(varchar(33), [c], 126)", "convert(datetime2(7), @P1)", "[c]");
        check(Integer, "int", "convert(varchar(42), [c])", "convert(int, @P1)", "[c]");
        check(Integer, "", "convert(varchar(42), [c])", "convert(bigint, @P1)", "[c]");
        check(Boolean, "bit", "convert(varchar(42), [c])", "convert(bit, @P1)", "[c]");
        check(
            Decimal(19, 4),
            "money",
            "convert(varchar(33), [c], 2)",
            "convert(money, @P1)",
            "convert(decimal(19,4), [c])",
        );
        check(
            Decimal(38, 10),
            "decimal(38,10)",
            "convert(varchar(42), [c])",
            "convert(decimal(38,10), @P1)",
            "[c]",
        );
        check(
            Text,
            "varchar(60) collate Chinese_PRC_CI_AS",
            "convert(nvarchar(4000), [c])",
            "convert(varchar(60), @P1 collate Chinese_PRC_CI_AS)",
            "convert(nvarchar(60), [c])",
        );
        check(
            Text,
            "varchar(max)",
            "convert(nvarchar(4000), [c])",
            "convert(varchar(max), @P1)",
            "convert(nvarchar(max), [c])",
        );
        check(
            Text,
            "varchar(8000)",
            "convert(nvarchar(4000), [c])",
            "convert(varchar(8000), @P1)",
            "convert(nvarchar(max), [c])",
        );
        check(
            Text,
            "char(8)",
            "convert(nvarchar(4000), [c])",
            "convert(char(8), @P1)",
            "rtrim(convert(nvarchar(8), [c]))",
        );
        check(
            Text,
            "nvarchar(60)",
            "convert(nvarchar(4000), [c])",
            "convert(nvarchar(60), @P1)",
            "[c]",
        );
        check(
            Uuid,
            "uniqueidentifier",
            "convert(varchar(36), [c])",
            "convert(uniqueidentifier, @P1)",
            "[c]",
        );
        check(
            Binary,
            "varbinary(16)",
            "convert(varchar(8000), [c], 1)",
            "convert(varbinary(16), @P1, 1)",
            "[c]",
        );
        let variant = operand(Text, "sql_variant");
        assert_eq!(TransactSql.read(&variant), "convert(nvarchar(4000), [c])");
        assert_eq!(TransactSql.read(&operand(Text, "xml")), "convert(nvarchar(max), [c])");
    }

    #[test]
    fn no_name_ends_its_brackets() {
        assert_eq!(TransactSql.quote("订单 ]; drop--"), "[订单 ]]; drop--]");
        assert_eq!(
            TransactSql.table(Some("UFDATA_001_2026"), "dbo.SO_SOMain"),
            "[UFDATA_001_2026].[dbo].[SO_SOMain]"
        );
    }

    #[test]
    fn bounds_are_exact_in_the_columns_type() {
        let time = "2026-03-02T00:00:59.998765Z".parse().unwrap();
        let to = |kind, name: &str| TransactSql.time_to(&operand(kind, name), time, Shanghai);
        assert_eq!(to(ColumnType::Datetime, "datetime"), "2026-03-02T08:00:59.990");
        assert_eq!(to(ColumnType::Datetime, "smalldatetime"), "2026-03-02T08:00:00.000");
        assert_eq!(to(ColumnType::Datetime, "datetime2(7)"), "2026-03-02T08:00:59.998765");
        assert_eq!(to(ColumnType::Instant, "datetime2(7)"), "2026-03-02T00:00:59.998765");
        assert_eq!(
            to(ColumnType::Instant, "datetimeoffset(7)"),
            "2026-03-02T00:00:59.998765+00:00"
        );
    }

    #[test]
    fn a_page_is_a_top_of_a_keyset() {
        let select = Select {
            list: "[a], [b]".to_owned(),
            from: "[dbo].[t]".to_owned(),
            conditions: vec!["[a] > @P1".to_owned()],
            order: vec!["[a]".to_owned()],
            limit: Some(20),
        };
        assert_eq!(
            TransactSql.select(&select),
            "select top (20) [a], [b] from [dbo].[t] where [a] > @P1 order by [a]"
        );
    }
}
