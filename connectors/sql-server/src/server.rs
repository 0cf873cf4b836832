//! The server as `connectors/sql-kit` sees it.

use std::time::Instant;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDateTime, Utc};
use yuanliu_contract::{ConnectorError, DecodedRows, ErrorKind, Result};
use yuanliu_sql_kit::{
    Column, Database, Deletions, DescribedColumn, DescribedTable, Dialect, Greeting, PageRequest,
    RowPage, Stream, payload,
};

use crate::config::{Isolation, Trust};
use crate::decode::{RowDecoder, marks};
use crate::describe;
use crate::dialect::TransactSql;
use crate::pool::Pool;
use crate::statement::{Call, number, run, text, texts};
use crate::tracking;

/// Who is there and what time it is there.
const GREETING: &str = "select @@version, convert(varchar(33), sysutcdatetime(), 126), \
    db_name(), suser_sname()";

/// Whether readers of this database wait for writers.
const READERS: &str = "select snapshot_isolation_state, is_read_committed_snapshot_on \
    from sys.databases where name = db_name()";

/// Whether the login may read every table of the database.
const RIGHTS: &str = "select has_perms_by_name(db_name(), 'DATABASE', 'SELECT'), \
    has_perms_by_name(db_name(), 'DATABASE', 'VIEW CHANGE TRACKING')";

/// Every transaction below it has ended.
const COUNTER_FENCE: &str =
    "select convert(varchar(20), convert(bigint, min_active_rowversion()) - 1)";

/// Rows that the first page makes room for; later ones are about as long.
const ROWS_TYPICAL: usize = 1024;

/// One configured server.
pub(crate) struct Server {
    pool: Pool,
}

impl Server {
    pub(crate) fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// The first row of a statement that asks one question.
    async fn ask(
        &self,
        database: Option<&str>,
        sql: &str,
        action: &str,
    ) -> Result<Vec<Option<String>>> {
        let call = Call { database, sql, parameters: &[], action };
        let rows = texts(&self.pool, &call, 1).await?;
        rows.into_iter().next().ok_or_else(|| {
            ConnectorError::new(ErrorKind::Malformed, action).with_detail("the answer has no row")
        })
    }

    /// What a person should know about how this server is read.
    async fn notes(&self) -> Vec<String> {
        let config = &self.pool.config;
        let mut notes = Vec::new();
        let encryption = format!("{:?}", config.encryption).to_lowercase();
        match (&config.trust, config.encryption) {
            (_, tiberius::EncryptionLevel::NotSupported | tiberius::EncryptionLevel::Off) => {
                notes.push(format!("data cross the network in the clear: encryption {encryption}"));
            }
            (Trust::Any, _) => {
                notes.push(
                    "any certificate is accepted: the connection is not safe from a \
                            man in the middle"
                        .to_owned(),
                );
            }
            _ => notes.push(format!("encrypted: {encryption}")),
        }
        if let Ok(row) = self.ask(None, READERS, "asking for row versions").await {
            let has_snapshot = number(&row, 0) != 0;
            let has_versions = number(&row, 1) != 0;
            notes.push(match config.isolation {
                Isolation::NoLock => {
                    "isolation nolock: rows may be read that are never committed, \
                    or twice, or not at all; they are mended only when they change again, or by \
                    sync --full"
                        .to_owned()
                }
                Isolation::Snapshot if !has_snapshot => {
                    "isolation snapshot is not allowed in this \
                    database: ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON"
                        .to_owned()
                }
                Isolation::Snapshot => "isolation snapshot: readers wait for nobody".to_owned(),
                Isolation::ReadCommitted if has_versions => {
                    "isolation read_committed with row versions: readers wait for nobody".to_owned()
                }
                Isolation::ReadCommitted => {
                    "isolation read_committed: readers wait for writers, at \
                    most lock_timeout_ms; consider isolation = \"snapshot\""
                        .to_owned()
                }
            });
        }
        match self.ask(None, RIGHTS, "asking for rights").await {
            Ok(row) if number(&row, 0) == 0 => notes.push(
                "the login has SELECT on single tables only; a table it lacks is named below"
                    .to_owned(),
            ),
            Ok(_) => notes.push("the login has SELECT on the database".to_owned()),
            Err(error) => notes.push(format!("rights could not be asked for: {error}")),
        }
        notes
    }
}

/// A time as style 126 writes it.
fn server_time(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().map(|time| time.and_utc())
}

#[async_trait]
impl Database for Server {
    fn dialect(&self) -> &dyn Dialect {
        &TransactSql
    }

    async fn greet(&self) -> Result<Greeting> {
        let action = "asking the server who it is";
        let row = self.ask(None, GREETING, action).await?;
        let now = server_time(text(&row, 1)).ok_or_else(|| {
            ConnectorError::new(ErrorKind::Malformed, action)
                .with_detail(format!("`{}` is not a time", text(&row, 1)))
        })?;
        let version = text(&row, 0).lines().next().unwrap_or_default().trim().to_owned();
        let mut notes = vec![format!("database {} as {}", text(&row, 2), text(&row, 3))];
        notes.extend(self.notes().await);
        Ok(Greeting { version, now, notes })
    }

    async fn counter_fence(&self, database: Option<&str>) -> Result<Option<String>> {
        let row = self.ask(database, COUNTER_FENCE, "asking for the row version fence").await?;
        Ok(row.into_iter().next().flatten())
    }

    async fn deletions(
        &self,
        database: Option<&str>,
        stream: &Stream,
        since: Option<&str>,
    ) -> Result<Option<Deletions>> {
        let described = match (&stream.table, since) {
            (Some(table), Some(_)) => self.describe(database, table).await?,
            _ => Vec::new(),
        };
        let zone = self.pool.config.time_zone;
        tracking::deletions(&self.pool, database, stream, &described, since, zone).await
    }

    async fn page(&self, request: PageRequest<'_>) -> Result<RowPage> {
        let started = Instant::now();
        let statement = &request.statement;
        let parameters: Vec<_> = statement.parameters.iter().map(String::as_str).collect();
        let call = Call {
            database: None,
            sql: &statement.sql,
            parameters: &parameters,
            action: &statement.action,
        };
        let width = request.columns.len() + request.marks;
        let zone = self.pool.config.time_zone;
        let marks_at = &request.marks_at;
        let mut decoder = RowDecoder::new(request.columns, marks_at, zone, ROWS_TYPICAL)?;
        let mut last = Vec::new();
        run(&self.pool, &call, |row| {
            if row.len() != width {
                return Err(ConnectorError::new(ErrorKind::Malformed, call.action)
                    .with_detail(format!("a row has {} values instead of {width}", row.len())));
            }
            decoder.push(&row);
            last = row;
            Ok(())
        })
        .await?;
        let received = decoder.received();
        let last = (received > 0).then(|| marks(&last, marks_at));
        Ok(RowPage { rows: decoder.finish()?, received, last, took: started.elapsed() })
    }

    async fn describe(&self, database: Option<&str>, source: &str) -> Result<Vec<DescribedColumn>> {
        describe::describe(&self.pool, database, source).await
    }

    async fn tables(
        &self,
        database: Option<&str>,
        tables_max: usize,
    ) -> Result<Vec<DescribedTable>> {
        describe::tables(&self.pool, database, tables_max).await
    }

    fn decode(&self, columns: &[Column], payloads: &[String]) -> Result<DecodedRows> {
        payload::decode(columns, self.pool.config.time_zone, payloads)
    }
}
