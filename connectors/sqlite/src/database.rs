//! The file as `connectors/sql-kit` sees it.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use chrono_tz::Tz;
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, Executor};
use yuanliu_contract::{Clock, DecodedRows, Result};
use yuanliu_sql_kit::{
    Column, Database, DescribedColumn, DescribedTable, Dialect, Greeting, PageRequest, RowPage,
};

use crate::dialect::SqliteDialect;
use crate::file::{DatabaseFile, ask, text};
use crate::page::PageReader;
use crate::{describe, payload};

/// Reads the file's header, so that what is no database is told here.
const GREETING: &str = "select sqlite_version(), (select journal_mode from pragma_journal_mode), \
    (select count(*) from sqlite_schema)";

pub(crate) struct SqliteDatabase {
    pub(crate) file: DatabaseFile,
    /// A file has no clock; those who write it are taken to agree with ours.
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) zone: Tz,
}

#[async_trait]
impl Database for SqliteDatabase {
    fn dialect(&self) -> &dyn Dialect {
        &SqliteDialect
    }

    async fn greet(&self) -> Result<Greeting> {
        let asked =
            self.file.with("opening the file", async |session| ask(session, GREETING).await);
        let row = asked.await?.into_iter().next().unwrap_or_default();
        let notes = vec![match text(&row, 1) {
            "wal" => {
                "journal mode wal: readers and the writer do not wait for each other".to_owned()
            }
            mode => format!("journal mode {mode}: readers and the writer wait for each other"),
        }];
        let version = format!("SQLite {}", text(&row, 0));
        Ok(Greeting { version, now: self.clock.now(), notes })
    }

    async fn counter_fence(&self, _database: Option<&str>) -> Result<Option<String>> {
        Ok(None)
    }

    async fn page(&self, request: PageRequest<'_>) -> Result<RowPage> {
        let PageRequest { statement, columns, marks, .. } = request;
        let (zone, action) = (self.zone, statement.action.as_str());
        self.file
            .with(action, async |session| {
                let started = Instant::now();
                let mut page = PageReader::new(columns, marks, zone, action)?;
                let query = sqlx::raw_sql(AssertSqlSafe(statement.sql.as_str()));
                let mut rows = session.fetch(query);
                while let Some(row) = rows.try_next().await? {
                    page.push(row)?;
                }
                Ok(page.finish(started.elapsed())?)
            })
            .await
    }

    async fn describe(&self, _: Option<&str>, source: &str) -> Result<Vec<DescribedColumn>> {
        describe::source(&self.file, source).await
    }

    async fn tables(&self, _: Option<&str>, tables_max: usize) -> Result<Vec<DescribedTable>> {
        describe::tables(&self.file, tables_max).await
    }

    fn decode(&self, columns: &[Column], payloads: &[String]) -> Result<DecodedRows> {
        payload::decode(columns, self.zone, payloads)
    }
}
