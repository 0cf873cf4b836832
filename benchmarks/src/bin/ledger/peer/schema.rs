//! The peer's two tables.

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, PgPool};

use super::columns::COLUMNS;

/// Indexes, each with what it is for: the key, the duplicates, the question.
const INDEXES: [&str; 3] = [
    "alter table event add primary key (event_no)",
    "create unique index event_id on event (event_id)",
    "create index event_code_code on event_code (code)",
];

/// Makes one of the tables, without indexes.
pub(super) fn table(name: &str) -> String {
    if name == "event_code" {
        return "create table event_code (code text not null, event_no bigint not null)".to_owned();
    }
    let columns = COLUMNS.iter().map(|(name, kind)| format!("{name} {}", kind.sql()));
    format!(
        "create table {name} (event_no bigint not null, {})",
        columns.collect::<Vec<_>>().join(", ")
    )
}

/// Makes the empty tables with their indexes.
pub(crate) async fn create(pool: &PgPool) -> Result<()> {
    for name in ["event", "event_code"] {
        run(pool, &table(name)).await?;
    }
    index(pool).await
}

/// Makes the indexes over what the tables hold and brings the statistics up to date.
pub(crate) async fn index(pool: &PgPool) -> Result<()> {
    for index in INDEXES {
        run(pool, index).await?;
    }
    // Without it the first readers would write every page.
    run(pool, "vacuum (analyze) event").await?;
    run(pool, "vacuum (analyze) event_code").await?;
    run(pool, "checkpoint").await
}

async fn run(pool: &PgPool, sql: &str) -> Result<()> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await;
    done.map(|_| ()).with_context(|| sql.to_owned())
}
