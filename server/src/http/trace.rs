//! `GET /api/v1/trace/{code}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use chrono::Utc;
use serde_json::Value;
use yuanliu_trace_index::{IndexError, UnitHistory};

use super::problem::Problem;
use super::{Service, blocking};
use crate::answers;

/// Everything known about one code, events of the last second included.
pub(super) async fn one(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<Json<Value>, Problem> {
    service.tokens.device(&headers)?;
    let answered = blocking(move || {
        let now_us = Utc::now().timestamp_micros();
        let Some(history) = service.history(&code, now_us)? else { return Ok(None) };
        let known = service.knowledge();
        let (days, zone) =
            (service.hub.config.rules.transit_days, service.hub.config.hub.time_zone);
        Ok::<_, IndexError>(Some(answers::trace(&history, &known, now_us, days, zone)))
    });
    match answered.await?? {
        Some(trace) => Ok(Json(trace)),
        None => Err(Problem::not_found("no event names this code; check how it was typed")),
    }
}

impl Service {
    /// What the index knows of a code as it was typed or scanned. Blocks on the disk.
    pub(super) fn history(
        &self,
        typed: &str,
        as_of_us: i64,
    ) -> Result<Option<UnitHistory>, IndexError> {
        let code = self.rules.codes().normalize(typed);
        self.ledger.index().history(&code, as_of_us, &*self.knowledge())
    }
}
