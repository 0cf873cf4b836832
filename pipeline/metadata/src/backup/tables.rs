//! The rows of the store, one JSON object a line, the same for both databases.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use serde_json::Value as Json;

use super::BackupError;
use super::manifest::KeptTable;
use crate::error::Cause;
use crate::store::value::{Sql, each, values};
use crate::store::{Metadata, Work};

/// The tables of an archive.
pub(super) const KEPT: &[&str] = &[
    "run",
    "reject",
    "outbox",
    "stream_shape",
    "account",
    "api_token",
    "audit_entry",
    "lease",
    "job_state",
    "job_run",
    "freshness_mark",
    "alert",
    "alert_delivery",
    "case_decision",
    "claim_decision",
    "address_correction",
    "configuration_change",
];

/// Who is logged in, or about to be: in no archive.
pub(super) const LEFT: &[&str] = &["session", "oidc_flow"];

/// Rows that are added by one statement.
const BATCH_ROWS: usize = 500;

/// Text that is added by one statement, about.
const BATCH_BYTES: usize = 4 << 20;

impl Metadata {
    /// Writes the rows of every table as they are in one instant, each table in a file of its name.
    pub(super) async fn dump_tables(&self, folder: &Path) -> Result<Vec<KeptTable>, BackupError> {
        let action = "reading every table";
        let mut work = self.within(action, self.begin_snapshot()).await?;
        let mut tables = Vec::with_capacity(KEPT.len());
        for name in KEPT {
            let path = folder.join(name);
            let file = File::create(&path).map_err(BackupError::file("making", &path))?;
            let table = dump(&mut work, name, file, &path, self.call_timeout()).await;
            tables
                .push(table.map_err(|cause| self.failed(format!("reading table {name}"), cause))?);
        }
        Ok(tables)
    }

    /// Adds the rows that are in `folder`, within `work`.
    pub(super) async fn load_tables(
        &self,
        work: &mut Work,
        tables: &[KeptTable],
        folder: &Path,
    ) -> Result<(), BackupError> {
        for table in tables {
            let loaded = self.load(work, table, &folder.join(&table.name)).await;
            loaded
                .map_err(|cause| self.failed(format!("restoring table {}", table.name), cause))?;
        }
        // A lease of then is nobody's; its fence goes on growing.
        let freed = work.execute("update lease set owner = '', expires_ms = 0", vec![]).await;
        freed.map_err(|cause| self.failed("giving every lease back", cause))?;
        Ok(())
    }

    async fn load(&self, work: &mut Work, table: &KeptTable, path: &Path) -> Result<(), Cause> {
        let known = columns(work, &table.name).await?;
        // Names go into a statement: only those that the database itself has.
        let named: Vec<&str> = known
            .iter()
            .map(String::as_str)
            .filter(|c| table.columns.iter().any(|t| t == c))
            .collect();
        if !KEPT.contains(&table.name.as_str()) || named.len() != table.columns.len() {
            return Err(Cause::Unknown(format!(
                "{} has columns that are not known here",
                table.name
            )));
        }
        let sql = insert(&table.name, &named, self.is_sqlite());
        let failed = |error| Cause::File(path.to_owned(), error);
        let file = BufReader::new(File::open(path).map_err(failed)?);
        let (mut batch, mut bytes, mut rows) = (Vec::new(), 0, 0_u64);
        for line in file.lines() {
            let line = line.map_err(failed)?;
            bytes += line.len();
            batch.push(if self.is_sqlite() { line } else { without_nul(&line)? });
            if batch.len() == BATCH_ROWS || bytes > BATCH_BYTES {
                rows += self.add(work, &sql, &mut batch).await?;
                bytes = 0;
            }
        }
        rows += self.add(work, &sql, &mut batch).await?;
        if rows != table.rows {
            return Err(Cause::Unknown(format!("{rows} rows were added of {}", table.rows)));
        }
        if !self.is_sqlite() {
            let next = include_str!("../../sql/postgresql/next_id.sql");
            for (column,) in work.rows::<(String,)>(next, values![&table.name]).await? {
                work.execute(Sql::Made(continue_after(&table.name, &column)), vec![]).await?;
            }
        }
        Ok(())
    }

    async fn add(&self, work: &mut Work, sql: &str, batch: &mut Vec<String>) -> Result<u64, Cause> {
        if batch.is_empty() {
            return Ok(0);
        }
        let rows = format!("[{}]", std::mem::take(batch).join(","));
        let limit = self.call_timeout();
        let adding = work.execute(Sql::Made(sql.to_owned()), values![rows]);
        tokio::time::timeout(limit, adding).await.map_err(|_| Cause::TimedOut(limit))?
    }

    /// Whether no table has a row.
    pub(super) async fn is_empty(&self, work: &mut Work) -> Result<bool, Cause> {
        for table in KEPT.iter().chain(LEFT) {
            let sql = Sql::Made(format!("select cast(1 as bigint) from {table} limit 1"));
            if work.row::<(i64,)>(sql, vec![]).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Removes every row, also of tables whose rows are only added.
    pub(super) async fn clear(&self, work: &mut Work) -> Result<(), Cause> {
        let tables: Vec<&str> = KEPT.iter().chain(LEFT).copied().collect();
        if !self.is_sqlite() {
            // Triggers on rows do not see it.
            return work.script(Sql::Made(format!("truncate {}", tables.join(", ")))).await;
        }
        let triggers: Vec<(String, String)> = work
            .rows(
                "select name, sql from sqlite_master where type = 'trigger' order by name",
                vec![],
            )
            .await?;
        for (name, _) in &triggers {
            work.script(Sql::Made(format!("drop trigger {name}"))).await?;
        }
        for table in tables {
            work.script(Sql::Made(format!("delete from {table}"))).await?;
        }
        for (_, sql) in triggers {
            work.script(Sql::Made(sql)).await?;
        }
        Ok(())
    }
}

async fn dump(
    work: &mut Work,
    name: &str,
    file: File,
    path: &Path,
    limit: std::time::Duration,
) -> Result<KeptTable, Cause> {
    let columns = columns(work, name).await?;
    let failed = |error| Cause::File(path.to_owned(), error);
    let mut writer = BufWriter::new(file);
    let mut rows = 0;
    let row = match work {
        Work::Sqlite(_) => {
            let pairs: Vec<_> = columns.iter().map(|c| format!("'{c}', {c}")).collect();
            format!("json_object({})", pairs.join(", "))
        }
        Work::PostgreSql(_) => format!("row_to_json({name})::text"),
    };
    // In the order they were added, for whoever reads the file.
    let key = columns.first().cloned().unwrap_or_default();
    let sql = Sql::Made(format!("select {row} as line from {name} order by {key}"));
    work.each_row(sql, limit, |(line,): (String,)| {
        rows += 1;
        writeln!(writer, "{line}").map_err(failed)
    })
    .await?;
    writer.flush().map_err(failed)?;
    Ok(KeptTable { name: name.to_owned(), columns, rows })
}

async fn columns(work: &mut Work, table: &str) -> Result<Vec<String>, Cause> {
    let columns: Vec<(String,)> = work.rows(each!("columns"), values![table]).await?;
    Ok(columns.into_iter().map(|(column,)| column).collect())
}

/// Adds the rows of one JSON array.
fn insert(table: &str, columns: &[&str], is_sqlite: bool) -> String {
    let list = columns.join(", ");
    if is_sqlite {
        let values: Vec<_> = columns.iter().map(|c| format!("value ->> '$.{c}'")).collect();
        format!("insert into {table} ({list}) select {} from json_each($1)", values.join(", "))
    } else {
        format!(
            "insert into {table} ({list}) select {list} from json_populate_recordset(null::{table}, $1::json)"
        )
    }
}

/// Lets the numbers of a column go on after its greatest.
fn continue_after(table: &str, column: &str) -> String {
    format!(
        "select setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 1), \
         max({column}) is not null) from {table}"
    )
}

/// A row whose texts PostgreSQL can hold.
fn without_nul(line: &str) -> Result<String, Cause> {
    if !line.contains("\\u0000") {
        return Ok(line.to_owned());
    }
    let mut row: Json = serde_json::from_str(line)
        .map_err(|error| Cause::Unknown(format!("a line of the archive is no row: {error}")))?;
    for value in row.as_object_mut().into_iter().flat_map(|row| row.values_mut()) {
        if let Json::String(text) = value {
            *text = text.replace('\0', "\u{2400}");
        }
    }
    Ok(row.to_string())
}
