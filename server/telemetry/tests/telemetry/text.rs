//! The text of the metrics, read line by line as Prometheus does.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use yuanliu_telemetry::{Metrics, names};

/// Every metric, touched once.
pub(crate) fn touched() -> Metrics {
    let metrics = Metrics::new("0.1.0");
    drop(metrics.http_begins());
    metrics.http_answered("GET", "/api/v1/trace/{code}", 200, Duration::from_millis(3));
    metrics.events(7, 2, 1);
    metrics.inbox_depth(12);
    metrics.index_lag(Duration::from_millis(1500));
    metrics.lake_committed("raw", Duration::from_millis(80));
    metrics.sync_rows("erp-main", "sales_order", "loaded", 40);
    metrics.job_ended("sync erp-main", "ok", Duration::from_secs(9));
    metrics.freshness("regional-sales", Duration::from_secs(90), Some(Duration::from_secs(3600)));
    metrics.built(Duration::from_secs(20));
    metrics.alert_deliveries("ops", "sent", 3);
    metrics.alerts("open", 2);
    metrics
}

/// The samples of a text: name and labels, value.
pub(crate) fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.map(|line| line.rsplit_once(' ').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.parse().unwrap())).collect()
}

/// The names of the samples with the names of their labels.
pub(crate) fn shapes(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut shapes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sample in samples(text).keys() {
        let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
        let labels = labels.trim_end_matches('}').split("\",").filter(|label| !label.is_empty());
        let keys = labels.map(|label| label.split_once('=').unwrap().0.to_owned());
        shapes.entry(name.to_owned()).or_default().extend(keys);
    }
    shapes
}

#[test]
fn every_name_of_the_list_is_shown_and_no_other() {
    let text = touched().render();
    let shown: BTreeSet<_> = shapes(&text)
        .into_keys()
        .map(|name| {
            let histogram = ["_bucket", "_sum", "_count"].iter().find_map(|s| name.strip_suffix(s));
            histogram.map_or(name.clone(), str::to_owned)
        })
        .collect();
    let listed: BTreeSet<_> = names::ALL.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(shown, listed);
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn names_follow_the_conventions_of_prometheus() {
    let text = touched().render();
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').unwrap();
        let is_counter_listed = names::ALL.contains(&format!("{name}_total").as_str());
        assert_eq!(kind == "counter", is_counter_listed, "{line}");
        let has_unit = ["_seconds", "_bytes"].iter().any(|unit| name.ends_with(unit));
        assert!(kind != "histogram" || has_unit, "{line}");
    }
}

#[test]
fn values_are_what_was_told() {
    let metrics = touched();
    metrics.events(3, 0, 0);
    let samples = samples(&metrics.render());
    for (sample, value) in [
        ("yuanliu_events_total{outcome=\"accepted\"}", 10.0),
        ("yuanliu_events_total{outcome=\"rejected\"}", 1.0),
        ("yuanliu_inbox_events", 12.0),
        ("yuanliu_index_lag_seconds", 1.5),
        ("yuanliu_http_requests_in_flight", 0.0),
        ("yuanliu_report_age_bound_seconds{report=\"regional-sales\"}", 3600.0),
        ("yuanliu_build_duration_seconds_bucket{le=\"15.0\"}", 0.0),
        ("yuanliu_build_duration_seconds_bucket{le=\"60.0\"}", 1.0),
        ("yuanliu_build_info{version=\"0.1.0\"}", 1.0),
    ] {
        assert_eq!(samples.get(sample), Some(&value), "{sample} in {samples:#?}");
    }
    assert!(samples["process_resident_memory_bytes"] > 1e6);
    assert!(samples["process_open_fds"] >= 3.0);
}
