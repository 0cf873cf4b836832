//! People are told: what goes wrong in a hub that serves reaches the channel its rule names, signed and once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

use std::time::Duration;

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
    runs.iter().filter(|run| run["status"] == "red").count()
}

#[tokio::test]
async fn a_system_that_does_not_answer_is_told_once() {
    let (address, mut arrived) = receiver().await;
    let hub = TestHub::new();
    let sandbox = Sandbox::start(1, None);
    sandbox.connect(&hub);
    drop(sandbox);
    hub.write("config/told.url", &address);
    hub.write("config/told.key", KEY);
    hub.write(
        "config/alerts.toml",
        "[alerts]\nlanguage = \"zh\"\n\
         [channels.ops]\nkind = \"webhook\"\nurl = \"file:told.url\"\nsecret = \"file:told.key\"\n\
         [[rules]]\nname = \"gone\"\non = \"system_unreachable\"\nto = [\"ops\"]\n",
    );
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
    while failed_runs(&hub) < failed + 2 {}
    server.stop();
    let again: Vec<_> = std::iter::from_fn(|| arrived.try_recv().ok()).collect();
    assert_eq!(again.len(), 0, "{again:?}");
    assert_eq!(message["type"], json!("alert"));
}
