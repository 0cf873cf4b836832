//! Whether the hub lives and can answer.

use std::sync::Arc;

use axum::extract::State;
use yuanliu_api::Problem;

use super::{Service, index_refuses};

/// The process answers.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// Events can be kept and codes be asked for. What is wrong is for the log, and for whoever may read the ledger's
/// state; a stranger learns that something is.
pub(super) async fn ready(State(service): State<Arc<Service>>) -> Result<&'static str, Problem> {
    if let Some(problem) = service.ledger.inbox_status().disk_error {
        tracing::error!(problem, "not ready: the inbox cannot keep events");
        return Err(Problem::unavailable("events cannot be kept now"));
    }
    service.ledger.index().expect_there().map_err(index_refuses)?;
    Ok("ok")
}
