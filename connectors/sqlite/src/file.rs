//! The file, opened read-only for one statement.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Decode, Executor, Row, TypeInfo, ValueRef};
use tokio::time::timeout;
use yuanliu_contract::{ConnectorError, ErrorKind, Result};

use crate::error::{self, Failure};

/// How much longer than the library we wait ourselves: its own limit names the reason.
const GRACE: Duration = Duration::from_secs(1);

/// Instructions of the library's machine between two looks at the clock: well below a millisecond.
const STEPS_BETWEEN_LOOKS: i32 = 1_000;

/// Rows that wait between the library's thread and ours.
const ROWS_WAITING_MAX: usize = 512;

/// A row of a question about the database, every value as text.
pub(crate) type TextRow = Vec<Option<String>>;

/// One configured file.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseFile {
    pub(crate) path: PathBuf,
    pub(crate) limit: Duration,
}

impl DatabaseFile {
    /// Does some work on the opened file within the limit; it is closed afterwards.
    pub(crate) async fn with<T>(
        &self,
        action: &str,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> std::result::Result<T, Failure>,
    ) -> Result<T> {
        let deadline = Instant::now() + self.limit;
        let working = async {
            self.look(action).await?;
            let mut session = self.options().connect().await?;
            // The library stops by itself; nothing else could stop the thread it runs on.
            session
                .lock_handle()
                .await?
                .set_progress_handler(STEPS_BETWEEN_LOOKS, move || Instant::now() < deadline);
            let done = work(&mut session).await;
            // A failure to close says nothing about what was read.
            let _ = session.close().await;
            done
        };
        match timeout(self.limit + GRACE, working).await {
            Ok(done) => done.map_err(|failure| failure.explain(action)),
            Err(_) => Err(error::too_late(action)),
        }
    }

    /// What the file system says about the file, which the library tells no one. It is not opened here: closing
    /// it would end the locks that other statements of this process hold on it (SQLite documentation, "How To
    /// Corrupt An SQLite Database File", section 2.2).
    async fn look(&self, action: &str) -> Result<()> {
        let (kind, detail, hint) = match tokio::fs::metadata(&self.path).await {
            Ok(about) if about.is_file() => return Ok(()),
            Ok(_) => (
                ErrorKind::Config,
                "is not a file".to_owned(),
                "write the path of the database file",
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => (
                ErrorKind::Unreachable,
                "there is no such file".to_owned(),
                "check file, and whether its share is mounted",
            ),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => (
                ErrorKind::Permission,
                "may not be looked for".to_owned(),
                "let the hub's account enter the file's folder",
            ),
            Err(error) => {
                (ErrorKind::Unreachable, error.to_string(), "check disk, share and network")
            }
        };
        let detail = format!("{}: {detail}", self.path.display());
        Err(ConnectorError::new(kind, action).with_detail(detail).with_hint(hint))
    }

    fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(&self.path)
            .read_only(true)
            .create_if_missing(false)
            .pragma("query_only", "on")
            .busy_timeout(self.limit / 2)
            .row_buffer_size(ROWS_WAITING_MAX)
            .disable_statement_logging()
    }
}

/// The rows of a question about the database, every value as text.
pub(crate) async fn ask(
    session: &mut SqliteConnection,
    sql: &str,
) -> std::result::Result<Vec<TextRow>, Failure> {
    let rows = session.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await?;
    let text = |row: &sqlx::sqlite::SqliteRow, at: usize| {
        let value = row.try_get_raw(at).ok()?;
        match value.type_info().name() {
            _ if value.is_null() => None,
            "INTEGER" => <i64 as Decode<sqlx::Sqlite>>::decode(value).ok().map(|n| n.to_string()),
            _ => <String as Decode<sqlx::Sqlite>>::decode(value).ok(),
        }
    };
    Ok(rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect())
}

/// A text of a row; empty if it is null.
pub(crate) fn text(row: &TextRow, at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}
