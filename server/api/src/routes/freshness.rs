//! How old reports are.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::list::list;
use crate::access::may_read_report;
use crate::api::Api;
use crate::http::{Staff, needs};
use crate::ports::Freshness;
use crate::problem::Problem;

list! {
    /// How old each report is.
    FreshnessList of Freshness
}

/// How old the reports are that whoever asks may read.
#[utoipa::path(
    get,
    path = "/freshness",
    tag = "reports",
    responses((status = 200, description = "How old each is", body = FreshnessList)),
    extensions(("x-permission" = json!("freshness.read")))
)]
pub(crate) async fn list_freshness(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::FreshnessRead>,
) -> Result<Json<FreshnessList>, Problem> {
    let mut items = api.ports.reports.freshness(&staff.principal).await?;
    items.retain(|item| may_read_report(staff.principal.role, &item.report));
    Ok(Json(items.into()))
}
