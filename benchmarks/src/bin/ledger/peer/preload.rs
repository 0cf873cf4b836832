//! Filling the peer before it is measured: COPY into tables without indexes.

use anyhow::{Context, Result, anyhow};
use chrono::Utc;
use sqlx::postgres::{PgCopyIn, PgPool};
use sqlx::{AssertSqlSafe, PgConnection};
use tokio::sync::mpsc;
use yuanliu_benchmarks::flow::Bodies;
use yuanliu_scans::{Chunk, CodeRules, EventReader, Format, ScanRules};

use super::binary::{self, HEADER, TRAILER};
use super::schema::table;
use crate::point::Point;

/// Events encoded at a time, and how many such parts wait.
const PART_EVENTS: u64 = 5_000;
const PARTS_MAX: usize = 8;

/// Copies the flow's events until either number is reached; the bodies are left where it ended.
///
/// Each table is made in the transaction that fills it, so PostgreSQL need not log its rows.
pub(crate) async fn preload(
    pool: &PgPool,
    mut bodies: Bodies,
    until: Point,
) -> Result<(Bodies, Point)> {
    let (send, mut parts) = mpsc::channel::<(Vec<u8>, Vec<u8>)>(PARTS_MAX);
    let reading = tokio::task::spawn_blocking(move || -> Result<(Bodies, Point)> {
        let rules = ScanRules::new(&CodeRules::default(), chrono_tz::Asia::Shanghai)?;
        let mut at = Point::BEGIN;
        while at.events < until.events
            && let Some(body) = bodies.next(
                PART_EVENTS.min(until.events - at.events),
                until.codes.saturating_sub(at.codes),
            )
        {
            let mut first = at.events as i64 + 1;
            at.events += body.events;
            at.codes += body.commissioned;
            let source =
                EventReader::from_bytes(body.text, Format::JsonLines, "flow", &rules, Utc::now());
            let mut source = source?;
            while let Some(Chunk { events, .. }) = source.next_chunk(PART_EVENTS as usize)? {
                let rows = binary::events(&events, first)?;
                let codes = binary::event_codes(&events, first, |_| true)?;
                first += events.num_rows() as i64;
                // Whoever receives has failed and says so.
                if send.blocking_send((rows, codes)).is_err() {
                    return Ok((bodies, at));
                }
            }
        }
        Ok((bodies, at))
    });
    let (mut events, mut codes) = (pool.begin().await?, pool.begin().await?);
    let mut event_copy = begin(&mut events, "event").await?;
    let mut code_copy = begin(&mut codes, "event_code").await?;
    while let Some((rows, of_codes)) = parts.recv().await {
        let (sent, of_codes) = tokio::join!(event_copy.send(rows), code_copy.send(of_codes));
        sent.and(of_codes).context("copying events")?;
    }
    event_copy.send(TRAILER).await?;
    code_copy.send(TRAILER).await?;
    event_copy.finish().await.context("copying events")?;
    code_copy.finish().await.context("copying codes")?;
    events.commit().await?;
    codes.commit().await?;
    reading.await.map_err(|_| anyhow!("reading the flow panicked"))?
}

async fn begin<'c>(
    connection: &'c mut PgConnection,
    name: &str,
) -> Result<PgCopyIn<&'c mut PgConnection>> {
    sqlx::raw_sql(AssertSqlSafe(table(name))).execute(&mut *connection).await?;
    let copy = format!("copy {name} from stdin (format binary)");
    let mut copy = connection.copy_in_raw(&copy).await?;
    copy.send(HEADER).await?;
    Ok(copy)
}
