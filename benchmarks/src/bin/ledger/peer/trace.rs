//! What the peer knows of a code: its events, by one prepared statement.

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

/// The code with its events in order of time; `None` if there are none.
pub(super) async fn trace(pool: &PgPool, code: &str) -> Result<Option<Value>> {
    let question = sqlx::query(QUESTION.as_str()).bind(code);
    let rows = question.fetch_all(pool).await.context("asking for the events of a code")?;
    if rows.is_empty() {
        return Ok(None);
    }
    let events = rows.iter().map(event).collect::<Result<Vec<_>>>()?;
    Ok(Some(json!({"code": code, "events": events})))
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
