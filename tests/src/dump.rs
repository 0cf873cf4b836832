//! The content of a lake as text, without what differs between two honest runs.

use std::collections::BTreeMap;

use crate::hub::TestHub;

/// Columns that say when and in which order rows arrived, not what they say.
const VOLATILE: [&str; 6] =
    ["_landed_at", "_seq", "landed_at", "source_file", "system_run", "run_id"];

/// The sorted rows of every table of the lake.
pub fn tables(hub: &TestHub) -> BTreeMap<String, Vec<String>> {
    let lake = hub.path("data/lake");
    let mut dump = BTreeMap::new();
    for schema in ["raw", "staging", "core", "marts"] {
        for entry in std::fs::read_dir(lake.join(schema)).into_iter().flatten().flatten() {
            let name = format!("{schema}.{}", entry.file_name().to_string_lossy());
            dump.insert(name.clone(), rows(hub, &name));
        }
    }
    dump
}

fn rows(hub: &TestHub, table: &str) -> Vec<String> {
    let statement = format!("select * from {table}");
    let answer = hub.run(&["sql", &statement, "--format", "csv"]).expect_code(0);
    let mut reader = csv::Reader::from_reader(answer.stdout.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let kept: Vec<usize> = header
        .iter()
        .enumerate()
        .filter(|(_, name)| !VOLATILE.contains(name))
        .map(|(index, _)| index)
        .collect();
    let mut rows: Vec<String> = reader
        .records()
        .map(|record| {
            let record = record.expect("a row");
            let texts: Vec<_> = kept.iter().map(|i| record.get(*i).unwrap_or_default()).collect();
            texts.join("|")
        })
        .collect();
    rows.sort();
    rows
}
