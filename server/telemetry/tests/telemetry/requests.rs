//! What a request leaves behind.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::Value;
use tower::ServiceExt;
use yuanliu_telemetry::{
    LogFormat, LogSettings, Metrics, REQUEST_ID, RequestId, TelemetryError, observe, subscriber,
};

use crate::text::samples;

/// Where a test reads what was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn json(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn settings(filter: &str) -> LogSettings {
    LogSettings { format: LogFormat::Json, filter: filter.to_owned() }
}

/// What all requests of these tests log. One subscriber for the whole process and from the first request on:
/// a place in the code that is first reached beside a subscriber being set can stay silent for good.
static LOGGED: LazyLock<Lines> = LazyLock::new(|| {
    let lines = Lines::default();
    let writer = lines.clone();
    let (subscriber, guard) = subscriber(&settings("info"), None, move || writer.clone()).unwrap();
    drop(guard);
    tracing::subscriber::set_global_default(subscriber).unwrap();
    lines
});

fn is_of(request_id: &str) -> impl Fn(&Value) -> bool {
    move |line| line["span"]["request_id"] == request_id
}

async fn work(Extension(id): Extension<RequestId>) -> String {
    tracing::info!(rows = 3, "worked");
    id.0
}

fn router(metrics: &Metrics) -> Router {
    LazyLock::force(&LOGGED);
    let broken = || async { StatusCode::INTERNAL_SERVER_ERROR };
    Router::new()
        .route("/api/v1/trace/{code}", get(work))
        .route("/broken", get(broken))
        .layer(from_fn_with_state(metrics.clone(), observe))
}

async fn ask(router: &Router, uri: &str, id: Option<&str>) -> Response {
    let mut request = Request::get(uri);
    if let Some(id) = id {
        request = request.header(REQUEST_ID, id);
    }
    router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_label_is_the_route_and_never_the_path() {
    let metrics = Metrics::new("0.1.0");
    let router = router(&metrics);
    for code in ["A1", "B2", "C3"] {
        ask(&router, &format!("/api/v1/trace/{code}?token=hidden"), None).await;
    }
    for path in ["/wp-admin", "/.env", "/api/v1/nothing"] {
        assert_eq!(ask(&router, path, None).await.status(), StatusCode::NOT_FOUND);
    }
    let odd = Request::builder().method("BREW").uri("/broken").body(Body::empty()).unwrap();
    router.clone().oneshot(odd).await.unwrap();
    let text = metrics.render();
    let samples = samples(&text);
    let count =
        |sample: &str| samples.get(&format!("yuanliu_http_requests_total{sample}")).copied();
    let traced = "{method=\"GET\",route=\"/api/v1/trace/{code}\",status=\"200\"}";
    assert_eq!(count(traced), Some(3.0), "{samples:#?}");
    assert_eq!(count("{method=\"GET\",route=\"unmatched\",status=\"404\"}"), Some(3.0));
    assert_eq!(count("{method=\"other\",route=\"/broken\",status=\"405\"}"), Some(1.0));
    for hidden in ["A1", "wp-admin", "hidden", "BREW"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    assert_eq!(samples["yuanliu_http_requests_in_flight"], 0.0);
}

#[tokio::test]
async fn one_id_is_in_answer_handler_and_logs() {
    let metrics = Metrics::new("0.1.0");
    let router = router(&metrics);
    let answer = ask(&router, "/api/v1/trace/A1?token=hidden", Some("proxy-7")).await;
    assert_eq!(answer.headers()[REQUEST_ID], "proxy-7");
    let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
    assert_eq!(body, "proxy-7");
    let logged: Vec<_> = LOGGED.json().into_iter().filter(is_of("proxy-7")).collect();
    let worked = logged.iter().find(|line| line["message"] == "worked").unwrap();
    assert_eq!((&worked["rows"], &worked["level"]), (&3.into(), &"INFO".into()));
    assert_eq!(worked["span"]["request_id"], "proxy-7");
    assert!(worked["timestamp"].as_str().unwrap().ends_with('Z'));
    let answered = logged.iter().find(|line| line["message"] == "answered").unwrap();
    assert_eq!(answered["status"], 200);
    assert_eq!(answered["span"]["route"], "/api/v1/trace/{code}");
    assert!(!format!("{logged:?}").contains("hidden"));
}

#[tokio::test]
async fn an_id_that_is_no_id_is_replaced() {
    let router = router(&Metrics::new("0.1.0"));
    let long = "x".repeat(65);
    for given in ["", "a b", "a\"},{\"", long.as_str()] {
        let answer = ask(&router, "/api/v1/trace/A1", Some(given)).await;
        let id = answer.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        assert!(id.len() == 36 && id != given, "{given} became {id}");
    }
}

#[test]
fn a_filter_that_is_none_is_told() {
    let told = subscriber(&settings("info,=x=y"), None, io::stderr).map(|_| ()).unwrap_err();
    assert!(matches!(told, TelemetryError::Filter { .. }), "{told:?}");
    assert!(told.to_string().starts_with("`info,=x=y` is no filter of logs"), "{told}");
}
