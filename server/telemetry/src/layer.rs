//! What every HTTP request leaves behind: a count, a time, a span, an id.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, Method};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Instrument, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::metrics::Metrics;
use crate::request_id::{REQUEST_ID, RequestId};

/// The route of a request that no route matched: its path is whatever somebody made up.
const UNMATCHED: &str = "unmatched";

/// Middleware for `axum::middleware::from_fn_with_state`, over all routes.
pub async fn observe(State(metrics): State<Metrics>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let in_flight = metrics.http_begins();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| UNMATCHED.to_owned(), |path| path.as_str().to_owned());
    let method = method_label(request.method());
    let id = RequestId::of(request.headers());
    let span = tracing::info_span!(
        "http_request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        method,
        route,
        request_id = id.0,
        status = field::Empty,
        otel.status_code = field::Empty,
    );
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
    // Without a trace being recorded there is nothing to be the child of.
    let _ = span.set_parent(parent);
    request.extensions_mut().insert(id.clone());

    let mut response = next.run(request).instrument(span.clone()).await;

    let (status, took) = (response.status(), began.elapsed());
    span.record("status", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    metrics.http_answered(method, &route, status.as_u16(), took);
    drop(in_flight);
    span.in_scope(|| {
        let took_ms = took.as_secs_f64() * 1000.0;
        tracing::info!(status = status.as_u16(), took_ms, "answered");
    });
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// A method as a label; anybody can make up further ones.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
