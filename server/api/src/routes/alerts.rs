//! Alerts, their rules and their deliveries.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::accounts::Nothing;
use super::list::list;
use super::rejects::Note;
use crate::api::Api;
use crate::http::{Asked, Body, PageParams, Params, Staff, audited, needs};
use crate::ports::{Alert, AlertRule, AlertStatus, Delivery};
use crate::problem::Problem;

list! {
    /// Alerts, newest first.
    AlertList of Alert
}
list! {
    /// Rules in order of name.
    AlertRuleList of AlertRule
}
list! {
    /// Deliveries, newest first.
    DeliveryList of Delivery
}

/// Which alerts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AlertParams {
    /// That stand so; left out: all.
    #[param(inline)]
    status: Option<AlertStatus>,
}

/// Names an alert.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByAlert {
    /// The alert.
    #[param(example = "alert-1")]
    id: String,
}

/// Names a channel.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByChannel {
    /// The channel.
    #[param(example = "sales-managers")]
    name: String,
}

/// Alerts within what whoever asks may see.
#[utoipa::path(
    get,
    path = "/alerts",
    tag = "alerts",
    params(AlertParams, PageParams),
    responses((status = 200, description = "A page of alerts", body = AlertList)),
    extensions(("x-permission" = json!("alerts.read")))
)]
pub(crate) async fn list_alerts(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::AlertsRead>,
    asked: Asked<AlertParams>,
) -> Result<Json<AlertList>, Problem> {
    let status = asked.filter.status;
    let page = api.ports.alerts.alerts(&staff.principal, status, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// Takes an alert: it is not escalated any more.
#[utoipa::path(
    post,
    path = "/alerts/{id}/acknowledge",
    tag = "alerts",
    params(ByAlert),
    request_body = Note,
    responses((status = 200, description = "The alert as it is now", body = Alert)),
    extensions(("x-permission" = json!("alerts.handle")))
)]
pub(crate) async fn acknowledge_alert(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::AlertsHandle>,
    Params(ByAlert { id }): Params<ByAlert>,
    Body(note): Body<Note>,
) -> Result<Json<Alert>, Problem> {
    let note = note.checked()?;
    let work = api.ports.alerts.acknowledge(&staff.principal, &id, &note);
    Ok(Json(audited(&api, &staff, "alert.acknowledge", &id, &note, work).await?))
}

/// Ends an alert.
#[utoipa::path(
    post,
    path = "/alerts/{id}/resolve",
    tag = "alerts",
    params(ByAlert),
    request_body = Note,
    responses((status = 200, description = "The alert as it is now", body = Alert)),
    extensions(("x-permission" = json!("alerts.handle")))
)]
pub(crate) async fn resolve_alert(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::AlertsHandle>,
    Params(ByAlert { id }): Params<ByAlert>,
    Body(note): Body<Note>,
) -> Result<Json<Alert>, Problem> {
    let note = note.checked()?;
    let work = api.ports.alerts.resolve(&staff.principal, &id, &note);
    Ok(Json(audited(&api, &staff, "alert.resolve", &id, &note, work).await?))
}

/// The rules of `alerts.toml`.
#[utoipa::path(
    get,
    path = "/alerts/rules",
    tag = "alerts",
    responses((status = 200, description = "The rules", body = AlertRuleList)),
    extensions(("x-permission" = json!("alerts.configure")))
)]
pub(crate) async fn list_alert_rules(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::AlertsConfigure>,
) -> Result<Json<AlertRuleList>, Problem> {
    Ok(Json(api.ports.alerts.rules(&staff.principal).await?.into()))
}

/// What was sent where, and how that went.
#[utoipa::path(
    get,
    path = "/alerts/deliveries",
    tag = "alerts",
    params(PageParams),
    responses((status = 200, description = "A page of deliveries", body = DeliveryList)),
    extensions(("x-permission" = json!("alerts.configure")))
)]
pub(crate) async fn list_deliveries(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::AlertsConfigure>,
    asked: Asked<Nothing>,
) -> Result<Json<DeliveryList>, Problem> {
    let page = api.ports.alerts.deliveries(&staff.principal, &asked.page).await?;
    Ok(Json(asked.answer(page).into()))
}

/// Sends a message to a channel now.
#[utoipa::path(
    post,
    path = "/alerts/channels/{name}/test",
    tag = "alerts",
    params(ByChannel),
    responses((status = 200, description = "How it went", body = Delivery)),
    extensions(("x-permission" = json!("alerts.configure")))
)]
pub(crate) async fn test_channel(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::AlertsConfigure>,
    Params(ByChannel { name }): Params<ByChannel>,
) -> Result<Json<Delivery>, Problem> {
    let work = api.ports.alerts.test_channel(&staff.principal, &name);
    Ok(Json(audited(&api, &staff, "alert.test", &name, "", work).await?))
}
