//! What an applied change of the configuration does to the hub that serves: what it makes unsure is read from
//! its beginning, once, and a run under way does not keep the hub from opening itself anew.

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

const SYSTEM: &str = "systems/erp_main.toml";
const JOBS: &str = "jobs.toml";
/// Next in February 2028.
const RARELY: &str = "schedule = \"0 0 29 2 *\"";

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

/// The text of a file of the configuration.
async fn text_of(admin: &Visitor, path: &str) -> String {
    let (_, files) = answer(admin.get("/configuration")).await;
    let files = files["files"].as_array().unwrap_or_else(|| panic!("{files}"));
    let file = files.iter().find(|file| file["path"] == path).unwrap();
    file["text"].as_str().unwrap().to_owned()
}

/// Applies another text of a file and waits until the hub answers under it; answers the plan.
async fn apply(admin: &Visitor, path: &str, text: &str) -> Value {
    let draft = json!({"files": [{"path": path, "text": text}]});
    let (status, plan) = answer(admin.post("/configuration/plan").json(&draft)).await;
    assert_eq!(status, 200, "{plan}");
    let (_, other) = answer(admin.post("/configuration/plan").json(&draft)).await;
    let chosen = |plan: &Value| json!({"plan_id": plan["plan_id"]});
    let (status, applied) = answer(admin.post("/configuration/apply").json(&chosen(&plan))).await;
    assert_eq!(status, 200, "{applied}");
    // The hub that made the other plan says that it comes too late; the next one has never heard of it.
    let end = Instant::now() + WITHIN;
    loop {
        let sent = admin.post("/configuration/apply").json(&chosen(&other)).send().await;
        if sent.is_ok_and(|response| response.status() == 404) {
            return plan;
        }
        assert!(Instant::now() < end, "the hub did not open itself anew");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_change_is_followed_by_the_hub_that_serves() {
    let demo = Demo::start();
    let admin = demo.log_in("admin").await;
    // Jobs of the demo are due every few minutes; those here are begun by the test alone.
    let text = text_of(&admin, JOBS).await;
    let lines = text.lines().map(|line| if line.starts_with("schedule =") { RARELY } else { line });
    apply(&admin, JOBS, &(lines.collect::<Vec<_>>().join("\n") + "\n")).await;
    another_address_is_read_in_full_once(&admin).await;
    a_run_that_waits_is_given_up(&admin).await;
}

async fn another_address_is_read_in_full_once(admin: &Visitor) {
    assert_eq!(full_runs(admin).await, Vec::<Value>::new());
    let text = text_of(admin, SYSTEM).await;
    let moved = text.replace("127.0.0.1", "localhost");
    assert_ne!(text, moved);
    let plan = apply(admin, SYSTEM, &moved).await;
    let rereads = |effect: &Value| effect["kind"] == "reread" && effect["object"] == "erp_main";
    assert!(plan["effects"].as_array().unwrap().iter().any(rereads), "{plan}");

    let run = sync(admin).await;
    assert_eq!((&run["kind"], &run["system"]), (&json!("sync"), &json!("erp_main")));
    assert_eq!(run["outcome"], "green", "{run}");
    let read = full_runs(admin).await;
    assert!(read.len() > 5, "{read:?}");
    let all_known = |run: &Value| run["read"] == run["unchanged"] && run["outcome"] == "green";
    assert!(read.iter().all(all_known), "{read:?}");
    let run_again = sync(admin).await;
    assert_eq!(run_again["outcome"], "green", "{run_again}");
    assert_eq!(full_runs(admin).await.len(), read.len());
}

async fn a_run_that_waits_is_given_up(admin: &Visitor) {
    let text = text_of(admin, JOBS).await;
    // A run that has made its calls waits for the rest of the minute.
    let (before, after) = text.split_once("[budgets.erp_main]").unwrap();
    let (_, after) = after.split_once("[freshness]").unwrap();
    let few = format!("{before}[budgets.erp_main]\notherwise = 2\n[freshness]{after}");
    apply(admin, JOBS, &few).await;
    let asked = json!({"kind": "sync", "system": "erp_main"});
    let (status, run) = answer(admin.post("/runs").json(&asked)).await;
    assert_eq!(status, 202, "{run}");
    apply(admin, JOBS, &text).await;
    let runs = until(admin, "/runs?system=erp_main", |got| got["items"].is_array()).await;
    let last = &runs["items"][0];
    assert_eq!(last["outcome"], "interrupted", "{last}");
    assert_eq!(sync(admin).await["outcome"], "green");
}
