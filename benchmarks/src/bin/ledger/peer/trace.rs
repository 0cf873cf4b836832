//! What the peer knows of a code: its events by one prepared statement, and by the same statement those of what it was
//! packed into.

use std::sync::LazyLock;

use anyhow::{Context, Result};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use sqlx::Row;
use sqlx::postgres::{PgPool, PgRow};

use super::columns::{COLUMNS, Kind};

static QUESTION: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<_> = COLUMNS.iter().map(|(name, _)| format!("e.{name}")).collect();
    format!(
        "select {} from event_code as c join event as e on e.event_no = c.event_no
         where c.code = $1 order by e.event_time, e.event_id",
        names.join(", ")
    )
});

/// Containers within containers that are looked into: as many as the hub does.
const DEPTH_MAX: usize = 4;

/// The code with its events in order of time; `None` if there are none.
pub(super) async fn trace(pool: &PgPool, code: &str) -> Result<Option<Value>> {
    let rows = events_of(pool, code).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let events = rows.iter().map(event).collect::<Result<Vec<_>>>()?;
    Ok(Some(json!({"code": code, "events": events})))
}

/// The same with the events of the containers it was in, of the time it was in there, as a trace of the hub has them.
pub(super) async fn chain(pool: &PgPool, code: &str) -> Result<Option<Value>> {
    let rows = events_of(pool, code).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut events = rows.iter().map(event).collect::<Result<Vec<_>>>()?;
    let mut inside = stays(code, &rows)?;
    for _ in 0..DEPTH_MAX {
        let mut outside = Vec::new();
        for stay in inside {
            let rows = events_of(pool, &stay.container).await?;
            for row in &rows {
                let kind: &str = row.try_get("event_type")?;
                if stay.holds(row.try_get("event_time")?) && !PACKING.contains(&kind) {
                    events.push(event(row)?);
                }
            }
            outside.extend(stays(&stay.container, &rows)?);
        }
        inside = outside;
    }
    Ok(Some(json!({"code": code, "events": events})))
}

/// Events that a container does not share with what is in it.
const PACKING: [&str; 3] = ["commission", "pack", "unpack"];

/// A time in a container.
struct Stay {
    container: String,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
}

impl Stay {
    fn holds(&self, at: Option<DateTime<Utc>>) -> bool {
        at.is_some_and(|at| self.from <= at && self.to.is_none_or(|to| at < to))
    }
}

/// The containers a code was packed into, by its events in order of time.
fn stays(code: &str, rows: &[PgRow]) -> Result<Vec<Stay>> {
    let mut stays: Vec<Stay> = Vec::new();
    for row in rows {
        let kind: &str = row.try_get("event_type")?;
        let container: Option<String> = row.try_get("parent_code")?;
        let at: Option<DateTime<Utc>> = row.try_get("event_time")?;
        let (Some(at), true) = (at, matches!(kind, "pack" | "unpack")) else { continue };
        if let Some(last) = stays.last_mut().filter(|last| last.to.is_none()) {
            last.to = Some(at);
        }
        if let Some(container) = container.filter(|one| kind == "pack" && one != code) {
            stays.push(Stay { container, from: at, to: None });
        }
    }
    Ok(stays)
}

async fn events_of(pool: &PgPool, code: &str) -> Result<Vec<PgRow>> {
    let question = sqlx::query(QUESTION.as_str()).bind(code);
    question.fetch_all(pool).await.context("asking for the events of a code")
}

fn event(row: &PgRow) -> Result<Value> {
    let mut event = Map::new();
    for (at, (name, kind)) in COLUMNS.iter().enumerate() {
        let value = match kind {
            Kind::Text => json!(row.try_get::<Option<&str>, _>(at)?),
            Kind::Double => json!(row.try_get::<Option<f64>, _>(at)?),
            Kind::Whole => json!(row.try_get::<Option<i64>, _>(at)?),
            Kind::Instant => {
                let instant = row.try_get::<Option<DateTime<Utc>>, _>(at)?;
                json!(instant.map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true)))
            }
        };
        event.insert((*name).to_owned(), value);
    }
    Ok(Value::Object(event))
}
