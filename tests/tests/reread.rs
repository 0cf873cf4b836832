//! What an applied change of the configuration makes unsure is read from its beginning, once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yuanliu_tests::demo::{Demo, Visitor};
use yuanliu_tests::server::answer;

/// Longer than a full sync of the demo takes on a busy machine.
const WITHIN: Duration = Duration::from_secs(180);

/// Asks again until there is an answer that will do. The hub opens itself anew meanwhile.
async fn until(admin: &Visitor, path: &str, will_do: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + WITHIN;
    loop {
        let got = match admin.get(path).send().await {
            Ok(response) => response.json::<Value>().await.unwrap_or_default(),
            Err(_) => Value::Null,
        };
        if will_do(&got) {
            return got;
        }
        assert!(Instant::now() < end, "{path}: {got}");
        tokio::task::yield_now().await;
    }
}

/// Runs the job that reads the ERP and waits for its end.
async fn sync(admin: &Visitor) -> Value {
    let (status, queued) = answer(admin.post("/jobs/sync_erp_main/run")).await;
    assert_eq!(status, 202, "{queued}");
    let of_run = |run: &&Value| run["run_id"] == queued["run_id"];
    let ended = |got: &Value| {
        let runs = got["items"].as_array();
        let run = runs.and_then(|runs| runs.iter().find(of_run)).cloned();
        run.filter(|run| !run["ended_at"].is_null())
    };
    let got = until(admin, "/jobs/sync_erp_main/runs", |got| ended(got).is_some()).await;
    ended(&got).unwrap()
}

async fn full_runs(admin: &Visitor) -> Vec<Value> {
    let (status, page) = answer(admin.get("/runs?system=erp_main&kind=full&limit=200")).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn another_address_is_read_in_full_once() {
    let demo = Demo::start();
    let admin = demo.log_in("admin").await;
    assert_eq!(full_runs(&admin).await, Vec::<Value>::new());

    let (_, files) = answer(admin.get("/configuration")).await;
    let path = "systems/erp_main.toml";
    let files = files["files"].as_array().unwrap_or_else(|| panic!("{files}"));
    let text = files.iter().find(|file| file["path"] == path).unwrap()["text"].as_str().unwrap();
    let moved = text.replace("127.0.0.1", "localhost");
    assert_ne!(text, moved);
    let draft = json!({"files": [{"path": path, "text": moved}]});
    let (status, plan) = answer(admin.post("/configuration/plan").json(&draft)).await;
    assert_eq!(status, 200, "{plan}");
    let rereads = |effect: &Value| effect["kind"] == "reread" && effect["object"] == "erp_main";
    assert!(plan["effects"].as_array().unwrap().iter().any(rereads), "{plan}");
    let apply = json!({"plan_id": plan["plan_id"]});
    let (status, applied) = answer(admin.post("/configuration/apply").json(&apply)).await;
    assert_eq!(status, 200, "{applied}");
    let wanted = |got: &Value| got["items"].as_array().is_some_and(|items| !items.is_empty());
    until(&admin, "/jobs", wanted).await;

    let run = sync(&admin).await;
    assert_eq!((&run["kind"], &run["system"]), (&json!("sync"), &json!("erp_main")));
    assert_eq!(run["outcome"], "green", "{run}");
    let read = full_runs(&admin).await;
    assert!(read.len() > 5, "{read:?}");
    let all_known = |run: &Value| run["read"] == run["unchanged"] && run["outcome"] == "green";
    assert!(read.iter().all(all_known), "{read:?}");
    let run_again = sync(&admin).await;
    assert_eq!(run_again["outcome"], "green", "{run_again}");
    assert_eq!(full_runs(&admin).await.len(), read.len());
}
