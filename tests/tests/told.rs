//! People are told: what goes wrong in a hub that serves reaches the channel its rule names, signed and once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::sandbox::Sandbox;
use yuanliu_tests::server::Server;

/// Longer than anything takes on a busy machine.
const WITHIN: Duration = Duration::from_secs(120);

const KEY: &str = "a key that both sides know";

/// Every message that arrived.
type Arrived = UnboundedReceiver<(HeaderMap, String)>;

async fn receiver() -> (String, Arrived) {
    let (sender, arrived) = unbounded_channel();
    let take = |State(sender): State<UnboundedSender<_>>, headers: HeaderMap, body: String| async move {
        sender.send((headers, body)).unwrap();
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/told", listener.local_addr().unwrap());
    let router = Router::new().route("/told", post(take)).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, arrived)
}

/// The message, after its signature was found to be right.
fn open(headers: &HeaderMap, body: &str) -> Value {
    let header = |name: &str| headers[name].to_str().unwrap();
    let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let wanted = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(header("webhook-signature"), wanted);
    serde_json::from_str(body).unwrap()
}

fn failed_runs(hub: &TestHub) -> usize {
    let runs = hub.run(&["runs", "--format", "json"]).expect_code(0).json();
    let runs = runs.as_array().cloned().unwrap_or_default();
    runs.iter().filter(|run| run["outcome"] == "red").count()
}

/// Has a hub tell of one kind of signal by a signed message to `address`.
fn tell_of(hub: &TestHub, kind: &str, address: &str) {
    hub.write("config/told.url", address);
    hub.write("config/told.key", KEY);
    let text = format!(
        "[alerts]\nlanguage = \"zh\"\n\
         [channels.ops]\nkind = \"webhook\"\nurl = \"file:told.url\"\nsecret = \"file:told.key\"\n\
         [[rules]]\nname = \"one\"\non = \"{kind}\"\nto = [\"ops\"]\n"
    );
    hub.write("config/alerts.toml", &text);
}

#[tokio::test]
async fn a_diversion_case_is_told_after_the_build_that_found_it() {
    let (address, mut arrived) = receiver().await;
    let hub = TestHub::new();
    let sandbox = Sandbox::start(5, None);
    sandbox.connect(&hub);
    tell_of(&hub, "diversion_case", &address);
    for step in [vec!["sync"], vec!["ingest", &sandbox.scans()]] {
        let done = hub.run(&step);
        assert!(matches!(done.code, Some(0 | 1)), "{step:?}: {}", done.stderr);
    }
    // A hub builds when it begins to serve.
    let server = Server::start(&hub);
    let (headers, body) = tokio::time::timeout(WITHIN, arrived.recv()).await.unwrap().unwrap();
    server.stop();
    let message = open(&headers, &body);
    let first = &message["data"]["alerts"][0];
    assert_eq!(first["kind"], "diversion_case", "{message}");
    let report = ["report", "diversion-cases", "--filter", "alert=true", "--format", "json"];
    let cases = hub.run(&report).expect_code(0).json();
    let of_case = |case: &Value| {
        let part = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
        let parts = ["dealer_code", "product_code", "destination_region", "month"].map(part);
        parts.join("/")
    };
    let known: Vec<_> = cases.as_array().unwrap().iter().map(of_case).collect();
    let subject = first["subject"].as_str().unwrap().to_owned();
    assert!(known.contains(&subject), "{subject} of {known:?}");
}

#[tokio::test]
async fn a_system_that_does_not_answer_is_told_once() {
    let (address, mut arrived) = receiver().await;
    let hub = TestHub::new();
    let sandbox = Sandbox::start(1, None);
    sandbox.connect(&hub);
    drop(sandbox);
    tell_of(&hub, "system_unreachable", &address);
    hub.write(
        "config/jobs.toml",
        "[[job]]\nname = \"sync_erp_main\"\nkind = \"sync\"\nsystem = \"erp_main\"\n\
         schedule = \"* * * * * *\"\n",
    );
    hub.run(&["check-config"]).expect_code(0);
    let server = Server::start(&hub);
    let (headers, body) = tokio::time::timeout(WITHIN, arrived.recv()).await.unwrap().unwrap();
    let message = open(&headers, &body);
    assert_eq!(message["data"]["severity"], "critical", "{message}");
    assert_eq!(message["data"]["alerts"][0]["kind"], "system_unreachable", "{message}");
    assert_eq!(message["data"]["alerts"][0]["subject"], "erp_main", "{message}");
    assert!(!body.contains("password") && !body.contains(KEY), "{body}");

    // It goes on failing, every second, and nobody is told again within the rule's hour.
    let failed = failed_runs(&hub);
    let end = Instant::now() + WITHIN;
    while failed_runs(&hub) < failed + 2 {
        assert!(Instant::now() < end, "the job runs every second");
    }
    server.stop();
    let again: Vec<_> = std::iter::from_fn(|| arrived.try_recv().ok()).collect();
    assert_eq!(again.len(), 0, "{again:?}");
    assert_eq!(message["type"], json!("alert"));
}
