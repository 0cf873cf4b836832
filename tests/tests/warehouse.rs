//! The models of `warehouse-sql` against seed rows: every `.slt` file below `tests/warehouse`.
//!
//! Besides SQL a file may use these words:
//! - `seed schema.table`, then a header and rows with cells between bars: the rows of a table. Columns
//!   left out are null; types follow from the columns' names; times are those of Shanghai.
//! - `model schema.table`: that model over the tables seeded so far; what it reads and nobody seeded is
//!   empty. Its columns and its grain are checked against its header.
//! - `build schema.table`: the same, but what it reads and nobody seeded is built first.
//! - `report NAME key=value …`, `trace NAME code=X` and `recall NAME key=value …`: the rows of a parameterised
//!   query.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its ground is missing")]

#[path = "warehouse/cells.rs"]
mod cells;
#[path = "warehouse/engine.rs"]
mod engine;
#[path = "warehouse/models.rs"]
mod models;
#[path = "warehouse/seeds.rs"]
mod seeds;
#[path = "warehouse/streams.rs"]
mod streams;

use std::path::{Path, PathBuf};

use engine::Engine;
use models::Models;

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn slt_files() -> Vec<PathBuf> {
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("warehouse"), "slt")
}

#[tokio::test(flavor = "multi_thread")]
async fn models_give_the_expected_rows() {
    let models = Models::load();
    let mut failures = Vec::new();
    for file in slt_files() {
        let mut runner = sqllogictest::Runner::new(|| async { Ok(Engine::new(&models)) });
        if let Err(error) = runner.run_file_async(&file).await {
            failures.push(format!("{}: {}", file.display(), error.display(false)));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

#[test]
fn every_model_has_a_test() {
    let texts: Vec<String> =
        slt_files().iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let is_tested = |name: &str| {
        texts.iter().flat_map(|text| text.lines()).any(|line| {
            matches!(line.split_once(' '), Some(("model" | "build" | "audit", tested)) if tested.trim() == name)
        })
    };
    let models = Models::load();
    let untested: Vec<&str> = models.names().filter(|name| !is_tested(name)).collect();
    assert!(untested.is_empty(), "no .slt file has a `model` line for {}", untested.join(", "));
}

#[test]
fn the_graph_accepts_every_model() {
    let models = Models::load();
    if let Err(problems) = yuanliu_warehouse::ModelGraph::load(models.files()) {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("\n{}", list.join("\n"));
    }
}
