//! Traces against a collector on this machine.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower::ServiceExt;
use yuanliu_telemetry::{LogFormat, LogSettings, Metrics, TraceSettings, observe, subscriber};

type Arrived = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

async fn take(State(arrived): State<Arrived>, headers: HeaderMap, body: Bytes) -> StatusCode {
    arrived.lock().unwrap().push((headers, body));
    StatusCode::OK
}

async fn collector() -> (String, Arrived) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let arrived = Arrived::default();
    let router = Router::new().route("/v1/traces", post(take)).with_state(arrived.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (endpoint, arrived)
}

fn traces(endpoint: String, sample_ratio: f64) -> TraceSettings {
    TraceSettings {
        endpoint,
        service_name: "yuanliu-test".to_owned(),
        service_version: "0.1.0".to_owned(),
        sample_ratio,
        headers: vec![("authorization".to_owned(), "Bearer k3y".to_owned())],
    }
}

/// Answers one request under these settings, then ends.
async fn answer_one(settings: TraceSettings, traceparent: Option<&str>) {
    let logs = LogSettings { format: LogFormat::Text, filter: "info".to_owned() };
    let (subscriber, guard) = subscriber(&logs, Some(&settings), std::io::sink).unwrap();
    let default = tracing::subscriber::set_default(subscriber);
    let router = Router::new()
        .route("/api/v1/trace/{code}", get(|| async { "ok" }))
        .layer(from_fn_with_state(Metrics::new("0.1.0"), observe));
    let mut request = Request::get("/api/v1/trace/SECRETCODE");
    if let Some(traceparent) = traceparent {
        request = request.header("traceparent", traceparent);
    }
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    drop(default);
    tokio::task::spawn_blocking(move || drop(guard)).await.unwrap();
}

fn holds(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_becomes_a_span_of_its_callers_trace() {
    let (endpoint, arrived) = collector().await;
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    answer_one(traces(endpoint, 0.0), Some(traceparent)).await;
    let arrived = arrived.lock().unwrap();
    let (headers, body) = arrived.first().expect("spans are sent before the end");
    assert_eq!(headers["content-type"], "application/x-protobuf");
    assert_eq!(headers["authorization"], "Bearer k3y");
    for part in ["GET /api/v1/trace/{code}", "yuanliu-test", "request_id"] {
        assert!(holds(body, part.as_bytes()), "{part}");
    }
    let trace_id = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
    assert!(holds(body, &trace_id), "the caller's trace goes on");
    assert!(!holds(body, b"SECRETCODE"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_sampled_is_not_sent() {
    let (endpoint, arrived) = collector().await;
    answer_one(traces(endpoint.clone(), 0.0), None).await;
    assert!(arrived.lock().unwrap().is_empty());
    answer_one(traces(format!("{endpoint}/v1/traces"), 1.0), None).await;
    assert_eq!(arrived.lock().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_gone_stops_nothing() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    answer_one(traces(endpoint, 1.0), None).await;
    let shown = format!("{:?}", traces("http://x".to_owned(), 1.0));
    assert!(!shown.contains("k3y"), "{shown}");
}

#[test]
fn traces_need_a_runtime_and_say_so() {
    let logs = LogSettings { format: LogFormat::Text, filter: "info".to_owned() };
    let told = subscriber(&logs, Some(&traces("http://x".to_owned(), 1.0)), std::io::sink);
    assert_eq!(
        told.map(|_| ()).unwrap_err().to_string(),
        "setting up the export of traces outside of a runtime"
    );
}
