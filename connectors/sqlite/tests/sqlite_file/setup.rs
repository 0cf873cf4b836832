//! A file to read, a writer beside the connector, and a system over the file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use tempfile::TempDir;
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{
    Connector, Cursor, Page, ReadRange, Result, Seams, Settings, System, Unlimited,
};
use yuanliu_sqlite::Sqlite;

/// A database file that is gone when dropped.
pub(crate) struct File {
    _folder: TempDir,
    pub(crate) path: PathBuf,
}

impl File {
    /// A file with these tables.
    pub(crate) async fn with(sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("采集 collector.db");
        let file = Self { _folder: folder, path };
        file.run(sql).await;
        file
    }

    pub(crate) async fn writer(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(&self.path).create_if_missing(true);
        options.connect().await.unwrap()
    }

    /// Runs statements in a connection of their own.
    pub(crate) async fn run(&self, sql: &str) {
        let mut writer = self.writer().await;
        writer.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
        sqlx::Connection::close(writer).await.unwrap();
    }

    /// The rows of a query whose values are texts, tab-separated.
    pub(crate) async fn ask(&self, sql: &str) -> Vec<String> {
        let mut writer = self.writer().await;
        let query = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql.to_owned()));
        query.fetch_all(&mut writer).await.unwrap()
    }
}

/// A system over a file with further configuration.
pub(crate) fn open(path: &Path, more: &str) -> Arc<dyn System> {
    let table =
        toml::from_str(&format!("file = {:?}\n{more}", path.display().to_string())).unwrap();
    let secrets = FixedSecrets::default();
    let settings = Settings::check("line", &Sqlite.config_spec(), &table, &[], &secrets).unwrap();
    let clock = Arc::new(ManualClock::at(default_now()));
    Sqlite.open(&settings, Seams { clock, budget: Arc::new(Unlimited) }).unwrap()
}

/// Every page of a stream.
pub(crate) async fn read(
    system: &dyn System,
    stream: &str,
    cursor: Option<&Cursor>,
) -> Result<Vec<Page>> {
    let mut source = system.read(stream, cursor, &ReadRange::default()).await?;
    let mut pages = Vec::new();
    while let Some(page) = source.next_page().await? {
        pages.push(page);
    }
    Ok(pages)
}
