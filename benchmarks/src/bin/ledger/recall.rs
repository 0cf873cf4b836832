//! A build, and the recall of a lot over HTTP and on the command line.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use yuanliu_benchmarks::flow::{MATERIAL_CODE, Plan, RECALLED_LOT};
use yuanliu_benchmarks::http::Connection;

use crate::hub::Hub;
use crate::options::MeasureArgs;
use crate::report::Report;
use crate::subject::Subject;

/// Builds over what the hub holds and recalls the lot; the hub must not be serving.
pub(crate) async fn measure(
    hub: &Hub,
    plan: &Plan,
    events: u64,
    args: &MeasureArgs,
    report: &mut Report,
) -> Result<()> {
    let build = hub.run(&["build", "--format", "json"]).context("building")?;
    report.recall().add("build", &build, Some(events));
    let subject = Subject::hub(hub)?;
    let mut connection = Connection::open(subject.served.address(), None).await?;
    let path = format!("/api/v1/recall?material={MATERIAL_CODE}&lot={RECALLED_LOT}");
    let (mut times, mut told) = (Vec::new(), Value::Null);
    for _ in 0..args.recalls.max(1) {
        let began = Instant::now();
        let answer = connection.get(&path).await?;
        let text = String::from_utf8_lossy(&answer.body);
        ensure!(answer.status == 200, "{path}: {}: {text}", answer.status);
        times.push(began.elapsed());
        told = serde_json::from_str(&text).context("reading the recall")?;
    }
    let items = told["items"].as_u64().unwrap_or_default();
    let first = times.first().copied().unwrap_or_default();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    for (name, time) in [("recall over HTTP, first", first), ("recall over HTTP, median", median)] {
        report.recall().line(&line(name, items, time));
    }
    subject.served.stop()?;
    let cli = ["recall", "--material", MATERIAL_CODE, "--lot", RECALLED_LOT, "--format", "json"];
    for _ in 0..args.recalls.max(1) {
        report.recall().add("recall on the command line", &hub.run(&cli)?, Some(items));
    }
    let consignees = told["consignees"].as_array().map_or(0, Vec::len);
    report.note(format!(
        "recall: {items} items of {} made of the lot, {consignees} consignees, states {}, balance {}, \
         timings {}",
        plan.reached_items(),
        told["states"],
        told["balance"],
        told["timings_ms"]
    ));
    Ok(())
}

fn line(name: &str, items: u64, time: Duration) -> Vec<String> {
    let seconds = time.as_secs_f64();
    let cells = [name, &items.to_string(), &format!("{seconds:.3}"), "-"].map(str::to_owned);
    let rate = format!("{:.0}", items as f64 / seconds);
    cells.into_iter().chain([rate, "-".to_owned()]).collect()
}
