//! Scan events and gates: what devices use.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};

use crate::api::Api;
use crate::http::{Body, Staff, needs};
use crate::ports::{
    GateDecision, LedgerStatus, MaterialQuestion, Receipt, ScanEvent, ShipmentQuestion,
};
use crate::problem::Problem;

/// Takes scan events.
///
/// The body is a JSON array, one object, JSON Lines or CSV, plain, gzip or zstd. A 2xx says that the
/// accepted events survive a power cut. After any other answer the same body may be sent again: what
/// was kept is a duplicate then. A dealer may only send `receive`, `transfer` and `return`, and its
/// own code takes the place of whatever party the event names as the one that acts.
#[utoipa::path(
    post,
    path = "/events",
    tag = "devices",
    request_body(
        content(
            (Vec<ScanEvent> = "application/json"),
            (String = "application/x-ndjson"),
            (String = "text/csv"),
        )
    ),
    responses(
        (status = 200, description = "The receipt", body = Receipt),
        (status = 429, response = inline(crate::openapi::TooMany)),
    ),
    extensions(("x-permission" = json!("events.write")))
)]
pub(crate) async fn take_events(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::EventsWrite>,
    request: Request,
) -> Result<Json<Receipt>, Problem> {
    Ok(Json(api.ports.scans.take(&staff.principal, request).await?))
}

/// Whether a code may go on an order now.
#[utoipa::path(
    post,
    path = "/checks/shipment",
    tag = "devices",
    request_body = ShipmentQuestion,
    responses((status = 200, description = "What the gates say", body = GateDecision)),
    extensions(("x-permission" = json!("checks.ask")))
)]
pub(crate) async fn check_shipment(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ChecksAsk>,
    Body(question): Body<ShipmentQuestion>,
) -> Result<Json<GateDecision>, Problem> {
    if question.order_no.is_none() && question.delivery_no.is_none() {
        return Err(Problem::bad_request("name the order with `order_no` or `delivery_no`"));
    }
    Ok(Json(api.ports.scans.check_shipment(&staff.principal, &question).await?))
}

/// Whether a lot may go into a work order now.
#[utoipa::path(
    post,
    path = "/checks/material",
    tag = "devices",
    request_body = MaterialQuestion,
    responses((status = 200, description = "What the gates say", body = GateDecision)),
    extensions(("x-permission" = json!("checks.ask")))
)]
pub(crate) async fn check_material(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::ChecksAsk>,
    Body(question): Body<MaterialQuestion>,
) -> Result<Json<GateDecision>, Problem> {
    Ok(Json(api.ports.scans.check_material(&staff.principal, &question).await?))
}

/// What waits in the inbox, and how far the trace index is.
#[utoipa::path(
    get,
    path = "/ledger",
    tag = "devices",
    responses((status = 200, description = "How full it is", body = LedgerStatus)),
    extensions(("x-permission" = json!("runs.read")))
)]
pub(crate) async fn ledger_status(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::RunsRead>,
) -> Result<Json<LedgerStatus>, Problem> {
    Ok(Json(api.ports.scans.ledger(&staff.principal).await?))
}
