//! Opening the store.

mod address;
mod calls;
mod migrations;
pub(crate) mod value;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor, PgPool, SqlitePool};

use crate::error::{Cause, MetadataError};
use address::Address;

pub(crate) use calls::Work;
pub(crate) use migrations::schema_version;

/// How long a statement waits for another process to finish its own, and for a free connection.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// A file that another process makes is tried so often.
const BUSY_AGAIN: Duration = Duration::from_millis(20);

/// How long any call may take. Longer than [`BUSY_TIMEOUT`], so that the database tells why it waits.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// SQLite takes one writer at a time; these leave room for readers beside it.
const SQLITE_CONNECTIONS_MAX: u32 = 4;

/// A server has some hundred for all its clients.
const POSTGRESQL_CONNECTIONS_MAX: u32 = 8;

/// The metadata store. Cheap to clone.
#[derive(Clone)]
pub struct Metadata {
    pool: Pool,
    place: Arc<str>,
    call_timeout: Duration,
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    PostgreSql(PgPool),
}

impl Metadata {
    /// Opens or creates the SQLite store at `path` and applies what migrations are missing.
    pub async fn open(path: &Path) -> Result<Self, MetadataError> {
        Self::at(Address::File(path.to_owned())).await
    }

    /// Opens the store at `url` and applies what migrations are missing: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`
    /// is one in PostgreSQL, whose database must exist; `sqlite:PATH` or a path one in SQLite.
    pub async fn connect(url: &str) -> Result<Self, MetadataError> {
        match Address::parse(url) {
            Ok(address) => Self::at(address).await,
            Err(reason) => Err(MetadataError {
                action: "reading the address".to_owned(),
                place: "of the configuration".into(),
                cause: Cause::Address(reason),
            }),
        }
    }

    async fn at(address: Address) -> Result<Self, MetadataError> {
        let place: Arc<str> = address.to_string().into();
        let failed = |cause: Cause| MetadataError {
            action: "opening the database".to_owned(),
            place: Arc::clone(&place),
            cause,
        };
        let until = Instant::now() + BUSY_TIMEOUT;
        let opening = tokio::time::timeout(CALL_TIMEOUT, async {
            loop {
                match pool(address.clone()).await.map_err(Cause::from) {
                    // Who makes the file switches it to its journal, which no other process waits for by itself.
                    Err(Cause::Busy(_)) if Instant::now() < until => {
                        tokio::time::sleep(BUSY_AGAIN).await;
                    }
                    opened => return opened,
                }
            }
        });
        let opened = opening.await.map_err(|_| failed(Cause::TimedOut(CALL_TIMEOUT)))?;
        let pool = opened.map_err(failed)?;
        let store = Self { pool, place, call_timeout: CALL_TIMEOUT };
        store.migrate().await?;
        Ok(store)
    }

    /// The same store with another time limit for every call.
    pub fn with_call_timeout(self, call_timeout: Duration) -> Self {
        Self { call_timeout, ..self }
    }

    /// Where the store is: a path, or a URL without its password.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Whether the database answers.
    pub async fn check(&self) -> Result<(), MetadataError> {
        self.row::<(i64,)>("asking the database", "select cast(1 as bigint)", vec![])
            .await
            .map(|_| ())
    }

    pub(crate) fn call_timeout(&self) -> Duration {
        self.call_timeout
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.pool, Pool::Sqlite(_))
    }

    /// Ends every connection once its work is done.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::PostgreSql(pool) => pool.close().await,
        }
    }
}

// The pools' own form shows more than anyone should log.
impl std::fmt::Debug for Metadata {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Metadata").field(&self.place).finish()
    }
}

async fn pool(address: Address) -> Result<Pool, sqlx::Error> {
    match address {
        Address::File(path) => {
            let options = SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // What was answered for must survive power loss: a reject, an audit line, a decision.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(BUSY_TIMEOUT);
            let pool = SqlitePoolOptions::new()
                .max_connections(SQLITE_CONNECTIONS_MAX)
                .acquire_timeout(BUSY_TIMEOUT)
                .connect_with(options);
            Ok(Pool::Sqlite(pool.await?))
        }
        Address::Server(options) => {
            let pool = PgPoolOptions::new()
                .max_connections(POSTGRESQL_CONNECTIONS_MAX)
                .acquire_timeout(BUSY_TIMEOUT)
                // The server ends what nobody waits for any more.
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        connection
                            .execute(include_str!("../../sql/postgresql/session.sql"))
                            .await?;
                        Ok(())
                    })
                })
                .connect_with(*options);
            Ok(Pool::PostgreSql(pool.await?))
        }
    }
}
