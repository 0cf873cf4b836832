//! Whether the hub lives, can answer, and how full the ledger is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Service;
use super::problem::Problem;

/// The process answers.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// Events can be kept and codes be asked for.
pub(super) async fn ready(State(service): State<Arc<Service>>) -> Result<&'static str, Problem> {
    if let Some(problem) = service.ledger.inbox_status().disk_error {
        return Err(Problem::unavailable(problem));
    }
    service.ledger.index().expect_there()?;
    Ok("ok")
}

/// What waits in the inbox and how far the index is.
pub(super) async fn ledger(State(service): State<Arc<Service>>) -> Result<Json<Value>, Problem> {
    let inbox = service.ledger.inbox_status();
    let progress = service.ledger.index().progress()?;
    Ok(Json(json!({
        "inbox": {
            "pending_events": inbox.pending_events,
            "pending_bytes": inbox.pending_bytes,
            "last_sequence": inbox.last_sequence,
            "syncs": inbox.syncs,
            "disk_error": inbox.disk_error,
            "damage": inbox.damage,
        },
        "index": {"inbox_sequence": progress.inbox_sequence},
        "documents_of": service.knowledge().loaded_at,
    })))
}
