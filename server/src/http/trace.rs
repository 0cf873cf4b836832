//! `GET /api/v1/trace/{code}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use chrono::Utc;
use serde::Deserialize;
use serde_json::Value;
use yuanliu_trace_index::{IndexError, UnitHistory};

use super::problem::Problem;
use super::{Service, blocking};
use crate::answers;
use crate::trace::add_verdicts;

/// What may be asked besides the code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Sightings with the verdicts of the last build, which takes a query of the lake.
    #[serde(default)]
    verdicts: bool,
}

/// Everything known about one code, events of the last second included.
pub(super) async fn one(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    Path(code): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    service.tokens.device(&headers)?;
    let Query(asked) = asked?;
    let judging = Arc::clone(&service);
    let answered = blocking(move || {
        let now_us = Utc::now().timestamp_micros();
        let Some(history) = service.history(&code, now_us)? else { return Ok(None) };
        let known = service.knowledge();
        let (days, zone) =
            (service.hub.config.rules.transit_days, service.hub.config.hub.time_zone);
        Ok::<_, IndexError>(Some(answers::trace(&history, &known, now_us, days, zone)))
    });
    let Some(mut trace) = answered.await?? else {
        return Err(Problem::not_found("no event names this code; check how it was typed"));
    };
    if asked.verdicts {
        let scope = judging.models.scope(&judging.hub, Utc::now());
        let zone = judging.hub.config.hub.time_zone;
        let judged = add_verdicts(&judging.models.files, &scope, &mut trace, zone).await;
        judged.map_err(|error| Problem::internal(&error))?;
    }
    Ok(Json(trace))
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
