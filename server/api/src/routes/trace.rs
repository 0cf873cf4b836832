//! Everything known about one code.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::Api;
use crate::http::{Params, Question, Staff, needs};
use crate::ports::Trace;
use crate::problem::Problem;

/// Names a code.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ByCode {
    /// The code as it was typed or scanned.
    #[param(example = "8800000000000017")]
    code: String,
}

/// What besides.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TraceQuestion {
    /// Whether sightings have the verdicts of the last build.
    #[serde(default)]
    verdicts: bool,
}

/// Everything known about one code, events of the last second included. A dealer sees codes that its
/// subtree has or had.
#[utoipa::path(
    get,
    path = "/trace/{code}",
    tag = "codes",
    params(ByCode, TraceQuestion),
    responses((status = 200, description = "What is known", body = Trace)),
    extensions(("x-permission" = json!("trace.read")))
)]
pub(crate) async fn trace_code(
    State(api): State<Arc<Api>>,
    staff: Staff<needs::Trace>,
    Params(ByCode { code }): Params<ByCode>,
    Question(TraceQuestion { verdicts }): Question<TraceQuestion>,
) -> Result<Json<Trace>, Problem> {
    Ok(Json(api.ports.tracing.trace(&staff.principal, &code, verdicts).await?))
}
