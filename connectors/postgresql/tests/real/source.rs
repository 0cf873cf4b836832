//! One server, and a system over it.

use std::sync::Arc;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{AssertSqlSafe, Executor, PgPool};
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{Connector, Page, ReadRange, Seams, Settings, System, Unlimited};
use yuanliu_postgresql::PostgreSql;
use yuanliu_sandbox_servers::{DATABASE, PASSWORD, USER};

/// Statements of a test, as the account that owns everything.
pub(crate) async fn connect(port: u16, database: &str) -> PgPool {
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(port)
        .username(USER)
        .password(PASSWORD)
        .database(database)
        .ssl_mode(PgSslMode::Disable);
    PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap()
}

/// Runs statements, one after another.
pub(crate) async fn run(pool: &PgPool, sql: &str) {
    pool.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
}

/// The configuration without streams.
pub(crate) fn config(port: u16, database: &str, user: &str) -> String {
    format!(
        "host = \"127.0.0.1\"\nport = {port}\ndatabase = \"{database}\"\nuser = \"{user}\"\n\
         password = \"env:PASSWORD\"\ntls = \"disable\"\nstatement_limit_ms = 1000\n"
    )
}

/// Where the password comes from.
pub(crate) fn secrets() -> FixedSecrets {
    FixedSecrets::default().with("env:PASSWORD", PASSWORD)
}

/// A system over [`DATABASE`] with streams and fields added to the configuration.
pub(crate) fn open(port: u16, more: &str) -> Arc<dyn System> {
    open_as(port, USER, more)
}

/// A system that logs in as `user`.
pub(crate) fn open_as(port: u16, user: &str, more: &str) -> Arc<dyn System> {
    let table = toml::from_str(&format!("{}{more}", config(port, DATABASE, user))).unwrap();
    let spec = PostgreSql.config_spec();
    let settings = Settings::check("mes", &spec, &table, &[], &secrets()).unwrap();
    let clock = Arc::new(ManualClock::at(default_now()));
    PostgreSql.open(&settings, Seams { clock, budget: Arc::new(Unlimited) }).unwrap()
}

/// Every page of a stream from its beginning.
pub(crate) async fn pages(system: &dyn System, stream: &str) -> Vec<Page> {
    let mut source = system.read(stream, None, &ReadRange::default()).await.unwrap();
    let mut pages = Vec::new();
    while let Some(page) = source.next_page().await.unwrap() {
        pages.push(page);
    }
    pages
}
