//! The routes over the ports.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};

use crate::api::Api;
use crate::http::{JSON_BYTES_MAX, answer_asset, answer_within, method_missing, secure};
use crate::problem::Problem;
use crate::routes::{Part, quick, slow};

/// Below this everything is the API; everything else is the web.
pub(crate) const ROOT: &str = "/api/v1";

/// The routes of `/api/v1` and the web's files. A server that has more routes merges them before it
/// listens; it must serve with the address of whoever connects (`ConnectInfo<SocketAddr>`).
pub fn router(api: Arc<Api>) -> Router {
    let within = |part: Part, limit: Duration| {
        let (router, _) = part.split_for_parts();
        router.layer(from_fn_with_state(limit, answer_within))
    };
    let options = &api.options;
    let routes = within(quick(), options.answer_within)
        .merge(within(slow(), options.slow_answer_within))
        .method_not_allowed_fallback(method_missing);
    Router::new()
        .nest(ROOT, routes)
        .fallback(other)
        .layer(DefaultBodyLimit::max(JSON_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&api), secure))
        .with_state(api)
}

/// A file or page of the web; below `/api` there is none.
async fn other(State(api): State<Arc<Api>>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        let told = "there is no such route; GET /api/v1/openapi.json lists those there are";
        return Problem::not_found(told).into_response();
    }
    answer_asset(&*api.assets, request.method(), path, request.headers())
}
