//! A store of one kind, and the two ways to run a case.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

use chrono::{DateTime, Utc};
use tempfile::TempDir;
use yuanliu_metadata::Metadata;
use yuanliu_sandbox_servers::{PASSWORD, PostgreSql, USER};

/// A place for stores that is there as long as the case.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    server: Option<Arc<PostgreSql>>,
    url: String,
}

/// Started by the first case that needs it, ended with the last one that has it.
static SERVER: Mutex<Weak<PostgreSql>> = Mutex::new(Weak::new());
static DATABASES: AtomicU32 = AtomicU32::new(0);

impl World {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("metadata.db").display().to_string();
        Self { folder, server: None, url }
    }

    pub(crate) fn postgresql() -> Self {
        let mut shared = SERVER.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let server = shared.upgrade().unwrap_or_else(|| {
            let server = PostgreSql::start_with(&["fsync=off", "max_connections=200"]);
            Arc::new(server.unwrap())
        });
        *shared = Arc::downgrade(&server);
        drop(shared);
        let database = format!("case_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        // A locale of its own: the store must not take its order from the server's.
        server.run(&format!("create database {database} template template0")).unwrap();
        let url = format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{database}", server.port());
        Self { folder: tempfile::tempdir().unwrap(), server: Some(server), url }
    }

    /// A further connection to the same store, as another process has it.
    pub(crate) async fn open(&self) -> Metadata {
        Metadata::connect(&self.url).await.unwrap()
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Runs a statement of somebody who has the database itself.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        if self.is_postgresql() {
            let pool = sqlx::PgPool::connect(&self.url).await?;
            sqlx::raw_sql(sql).execute(&pool).await.map(|_| ())
        } else {
            let pool = sqlx::SqlitePool::connect(&self.url).await?;
            sqlx::raw_sql(sql).execute(&pool).await.map(|_| ())
        }
    }

    pub(crate) fn is_postgresql(&self) -> bool {
        self.server.is_some()
    }
}

/// A time so many seconds after the first of January 2026.
pub(crate) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600 + second, 0).unwrap()
}

/// Runs a case to its end.
pub(crate) fn run<F: Future<Output = ()>>(world: World, case: impl FnOnce(Arc<World>) -> F) {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(case(Arc::new(world)));
}

/// One test on each database for each case.
macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod postgresql {
            $(#[test] fn $case() { crate::world::run(crate::world::World::postgresql(), super::$case) })*
        }
        mod sqlite {
            $(#[test] fn $case() { crate::world::run(crate::world::World::sqlite(), super::$case) })*
        }
    };
}
pub(crate) use on_both;
