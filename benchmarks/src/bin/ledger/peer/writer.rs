//! Events of one request into PostgreSQL, in one transaction.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use chrono::{DateTime, Utc};
use sqlx::Postgres;
use sqlx::postgres::{PgArguments, PgConnection, PgPool};
use sqlx::query::Query;

use super::binary::{self, HEADER, TRAILER};
use super::columns::{COLUMNS, Values, codes, values};
use super::schema::table;

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Write {
    /// Binary COPY into a temporary table, and from there; codes by COPY.
    Copy,
    /// Arrays that are unnested.
    Unnest,
}

/// Numbers events and writes them.
#[derive(Debug)]
pub(super) struct Writer {
    pool: PgPool,
    by: Write,
    next: AtomicI64,
}

static NAMES: LazyLock<String> = LazyLock::new(|| {
    let names = COLUMNS.iter().map(|(name, _)| *name);
    std::iter::once("event_no").chain(names).collect::<Vec<_>>().join(", ")
});

static UNNEST: LazyLock<String> = LazyLock::new(|| {
    let arrays = COLUMNS.iter().enumerate();
    let arrays = arrays.map(|(at, (_, kind))| format!("${}::{}[]", at + 2, kind.sql()));
    let arrays = std::iter::once("$1::bigint[]".to_owned()).chain(arrays).collect::<Vec<_>>();
    format!(
        "insert into event ({}) select * from unnest({}) on conflict (event_id) do nothing",
        *NAMES,
        arrays.join(", ")
    )
});

static FROM_STAGING: LazyLock<String> = LazyLock::new(|| {
    format!(
        "insert into event ({0}) select {0} from staging on conflict (event_id) do nothing",
        *NAMES
    )
});

impl Writer {
    /// A writer that goes on after the last event there is; it is the only one.
    pub(super) async fn new(pool: PgPool, by: Write) -> Result<Self> {
        let last = sqlx::query_scalar::<_, Option<i64>>("select max(event_no) from event");
        let last = last.fetch_one(&pool).await.context("asking for the last event")?;
        Ok(Self { pool, by, next: AtomicI64::new(last.unwrap_or(0) + 1) })
    }

    /// Writes the events that are new and answers how many were not.
    pub(super) async fn write(&self, batch: &RecordBatch) -> Result<u64> {
        let rows = batch.num_rows();
        let first = self.next.fetch_add(rows as i64, Ordering::Relaxed);
        let mut transaction = self.pool.begin().await.context("beginning a transaction")?;
        let kept = match self.by {
            Write::Copy => copy_events(&mut transaction, batch, first).await,
            Write::Unnest => unnest_events(&mut transaction, batch, first).await,
        };
        let kept = kept.context("writing events")?;
        // Nearly every request brings nothing but new events.
        let numbers = match kept {
            kept if kept == rows as u64 => None,
            _ => Some(numbers(&mut transaction, first, first + rows as i64).await?),
        };
        let keep = |number: i64| numbers.as_ref().is_none_or(|kept| kept.contains(&number));
        match self.by {
            Write::Copy => {
                let rows = binary::event_codes(batch, first, keep)?;
                copy(&mut transaction, "event_code (code, event_no)", rows).await
            }
            Write::Unnest => unnest_codes(&mut transaction, batch, first, keep).await,
        }
        .context("writing the codes of events")?;
        transaction.commit().await.context("committing events")?;
        Ok(rows as u64 - kept)
    }
}

/// What a connection needs before it copies.
pub(super) fn staging() -> String {
    let table = table("staging").replacen("create table", "create temp table", 1);
    format!("{table} on commit delete rows")
}

/// Answers how many were new.
async fn copy_events(
    connection: &mut PgConnection,
    batch: &RecordBatch,
    first: i64,
) -> Result<u64> {
    let rows = binary::events(batch, first)?;
    copy(connection, &format!("staging ({})", *NAMES), rows).await?;
    let insert = sqlx::query(FROM_STAGING.as_str());
    Ok(insert.execute(connection).await?.rows_affected())
}

/// The numbers that were kept, of a range.
async fn numbers(connection: &mut PgConnection, from: i64, to: i64) -> Result<HashSet<i64>> {
    let question = "select event_no from event where event_no >= $1 and event_no < $2";
    let kept = sqlx::query_scalar(question).bind(from).bind(to).fetch_all(connection).await;
    Ok(kept.context("asking which events are new")?.into_iter().collect())
}

/// Sends rows in binary form; `target` is a table with its columns.
pub(super) async fn copy(connection: &mut PgConnection, target: &str, rows: Vec<u8>) -> Result<()> {
    let statement = format!("copy {target} from stdin (format binary)");
    let mut copy = connection.copy_in_raw(&statement).await?;
    copy.send(HEADER).await?;
    copy.send(rows).await?;
    copy.send(TRAILER).await?;
    copy.finish().await?;
    Ok(())
}

/// Answers how many were new.
async fn unnest_events(
    connection: &mut PgConnection,
    batch: &RecordBatch,
    first: i64,
) -> Result<u64> {
    let numbers: Vec<i64> = (first..).take(batch.num_rows()).collect();
    let insert = sqlx::query(UNNEST.as_str()).bind(numbers);
    let insert = values(batch)?.into_iter().fold(insert, bind);
    Ok(insert.execute(connection).await?.rows_affected())
}

type Bound<'q> = Query<'q, Postgres, PgArguments>;

fn bind<'q>(query: Bound<'q>, column: Values<'_>) -> Bound<'q> {
    match column {
        Values::Text(texts) => {
            query.bind(texts.iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>())
        }
        Values::Instant(instants) => {
            let of = |us: Option<i64>| us.and_then(DateTime::<Utc>::from_timestamp_micros);
            query.bind(instants.iter().map(of).collect::<Vec<_>>())
        }
        Values::Double(doubles) => query.bind(doubles.iter().collect::<Vec<_>>()),
        Values::Whole(wholes) => query.bind(wholes.iter().collect::<Vec<_>>()),
    }
}

async fn unnest_codes(
    connection: &mut PgConnection,
    batch: &RecordBatch,
    first: i64,
    keep: impl Fn(i64) -> bool,
) -> Result<()> {
    let all = codes(batch)?;
    let numbered = all.iter().map(|(code, row)| (*code, first + *row as i64));
    let (texts, numbers): (Vec<String>, Vec<i64>) = numbered
        .filter(|(_, number)| keep(*number))
        .map(|(code, number)| (code.to_owned(), number))
        .unzip();
    let insert = "insert into event_code select * from unnest($1::text[], $2::bigint[])";
    sqlx::query(insert).bind(texts).bind(numbers).execute(connection).await?;
    Ok(())
}
