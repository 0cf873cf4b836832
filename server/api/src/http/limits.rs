//! How long an answer may take, and methods that are not there.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// Gives up on an answer that did not begin in time; what streams may go on.
pub(crate) async fn answer_within(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::timed_out(limit).into_response(),
    }
}

/// The answer to a method that a path does not have.
pub(crate) async fn method_missing() -> Problem {
    Problem::method_not_allowed()
}
