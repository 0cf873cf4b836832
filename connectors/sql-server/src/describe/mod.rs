//! Tables, views and queries as the server describes them.

mod statements;

use std::collections::BTreeMap;

use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_sql_kit::{DescribedColumn, DescribedTable};

use crate::pool::Pool;
use crate::server_type::{ServerType, TypeFacts};
use crate::statement::{Call, TextRow, number, run, text, texts};

/// The schema of a table that is named without one.
const SCHEMA_DEFAULT: &str = "dbo";

/// The most columns a server has a table of (1,024), and a wide table (30,000).
const TABLE_COLUMNS_MAX: usize = 30_000;

/// The most catalogue rows that are kept of one query.
const CATALOG_ROWS_MAX: usize = 2_000_000;

/// A schema and a name in it.
type TableName = (String, String);

/// The columns of a table, a view or a query.
pub(crate) async fn describe(
    pool: &Pool,
    database: Option<&str>,
    source: &str,
) -> Result<Vec<DescribedColumn>> {
    match is_query(source) {
        true => describe_query(pool, database, source).await,
        false => describe_table(pool, database, source).await,
    }
}

/// Whether it is a query and not the name of a table.
fn is_query(source: &str) -> bool {
    let first = source.split_whitespace().next().unwrap_or_default();
    let is_several = source.split_whitespace().nth(1).is_some();
    is_several && (first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("with"))
}

async fn describe_table(
    pool: &Pool,
    database: Option<&str>,
    table: &str,
) -> Result<Vec<DescribedColumn>> {
    let (schema, name) = match table.rsplit_once('.') {
        Some((schema, name)) => (schema.trim(), name.trim()),
        None => (SCHEMA_DEFAULT, table.trim()),
    };
    let sql = statements::columns(database, true);
    let action = format!("describing {table}");
    let call = Call { database, sql: &sql, parameters: &[schema, name], action: &action };
    let rows = texts(pool, &call, TABLE_COLUMNS_MAX).await?;
    if rows.is_empty() {
        return Err(ConnectorError::new(ErrorKind::NotFound, action)
            .with_detail(format!(
                "there is no table or view {schema}.{name} that this login can see"
            ))
            .with_hint(format!(
                "run systems discover for those it can see; if it is there: grant select on \
                 {schema}.{name} to the login"
            )));
    }
    Ok(rows.iter().map(table_column).collect())
}

/// A column of [`statements::columns`].
fn table_column(row: &TextRow) -> DescribedColumn {
    let facts = TypeFacts {
        name: text(row, 3),
        max_length: number(row, 4),
        precision: number(row, 5),
        scale: number(row, 6),
        collation: row.get(7).and_then(Option::as_deref),
    };
    let server_type = ServerType::from_facts(&facts);
    let is_identity = is_true(row, 9);
    DescribedColumn {
        name: text(row, 2).to_owned(),
        data_type: server_type.described(),
        readable: server_type.readable(),
        is_key: is_true(row, 11),
        is_nullable: is_true(row, 8),
        is_change_candidate: is_identity || server_type.can_tell_change(),
    }
}

async fn describe_query(
    pool: &Pool,
    database: Option<&str>,
    query: &str,
) -> Result<Vec<DescribedColumn>> {
    let action = "describing a query";
    let sql = statements::QUERY_COLUMNS;
    let call = Call { database, sql, parameters: &[query], action };
    let rows = match texts(pool, &call, TABLE_COLUMNS_MAX).await {
        // Before SQL Server 2012 there is no such function.
        Err(error) if error.kind == ErrorKind::NotFound => Vec::new(),
        rows => rows?,
    };
    // A query that the function cannot describe says why when it is run.
    let is_described = !rows.is_empty() && rows.iter().all(|row| text(row, 5).is_empty());
    if is_described {
        return Ok(rows.iter().map(query_column).collect());
    }
    let sql = statements::empty_answer(query);
    let call = Call { database, sql: &sql, parameters: &[], action };
    let columns = run(pool, &call, |_| Ok(())).await?;
    Ok(columns.iter().map(answer_column).collect())
}

/// A column of [`statements::QUERY_COLUMNS`].
fn query_column(row: &TextRow) -> DescribedColumn {
    let mut server_type = ServerType::parse(text(row, 1));
    if matches!(server_type.name.as_str(), "char" | "varchar" | "text") {
        let collation = format!("{} collate {}", server_type.written(), text(row, 3));
        server_type = ServerType::parse(&collation);
    }
    DescribedColumn {
        name: text(row, 0).to_owned(),
        data_type: server_type.described(),
        readable: server_type.readable(),
        is_key: false,
        is_nullable: is_true(row, 2),
        is_change_candidate: is_true(row, 4) || server_type.can_tell_change(),
    }
}

/// A column of an answer's metadata, where lengths and precisions are not told.
fn answer_column(column: &tiberius::Column) -> DescribedColumn {
    use tiberius::ColumnType as Wire;
    let name = match column.column_type() {
        Wire::Bit | Wire::Bitn => "bit",
        Wire::Int1 => "tinyint",
        Wire::Int2 => "smallint",
        Wire::Int4 => "int",
        Wire::Int8 | Wire::Intn => "bigint",
        Wire::Datetime4 => "smalldatetime",
        Wire::Datetime | Wire::Datetimen => "datetime",
        Wire::Float4 => "real",
        Wire::Float8 | Wire::Floatn => "float",
        Wire::Money => "money",
        Wire::Money4 => "smallmoney",
        Wire::Guid => "uniqueidentifier",
        Wire::Decimaln | Wire::Numericn => "decimal(38,10)",
        Wire::Daten => "date",
        Wire::Timen => "time(7)",
        Wire::Datetime2 => "datetime2(7)",
        Wire::DatetimeOffsetn => "datetimeoffset(7)",
        Wire::BigVarBin | Wire::BigBinary => "varbinary(8000)",
        Wire::BigVarChar | Wire::BigChar => "varchar(8000)",
        Wire::NVarchar | Wire::NChar => "nvarchar(4000)",
        Wire::Xml => "xml",
        Wire::Text => "text",
        Wire::NText => "ntext",
        Wire::Image => "image",
        Wire::SSVariant => "sql_variant",
        Wire::Udt => "geometry",
        Wire::Null => "int",
    };
    let server_type = ServerType::parse(name);
    DescribedColumn {
        name: column.name().to_owned(),
        data_type: server_type.described(),
        readable: server_type.readable(),
        is_key: false,
        is_nullable: true,
        is_change_candidate: server_type.can_tell_change(),
    }
}

/// Tables and views this login can see.
pub(crate) async fn tables(
    pool: &Pool,
    database: Option<&str>,
    tables_max: usize,
) -> Result<Vec<DescribedTable>> {
    let catalog = async |sql: String| {
        let action = "reading the catalogue";
        let call = Call { database, sql: &sql, parameters: &[], action };
        texts(pool, &call, CATALOG_ROWS_MAX).await
    };
    let mut tables: BTreeMap<TableName, DescribedTable> = BTreeMap::new();
    for row in catalog(statements::columns(database, false)).await? {
        let key = name_of(&row);
        if !tables.contains_key(&key) && tables.len() >= tables_max {
            continue;
        }
        let name = format!("{}.{}", key.0, key.1);
        let table = tables.entry(key).or_insert_with(|| DescribedTable {
            name,
            comment: None,
            rows: None,
            indexes: Vec::new(),
            columns: Vec::new(),
        });
        table.columns.push(table_column(&row));
    }
    // What follows is good to know; a login that may not see it still sees its tables.
    let mut last: Option<(TableName, i64)> = None;
    for row in optional(catalog(statements::indexes(database)).await)? {
        let (key, index) = (name_of(&row), number(&row, 2));
        let is_new = last.as_ref() != Some(&(key.clone(), index));
        if let Some(table) = tables.get_mut(&key) {
            if is_new {
                table.indexes.push(Vec::new());
            }
            if let Some(columns) = table.indexes.last_mut() {
                columns.push(text(&row, 3).to_owned());
            }
        }
        last = Some((key, index));
    }
    for row in optional(catalog(statements::row_counts(database)).await)? {
        if let Some(table) = tables.get_mut(&name_of(&row)) {
            table.rows = u64::try_from(number(&row, 2)).ok();
        }
    }
    for row in optional(catalog(statements::comments(database)).await)? {
        if let Some(table) = tables.get_mut(&name_of(&row)) {
            table.comment = row.get(2).cloned().flatten().filter(|comment| !comment.is_empty());
        }
    }
    Ok(tables.into_values().collect())
}

/// The rows, or none of them if the login may not see them or the server has no such view.
fn optional(rows: Result<Vec<TextRow>>) -> Result<Vec<TextRow>> {
    match rows {
        Err(error) if matches!(error.kind, ErrorKind::Permission | ErrorKind::NotFound) => {
            Ok(Vec::new())
        }
        rows => rows,
    }
}

fn name_of(row: &TextRow) -> TableName {
    (text(row, 0).to_owned(), text(row, 1).to_owned())
}

fn is_true(row: &TextRow, at: usize) -> bool {
    number(row, at) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_may_be_called_select() {
        assert!(is_query("select a from b"));
        assert!(is_query("  WITH x as (select 1 as a) select a from x"));
        assert!(!is_query("dbo.select"));
        assert!(!is_query("select"));
        assert!(!is_query("dbo.销售 订单"));
    }

    #[test]
    fn columns_are_described_with_their_types() {
        let row = |cells: [&str; 12]| cells.map(|cell| Some(cell.to_owned())).to_vec();
        let column = table_column(&row([
            "dbo",
            "t",
            "ufts",
            "timestamp",
            "8",
            "0",
            "0",
            "",
            "0",
            "0",
            "0",
            "0",
        ]));
        assert_eq!((column.data_type.as_str(), column.is_change_candidate), ("timestamp", true));
        let column = table_column(&row([
            "dbo", "t", "AutoID", "int", "4", "10", "0", "", "0", "1", "0", "1",
        ]));
        assert!(column.is_key && column.is_change_candidate && !column.is_nullable);
        let column = table_column(&row([
            "dbo",
            "t",
            "place",
            "geography",
            "-1",
            "0",
            "0",
            "",
            "1",
            "0",
            "0",
            "0",
        ]));
        assert!(column.readable.is_err());
    }
}
