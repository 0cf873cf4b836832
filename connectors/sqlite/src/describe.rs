//! Tables, columns and indexes from the file's schema.
//!
//! Pragmas as tables: SQLite documentation, "PRAGMA Statements", "PRAGMA functions". Row counts are those of the last
//! `analyze` (`sqlite_stat1`), or else the greatest row id: counting would read the whole table.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Column as _, Executor, SqlSafeStr, Statement as _, TypeInfo};
use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_sql_kit::{DescribedColumn, DescribedTable, Dialect};

use crate::declared::{self, Sample};
use crate::dialect::SqliteDialect;
use crate::error::Failure;
use crate::file::{DatabaseFile, TextRow, ask, text};
use crate::mark::text_literal;

/// A column of dates is looked into as far as this many rows.
const SAMPLE_ROWS: usize = 200;

/// Virtual tables' hidden columns are left out, generated columns are not.
const COLUMNS: &str = "select m.name, c.name, c.type, c.\"notnull\", c.pk, m.type \
    from sqlite_schema as m join pragma_table_xinfo(m.name) as c \
    where m.type in ('table', 'view') and m.name not like 'sqlite!_%' escape '!' and c.hidden <> 1";

const INDEXES: &str = "select m.name, l.name, i.name from sqlite_schema as m \
    join pragma_index_list(m.name) as l join pragma_index_info(l.name) as i \
    where m.type = 'table' and i.name is not null order by m.name, l.name, i.seqno";

/// The columns of a table or query.
pub(crate) async fn source(file: &DatabaseFile, source: &str) -> Result<Vec<DescribedColumn>> {
    match is_query(source) {
        true => query(file, source).await,
        false => table(file, source).await,
    }
}

/// Whether it is a query and not the name of a table.
fn is_query(source: &str) -> bool {
    let mut words = source.split_whitespace();
    let first = words.next().unwrap_or_default();
    let is_several = words.next().is_some();
    is_several && (first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("with"))
}

async fn table(file: &DatabaseFile, source: &str) -> Result<Vec<DescribedColumn>> {
    let action = format!("describing {source}");
    // `main.scan` and `scan` are one table: no other file is attached.
    let name = source.rsplit_once('.').map_or(source, |(_, name)| name).trim();
    let sql =
        format!("{COLUMNS} and m.name = {} collate nocase order by c.cid", text_literal(name));
    let columns = file
        .with(&action, async |session| {
            let rows = ask(session, &sql).await?;
            let samples = samples(session, &rows).await?;
            Ok(rows.iter().map(|row| column(row, &samples)).collect::<Vec<_>>())
        })
        .await?;
    match columns.is_empty() {
        true => Err(ConnectorError::new(ErrorKind::NotFound, action)
            .with_detail("there is no such table or view")
            .with_hint("run systems discover for those there are")),
        false => Ok(columns),
    }
}

/// What the columns of dates among the rows of [`COLUMNS`], which are of one table, hold.
async fn samples(
    session: &mut SqliteConnection,
    rows: &[TextRow],
) -> std::result::Result<BTreeMap<String, Sample>, Failure> {
    let mut samples = BTreeMap::new();
    for row in rows.iter().filter(|row| declared::is_day(text(row, 2))) {
        let (table, column) =
            (SqliteDialect.quote(text(row, 0)), SqliteDialect.quote(text(row, 1)));
        let sql = format!(
            "select typeof(c), substr(c, 11, 1) from (select {column} as c from {table} \
             limit {SAMPLE_ROWS}) where c is not null limit 1"
        );
        let found = ask(session, &sql).await?;
        let sample = found.first().map(|row| Sample::of(text(row, 0), text(row, 1)));
        samples.insert(text(row, 1).to_owned(), sample.unwrap_or(Sample::None));
    }
    Ok(samples)
}

/// A row of [`COLUMNS`].
fn column(row: &TextRow, samples: &BTreeMap<String, Sample>) -> DescribedColumn {
    let (name, declared) = (text(row, 1), text(row, 2));
    let sample = samples.get(name).copied().unwrap_or(Sample::None);
    let is_key = text(row, 4) != "0";
    let upper = declared.to_ascii_uppercase();
    // `INTEGER PRIMARY KEY` is the row id, which grows.
    let is_counter = text(row, 4) == "1" && upper == "INTEGER";
    let is_time = upper.contains("DATETIME") || upper.contains("TIMESTAMP");
    DescribedColumn {
        name: name.to_owned(),
        data_type: declared::described(declared, sample),
        readable: declared::readable(declared, sample),
        is_key,
        // A primary key may hold nulls unless it is the row id.
        is_nullable: text(row, 3) == "0" && !is_counter,
        is_change_candidate: is_counter || is_time,
    }
}

/// Tables and views of the file.
pub(crate) async fn tables(file: &DatabaseFile, tables_max: usize) -> Result<Vec<DescribedTable>> {
    let columns = format!("{COLUMNS} order by m.name, c.cid");
    file.with("listing tables", async |session| {
        let mut tables: Vec<DescribedTable> = Vec::new();
        let rows = ask(session, &columns).await?;
        for of_one in rows.chunk_by(|a, b| text(a, 0) == text(b, 0)).take(tables_max) {
            let Some(first) = of_one.first() else { continue };
            let samples = samples(session, of_one).await?;
            let rows = match text(first, 5) {
                "table" => row_count(session, text(first, 0)).await,
                _ => None,
            };
            tables.push(DescribedTable {
                name: text(first, 0).to_owned(),
                comment: None,
                rows,
                indexes: key_of(of_one).into_iter().collect(),
                columns: of_one.iter().map(|row| column(row, &samples)).collect(),
            });
        }
        let indexes = ask(session, INDEXES).await?;
        for of_one in indexes.chunk_by(|a, b| text(a, 0) == text(b, 0) && text(a, 1) == text(b, 1))
        {
            let table = of_one.first().map(|row| text(row, 0)).unwrap_or_default();
            if let Some(table) = tables.iter_mut().find(|found| found.name == table) {
                table.indexes.push(of_one.iter().map(|row| text(row, 2).to_owned()).collect());
            }
        }
        Ok(tables)
    })
    .await
}

/// The primary key in its own order: a table is stored by it, without an index, where it is the row id.
fn key_of(rows: &[TextRow]) -> Option<Vec<String>> {
    let place = |row: &TextRow| text(row, 4).parse::<u32>().ok().filter(|place| *place > 0);
    let mut key: Vec<_> = rows.iter().filter_map(|row| Some((place(row)?, text(row, 1)))).collect();
    key.sort_unstable();
    (!key.is_empty()).then(|| key.into_iter().map(|(_, name)| name.to_owned()).collect())
}

async fn row_count(session: &mut SqliteConnection, table: &str) -> Option<u64> {
    // The first number of a line of statistics; there is no such table before the first analyse.
    let analysed = format!(
        "select cast(stat as integer) from sqlite_stat1 where tbl = {} limit 1",
        text_literal(table)
    );
    let greatest = format!("select max(rowid) from {}", SqliteDialect.quote(table));
    for sql in [analysed, greatest] {
        let rows = ask(session, &sql).await.unwrap_or_default();
        if let Some(count) = rows.first().and_then(|row| text(row, 0).parse().ok()) {
            return Some(count);
        }
    }
    None
}

async fn query(file: &DatabaseFile, query: &str) -> Result<Vec<DescribedColumn>> {
    let sql = AssertSqlSafe(query.to_owned()).into_sql_str();
    file.with("describing a query", async |session| {
        let statement = session.prepare(sql).await?;
        Ok(statement.columns().iter().map(query_column).collect::<Vec<_>>())
    })
    .await
}

fn query_column(column: &sqlx::sqlite::SqliteColumn) -> DescribedColumn {
    let declared = match column.type_info().name() {
        // An expression, or a type that the driver does not know.
        "NULL" => "",
        declared => declared,
    };
    DescribedColumn {
        name: column.name().to_owned(),
        data_type: declared::described(declared, Sample::None),
        readable: declared::readable(declared, Sample::None),
        is_key: false,
        is_nullable: true,
        is_change_candidate: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_may_be_called_select() {
        assert!(is_query("select a from b"));
        assert!(!is_query("main.select"));
        assert!(!is_query("扫码 记录"));
    }
}
