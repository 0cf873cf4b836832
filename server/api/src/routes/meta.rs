//! The API about itself.

use axum::Json;
use serde_json::Value;

use crate::openapi;

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "session",
    responses((status = 200, description = "The OpenAPI document", body = Object)),
    extensions(("x-permission" = json!("public")))
)]
pub(crate) async fn openapi() -> Json<Value> {
    Json(openapi::document())
}
