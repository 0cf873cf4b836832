//! The server as `connectors/sql-kit` sees it.

use std::time::Instant;

use async_trait::async_trait;
use chrono::NaiveDateTime;
use futures::TryStreamExt;
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Executor};
use yuanliu_contract::{ConnectorError, DecodedRows, ErrorKind, Result};
use yuanliu_sql_kit::{
    Column, Database, DescribedColumn, DescribedTable, Dialect, Greeting, PageRequest, RowPage,
};

use crate::dialect::MySqlDialect;
use crate::error::Failure;
use crate::page::{PageReader, TextRow, text, texts_of};
use crate::session::Sessions;
use crate::wire::Reading;
use crate::{describe, payload};

/// Who is there, what time it is there, and who we are.
const GREETING: &str = "select version(), utc_timestamp(6), current_user(), database(), \
    @@global.read_only, @@global.version_comment";

/// The cipher in use; empty without TLS.
const CIPHER: &str = "show session status like 'Ssl_cipher'";

/// How `utc_timestamp` writes a time.
const TIME_FORMAT: &str = "%Y-%m-%d %H:%M:%S%.f";

pub(crate) struct MySqlDatabase {
    pub(crate) sessions: Sessions,
    pub(crate) reading: Reading,
}

/// The rows of a statement that asks the server about itself, every value as text.
pub(crate) async fn ask(
    session: &mut MySqlConnection,
    sql: &str,
) -> std::result::Result<Vec<TextRow>, Failure> {
    let rows = session.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await?;
    Ok(rows.iter().map(texts_of).collect())
}

#[async_trait]
impl Database for MySqlDatabase {
    fn dialect(&self) -> &dyn Dialect {
        &MySqlDialect
    }

    async fn greet(&self) -> Result<Greeting> {
        let action = "asking the server who it is";
        let asked = self.sessions.with(action, async |session| {
            let greeting = ask(session, GREETING).await?;
            Ok((greeting, ask(session, CIPHER).await?))
        });
        let (greeting, cipher) = asked.await?;
        let greeting = greeting.first().cloned().unwrap_or_default();
        let now = NaiveDateTime::parse_from_str(text(&greeting, 1), TIME_FORMAT).map_err(|_| {
            ConnectorError::new(ErrorKind::Malformed, action)
                .with_detail(format!("`{}` is not a time", text(&greeting, 1)))
        })?;
        let mut notes = vec![format!("database {} as {}", text(&greeting, 3), text(&greeting, 2))];
        notes.push(match cipher.first().map(|row| text(row, 1)).unwrap_or_default() {
            "" => "data cross the network in the clear: without TLS".to_owned(),
            cipher => format!("encrypted: {cipher}"),
        });
        if text(&greeting, 4) != "0" {
            notes.push("the server is read-only: a replica may lag behind".to_owned());
        }
        let version = format!("{} ({})", text(&greeting, 0), text(&greeting, 5));
        Ok(Greeting { version, now: now.and_utc(), notes })
    }

    async fn counter_fence(&self, _database: Option<&str>) -> Result<Option<String>> {
        Ok(None)
    }

    async fn page(&self, request: PageRequest<'_>) -> Result<RowPage> {
        let PageRequest { statement, columns, marks, .. } = request;
        let (reading, action) = (self.reading, statement.action.as_str());
        self.sessions
            .with(action, async |session| {
                let started = Instant::now();
                let mut page = PageReader::new(columns, marks, reading, action)?;
                let query = sqlx::query(AssertSqlSafe(statement.sql.as_str())).persistent(false);
                let mut rows = session.fetch(query);
                while let Some(row) = rows.try_next().await? {
                    page.push(row)?;
                }
                Ok(page.finish(started.elapsed())?)
            })
            .await
    }

    async fn describe(&self, _: Option<&str>, source: &str) -> Result<Vec<DescribedColumn>> {
        describe::source(&self.sessions, source).await
    }

    async fn tables(&self, _: Option<&str>, tables_max: usize) -> Result<Vec<DescribedTable>> {
        describe::tables(&self.sessions, tables_max).await
    }

    fn decode(&self, columns: &[Column], payloads: &[String]) -> Result<DecodedRows> {
        payload::decode(columns, self.reading, payloads)
    }
}
