//! Tables, columns and indexes from the server's catalogue.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Column as _, Executor, Row, SqlSafeStr, Statement as _, TypeInfo};
use yuanliu_contract::{ConnectorError, ErrorKind, Result};
use yuanliu_sql_kit::{DescribedColumn, DescribedTable};

use crate::dialect::{is_native, literal};
use crate::error::explain;
use crate::session::Sessions;

const COLUMNS: &str = "select n.nspname::text || '.' || c.relname::text, a.attname::text, \
    format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), \
        case when t.typbasetype <> 0 then t.typtypmod else a.atttypmod end), \
    a.attnotnull, coalesce(a.attnum = any(i.indkey), false), t.typtype::text, \
    obj_description(c.oid, 'pg_class'), c.reltuples::float8, a.attidentity <> '' \
  from pg_class c join pg_namespace n on n.oid = c.relnamespace \
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
  join pg_type t on t.oid = a.atttypid \
  left join pg_index i on i.indrelid = c.oid and i.indisprimary \
  where c.relkind in ('r', 'p', 'v', 'm', 'f')";

const INDEXES: &str = "select n.nspname::text || '.' || c.relname::text, i.indexrelid::text, \
    a.attname::text from pg_index i join pg_class c on c.oid = i.indrelid \
  join pg_namespace n on n.oid = c.relnamespace \
  cross join lateral unnest(i.indkey::int2[]) with ordinality k(num, place) \
  join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num \
  where i.indisvalid and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') \
  order by 1, 2, k.place";

/// The columns of a table or query.
pub(crate) async fn source(sessions: &Sessions, source: &str) -> Result<Vec<DescribedColumn>> {
    let start = source.trim_start().to_ascii_lowercase();
    if start.starts_with("select") || start.starts_with("with") {
        return query(sessions, source).await;
    }
    let parts: Vec<_> = source.split('.').map(|part| literal(part.trim())).collect();
    let filter = match parts.as_slice() {
        [schema, table] => format!("n.nspname = {schema} and c.relname = {table}"),
        _ => format!("c.relname = {} and pg_table_is_visible(c.oid)", parts.join("")),
    };
    let sql = format!("{COLUMNS} and {filter} order by a.attnum");
    let tables = columns(sessions, &format!("describing {source}"), sql).await?;
    let columns: Vec<_> = tables.into_iter().flat_map(|table| table.columns).collect();
    if columns.is_empty() {
        return Err(ConnectorError::new(ErrorKind::NotFound, format!("describing {source}"))
            .with_detail("there is no such table or view")
            .with_hint("write schema.table as systems discover lists it"));
    }
    Ok(columns)
}

/// Tables and views outside the system's own schemas.
pub(crate) async fn tables(sessions: &Sessions, tables_max: usize) -> Result<Vec<DescribedTable>> {
    let sql = format!(
        "{COLUMNS} and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') \
         and has_schema_privilege(n.oid, 'usage') order by 1, a.attnum"
    );
    let action = "listing tables";
    let mut tables = columns(sessions, action, sql).await?;
    tables.truncate(tables_max);
    let rows = sessions
        .with(action, async |session| Ok(session.fetch_all(sqlx::raw_sql(INDEXES)).await?));
    let mut indexes: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in rows.await? {
        let text = |at: usize| row.try_get::<String, _>(at).map_err(|e| explain(action, e));
        indexes.entry((text(0)?, text(1)?)).or_default().push(text(2)?);
    }
    for ((table, _), columns) in indexes {
        if let Some(found) = tables.iter_mut().find(|found| found.name == table) {
            found.indexes.push(columns);
        }
    }
    Ok(tables)
}

async fn columns(sessions: &Sessions, action: &str, sql: String) -> Result<Vec<DescribedTable>> {
    let rows = sessions.with(action, async |session| {
        Ok(session.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await?)
    });
    let mut tables: Vec<DescribedTable> = Vec::new();
    for row in rows.await? {
        let column = column(&row).map_err(|error| explain(action, error))?;
        let read = |error| explain(action, error);
        let name: String = row.try_get(0).map_err(read)?;
        match tables.last_mut().filter(|table| table.name == name) {
            Some(table) => table.columns.push(column),
            None => tables.push(DescribedTable {
                name,
                comment: row.try_get(6).map_err(read)?,
                // -1 before the first analyse, and 0 for views.
                rows: row.try_get::<f64, _>(7).ok().filter(|n| *n > 0.0).map(|n| n as u64),
                indexes: Vec::new(),
                columns: vec![column],
            }),
        }
    }
    Ok(tables)
}

fn column(row: &sqlx::postgres::PgRow) -> std::result::Result<DescribedColumn, sqlx::Error> {
    let data_type: String = row.try_get(2)?;
    let kind: String = row.try_get(5)?;
    let readable = readable(&data_type, &kind);
    let is_identity: bool = row.try_get(8)?;
    let is_time = data_type.starts_with("timestamp");
    Ok(DescribedColumn {
        name: row.try_get(1)?,
        is_nullable: !row.try_get::<bool, _>(3)?,
        is_key: row.try_get(4)?,
        is_change_candidate: is_time || is_identity,
        readable,
        data_type,
    })
}

async fn query(sessions: &Sessions, query: &str) -> Result<Vec<DescribedColumn>> {
    let sql = AssertSqlSafe(query.to_owned()).into_sql_str();
    let found = sessions.with("describing a query", async |session| {
        let statement = session.prepare(sql).await?;
        let column = |column: &sqlx::postgres::PgColumn| {
            (column.name().to_owned(), column.type_info().name().to_owned())
        };
        Ok(statement.columns().iter().map(column).collect::<Vec<_>>())
    });
    let described = found.await?.into_iter().map(|(name, type_name)| {
        let data_type = sql_name(&type_name);
        DescribedColumn {
            name,
            readable: readable(&data_type, "b"),
            data_type,
            is_key: false,
            is_nullable: true,
            is_change_candidate: false,
        }
    });
    Ok(described.collect())
}

/// The SQL name of a type that sqlx names.
fn sql_name(name: &str) -> String {
    match name {
        "INT2" => "smallint",
        "INT4" => "integer",
        "INT8" => "bigint",
        "FLOAT4" => "real",
        "FLOAT8" => "double precision",
        "BOOL" => "boolean",
        "VARCHAR" => "character varying",
        "CHAR" => "character",
        "TIMESTAMP" => "timestamp without time zone",
        "TIMESTAMPTZ" => "timestamp with time zone",
        "TIME" => "time without time zone",
        other => return other.to_ascii_lowercase(),
    }
    .to_owned()
}

/// The catalogue type a server type is read as, or why it is not.
fn readable(data_type: &str, kind: &str) -> std::result::Result<String, String> {
    let base = data_type.split('(').next().unwrap_or_default().trim();
    if data_type.ends_with("[]") {
        return Err("arrays have no column type; join or cast them to text".to_owned());
    }
    Ok(match base {
        "smallint" | "integer" | "bigint" => "integer".to_owned(),
        "numeric" => numeric(data_type),
        "real" | "double precision" => "decimal(38,10)".to_owned(),
        "money" => {
            return Err("money depends on the server's locale; cast it to numeric".to_owned());
        }
        "boolean" => "boolean".to_owned(),
        "bytea" => "binary".to_owned(),
        "date" => "date".to_owned(),
        "uuid" => "uuid".to_owned(),
        "json" | "jsonb" => "json".to_owned(),
        "timestamp without time zone" => "datetime".to_owned(),
        "timestamp with time zone" => "instant".to_owned(),
        "time without time zone" => "time".to_owned(),
        "timestamp"
            if data_type.ends_with("with time zone")
                && !data_type.ends_with("without time zone") =>
        {
            "instant".to_owned()
        }
        "timestamp" => "datetime".to_owned(),
        "time" if data_type.ends_with("without time zone") => "time".to_owned(),
        _ if kind == "c" => {
            return Err("composite types have no column type; cast them to text".to_owned());
        }
        _ if is_native(data_type) => "text".to_owned(),
        // Enums, inet, xml, intervals and extensions are read as the server's text of them.
        _ => "text".to_owned(),
    })
}

fn numeric(data_type: &str) -> String {
    let inner = data_type.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    let declared = inner.map(|inner| format!("decimal({inner})"));
    let fits = |text: &String| text.parse::<yuanliu_sql_kit::ColumnType>().is_ok();
    declared.filter(fits).unwrap_or_else(|| "decimal(38,10)".to_owned())
}
