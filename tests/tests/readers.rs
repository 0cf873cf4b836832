//! A Delta reader that is not ours opens the lake that a sync, an ingest and a build leave.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use yuanliu_tests::dump;
use yuanliu_tests::hub::TestHub;
use yuanliu_tests::python;
use yuanliu_tests::sandbox::Sandbox;

const SCRIPT: &str = r#"
import json, os, sys
from deltalake import DeltaTable
counts = {}
for schema in ("raw", "staging", "core", "marts"):
    folder = os.path.join(sys.argv[1], schema)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        counts[f"{schema}.{name}"] = DeltaTable(os.path.join(folder, name)).to_pyarrow_table().num_rows
print(json.dumps(counts), flush=True)
# The reader's threads may abort the interpreter on its way out; the answer is complete.
os._exit(0)
"#;

#[test]
fn python_deltalake_reads_every_table() {
    let sandbox = Sandbox::start(1, None);
    let hub = TestHub::new();
    sandbox.connect(&hub);
    for step in [vec!["sync"], vec!["ingest", &sandbox.scans()], vec!["build"]] {
        let answer = hub.run(&step);
        assert!(matches!(answer.code, Some(0 | 1)), "{step:?}: {}", answer.stderr);
    }
    let packages = ["deltalake==1.6.6", "pyarrow"];
    let python = python::environment(Path::new(env!("CARGO_TARGET_TMPDIR")), &packages);
    let lake = hub.path("data/lake");
    let printed = python::run(Command::new(python).args(["-c", SCRIPT]).arg(&lake), "python3");
    let counts: Value = serde_json::from_str(&printed).expect("JSON");
    let counts = counts.as_object().expect("an object");
    assert!(counts.len() > 30, "only {} tables", counts.len());
    let ours = dump::tables(&hub);
    for (table, rows) in counts {
        let ours = ours.get(table).map(|rows| rows.len() as u64);
        assert_eq!(ours, rows.as_u64(), "{table}");
    }
    for table in ["raw.erp_main__product", "core.product", "core.custody", "marts.sightings"] {
        assert!(counts.get(table).and_then(Value::as_u64) > Some(0), "{table} is empty");
    }
}
