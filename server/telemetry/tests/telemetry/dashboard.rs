//! The Grafana dashboard names metrics and labels that exist, and leaves none out.

use std::collections::BTreeSet;

use serde_json::Value;
use yuanliu_telemetry::names;

use crate::text::{shapes, touched};

const DASHBOARD: &str = include_str!("../../../../deploy/grafana/yuanliu.json");

/// Labels that Prometheus adds to what it reads; one of ours with such a name would be renamed.
const ADDED: [&str; 2] = ["instance", "job"];

fn queries() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

/// The words of a query that may name something.
fn words(query: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    query.split(|c| !is_word(c)).filter(|word| !word.is_empty()).collect()
}

fn metrics_of(query: &str) -> Vec<&str> {
    let is_ours = |word: &&str| word.starts_with("yuanliu_") || word.starts_with("process_");
    words(query).into_iter().filter(is_ours).collect()
}

/// What stands in `by (…)` and before `=` in braces.
fn labels_of(query: &str) -> BTreeSet<&str> {
    let mut labels = BTreeSet::new();
    for part in query.split("by (").skip(1) {
        labels.extend(words(part.split(')').next().unwrap()));
    }
    for part in query.split('{').skip(1) {
        let matchers = part.split('}').next().unwrap();
        labels.extend(matchers.split(',').map(|m| m.split(['=', '!']).next().unwrap().trim()));
    }
    labels
}

#[test]
fn every_query_names_a_metric_and_labels_that_exist() {
    let shapes = shapes(&touched().render());
    let queries = queries();
    assert!(queries.len() > 15, "{}", queries.len());
    for query in &queries {
        let metrics = metrics_of(query);
        assert!(!metrics.is_empty(), "{query}");
        for metric in metrics {
            let known = shapes.get(metric).unwrap_or_else(|| panic!("no {metric}: {query}"));
            for label in labels_of(query) {
                let exists = known.contains(label) || ADDED.contains(&label);
                assert!(exists, "{metric} has no label {label}: {query}");
            }
        }
    }
}

#[test]
fn no_label_of_ours_is_one_that_prometheus_adds() {
    for (metric, labels) in shapes(&touched().render()) {
        assert!(!ADDED.iter().any(|added| labels.contains(*added)), "{metric} {labels:?}");
    }
}

#[test]
fn every_metric_is_on_the_dashboard() {
    let queries = queries();
    let shown: BTreeSet<_> = queries.iter().flat_map(|query| metrics_of(query)).collect();
    let missing: Vec<_> = names::ALL
        .iter()
        .filter(|name| !shown.iter().any(|shown| shown.starts_with(*name)))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn panels_have_titles_in_both_languages() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    for panel in dashboard["panels"].as_array().unwrap() {
        let title = panel["title"].as_str().unwrap();
        let has_chinese = title.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let has_english = title.chars().any(|c| c.is_ascii_alphabetic());
        assert!(has_chinese && has_english, "{title}");
    }
}
