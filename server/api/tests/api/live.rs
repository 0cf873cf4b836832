//! Server-sent events.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures::StreamExt;
use tower::ServiceExt;
use yuanliu_api::access::Role;
use yuanliu_api::ports::RunEvent;
use yuanliu_api::{Options, router};

use super::client::{Client, request};
use super::memory::{Memory, run};

async fn watch(client: &Client) -> BodyDataStream {
    let asked = request(Role::Operations, "GET", "/runs/live", None);
    let response = client.routes.clone().oneshot(asked).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

fn progress(rows: u64) -> RunEvent {
    RunEvent::Progress {
        run_id: "run-1".to_owned(),
        kind: "sync".to_owned(),
        system: "erp-main".to_owned(),
        stream: "sales_order".to_owned(),
        job: None,
        rows,
        phase: "reading".to_owned(),
    }
}

async fn text(events: &mut BodyDataStream) -> String {
    String::from_utf8(events.next().await.unwrap().unwrap().to_vec()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn events_come_as_they_happen_and_silence_is_filled() {
    let client = Client::new();
    let mut events = watch(&client).await;
    tokio::task::yield_now().await;
    client.memory.live.send(progress(7)).unwrap();
    let first = text(&mut events).await;
    assert!(first.starts_with("event: progress\n"), "{first}");
    let data = first.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!((&data["rows"], &data["phase"]), (&7.into(), &"reading".into()));
    client.memory.live.send(RunEvent::Ended { run: run("run-1", "sync", "erp-main", 1) }).unwrap();
    let second = text(&mut events).await;
    assert!(second.starts_with("event: ended\n"), "{second}");
    assert!(second.contains("\"run_id\":\"run-1\""));
    assert_eq!(text(&mut events).await, ":\n\n");
}

#[tokio::test(start_paused = true)]
async fn whoever_does_not_keep_up_loses_progress_and_no_end() {
    let client = Client::new();
    let events = watch(&client).await;
    tokio::task::yield_now().await;
    for rows in 0..150 {
        client.memory.live.send(progress(rows)).unwrap();
    }
    tokio::task::yield_now().await;
    client.memory.live.send(RunEvent::Ended { run: run("run-1", "sync", "erp-main", 1) }).unwrap();
    let told: Vec<_> = events
        .map(|part| String::from_utf8(part.unwrap().to_vec()).unwrap())
        .take(200)
        .take_while(|part| std::future::ready(!part.starts_with(':')))
        .collect()
        .await;
    assert!(told.len() < 100, "{} events for a page that did not read", told.len());
    assert!(told.last().unwrap().starts_with("event: ended\n"));
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_after_its_time() {
    let lifetime = Duration::from_secs(40);
    let client = Client::with(Options { stream_lifetime: lifetime, ..Options::default() });
    let beats = watch(&client).await.count().await;
    assert_eq!(beats, 2);
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams() {
    let memory = Memory::new();
    let api = memory.api(Options::default());
    let client = Client { memory, routes: router(api.clone()) };
    let events = watch(&client).await;
    api.close();
    assert_eq!(events.count().await, 0);
}

#[tokio::test]
async fn as_many_pages_watch_as_there_is_room_for() {
    let client = Client::new();
    let mut pages = Vec::new();
    for _ in 0..200 {
        pages.push(watch(&client).await);
    }
    let refused = client.get(Role::Admin, "/runs/live").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), "30");
}
