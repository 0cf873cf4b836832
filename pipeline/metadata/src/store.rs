//! Opening the store.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{SqlSafeStr, SqlitePool};

use crate::error::MetadataError;

/// How long a statement waits for another process to finish its own.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// SQLite takes one writer at a time; more connections would only queue.
const CONNECTIONS_MAX: u32 = 2;

/// The metadata store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metadata {
    pub(crate) pool: SqlitePool,
}

impl Metadata {
    /// Opens or creates the store at `path` and applies what migrations are missing.
    pub async fn open(path: &Path) -> Result<Self, MetadataError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A reject must survive power loss before the position that passes it is landed.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .connect_with(options)
            .await
            .map_err(MetadataError::while_doing("opening the database"))?;
        Migrator::with_migrations(migrations())
            .run(&pool)
            .await
            .map_err(|e| MetadataError::while_doing("migrating the database")(e.into()))?;
        Ok(Self { pool })
    }
}

/// Every step of the schema, oldest first. A step that was once released never changes.
fn migrations() -> Vec<Migration> {
    let step = |version, description: &'static str, sql: &'static str| {
        let sql = sql.into_sql_str();
        Migration::new(version, description.into(), MigrationType::Simple, sql, false)
    };
    vec![
        step(1, "runs and rejects", include_str!("../migrations/0001_runs_and_rejects.sql")),
        step(2, "outbox", include_str!("../migrations/0002_outbox.sql")),
        step(3, "shapes of streams", include_str!("../migrations/0003_shapes.sql")),
    ]
}
