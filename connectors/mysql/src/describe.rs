//! Tables, columns and indexes from `information_schema`, and the columns of queries from a prepared statement.

use std::collections::BTreeMap;

use sqlx::mysql::MySqlColumn;
use sqlx::{AssertSqlSafe, Column as _, Executor, SqlSafeStr, Statement as _, TypeInfo};
use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_sql_kit::{DescribedColumn, DescribedTable};

use crate::database::ask;
use crate::dialect::literal;
use crate::page::{TextRow, text};
use crate::server_type::{Family, ServerType};
use crate::session::Sessions;

const COLUMNS: &str = "select table_schema, table_name, column_name, column_type, is_nullable, \
    column_key, extra from information_schema.columns";

/// Estimates for transactional tables, exact for others; none for views.
const TABLES: &str = "select table_schema, table_name, table_type, table_rows, table_comment \
    from information_schema.tables where table_schema = database() \
    and table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED', 'SYSTEM VIEW')";

const INDEXES: &str = "select table_schema, table_name, index_name, column_name \
    from information_schema.statistics where table_schema = database() and column_name is not null \
    order by table_name, index_name, seq_in_index";

/// The columns of a table or query.
pub(crate) async fn source(sessions: &Sessions, source: &str) -> Result<Vec<DescribedColumn>> {
    match is_query(source) {
        true => query(sessions, source).await,
        false => table(sessions, source).await,
    }
}

/// Whether it is a query and not the name of a table.
fn is_query(source: &str) -> bool {
    let mut words = source.split_whitespace();
    let first = words.next().unwrap_or_default();
    let is_several = words.next().is_some();
    is_several && (first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("with"))
}

async fn table(sessions: &Sessions, source: &str) -> Result<Vec<DescribedColumn>> {
    let (schema, name) = match source.split_once('.') {
        Some((schema, name)) => (literal(schema.trim()), name.trim()),
        None => ("database()".to_owned(), source.trim()),
    };
    let sql = format!(
        "{COLUMNS} where table_schema = {schema} and table_name = {} order by ordinal_position",
        literal(name)
    );
    let action = format!("describing {source}");
    let rows = sessions.with(&action, async |session| ask(session, &sql).await).await?;
    if rows.is_empty() {
        return Err(ConnectorError::new(ErrorKind::NotFound, action)
            .with_detail("there is no such table or view that this user can see")
            .with_hint(
                "run systems discover for those it can see; if it is there, grant select on it",
            ));
    }
    Ok(rows.iter().map(column).collect())
}

/// Tables and views of the database that this user can see.
pub(crate) async fn tables(sessions: &Sessions, tables_max: usize) -> Result<Vec<DescribedTable>> {
    let columns =
        format!("{COLUMNS} where table_schema = database() order by table_name, ordinal_position");
    let asked = sessions.with("listing tables", async |session| {
        let tables = ask(session, TABLES).await?;
        let columns = ask(session, &columns).await?;
        Ok((tables, columns, ask(session, INDEXES).await?))
    });
    let (tables, columns, indexes) = asked.await?;
    let mut found: BTreeMap<String, DescribedTable> = BTreeMap::new();
    for row in tables.iter().take(tables_max) {
        let is_view = text(row, 2).ends_with("VIEW");
        let comment = Some(text(row, 4)).filter(|comment| !comment.is_empty() && !is_view);
        let name = name_of(row);
        let table = DescribedTable {
            name: name.clone(),
            comment: comment.map(str::to_owned),
            rows: text(row, 3).parse().ok().filter(|_| !is_view),
            indexes: Vec::new(),
            columns: Vec::new(),
        };
        found.insert(name, table);
    }
    for row in &columns {
        if let Some(table) = found.get_mut(&name_of(row)) {
            table.columns.push(column(row));
        }
    }
    let mut last = None;
    for row in &indexes {
        let index = (name_of(row), text(row, 2).to_owned());
        if let Some(table) = found.get_mut(&index.0) {
            if last.as_ref() != Some(&index) {
                table.indexes.push(Vec::new());
            }
            if let Some(columns) = table.indexes.last_mut() {
                columns.push(text(row, 3).to_owned());
            }
        }
        last = Some(index);
    }
    Ok(found.into_values().collect())
}

fn name_of(row: &TextRow) -> String {
    format!("{}.{}", text(row, 0), text(row, 1))
}

/// A row of [`COLUMNS`].
fn column(row: &TextRow) -> DescribedColumn {
    let data_type = text(row, 3);
    let server_type = ServerType(data_type);
    let family = server_type.family();
    let is_counted = text(row, 6).to_ascii_lowercase().contains("auto_increment");
    DescribedColumn {
        name: text(row, 2).to_owned(),
        data_type: data_type.to_owned(),
        readable: server_type.readable(),
        is_key: text(row, 5) == "PRI",
        is_nullable: text(row, 4) != "NO",
        is_change_candidate: is_counted || matches!(family, Family::Datetime | Family::Timestamp),
    }
}

async fn query(sessions: &Sessions, query: &str) -> Result<Vec<DescribedColumn>> {
    let sql = AssertSqlSafe(query.to_owned()).into_sql_str();
    let found = sessions.with("describing a query", async |session| {
        let statement = session.prepare(sql).await?;
        Ok(statement.columns().iter().map(query_column).collect::<Vec<_>>())
    });
    found.await
}

fn query_column(column: &MySqlColumn) -> DescribedColumn {
    // The driver's word for a text in a binary collation is a binary type's.
    let is_text = <str as sqlx::Type<sqlx::mysql::MySql>>::compatible(column.type_info());
    let data_type = match (is_text, column.type_info().name()) {
        (true, "ENUM") => "enum".to_owned(),
        (true, _) => "varchar".to_owned(),
        (false, "BOOLEAN") => "tinyint".to_owned(),
        (false, "NULL") => "varchar".to_owned(),
        (false, name) => name.to_ascii_lowercase(),
    };
    DescribedColumn {
        name: column.name().to_owned(),
        readable: ServerType(&data_type).readable(),
        data_type,
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
        assert!(is_query("  WITH x as (select 1 as a) select a from x"));
        assert!(!is_query("mes.select"));
        assert!(!is_query("扫码 记录"));
    }
}
