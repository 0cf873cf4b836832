//! What goes wrong is told with what to do, ends with its exit code, and loses nothing.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is missing")]

use yuanliu_tests::hub::{Answer, TestHub};
use yuanliu_tests::sandbox::Sandbox;

const DONE: i32 = 0;
const PROBLEMS: i32 = 1;
const USAGE: i32 = 2;
const UNREACHABLE: i32 = 3;

/// The answer ends with `code`, does not panic, and says each of `words`.
fn check(answer: &Answer, code: i32, words: &[&str]) {
    let told = format!("{}{}", answer.stdout, answer.stderr);
    assert_eq!(answer.code, Some(code), "{told}");
    assert!(!told.contains("panicked"), "{told}");
    for word in words {
        assert!(told.contains(word), "`{word}` is not in: {told}");
    }
}

#[test]
fn every_problem_of_a_configuration_is_told_at_once() {
    let hub = TestHub::new();
    hub.write(
        "config/hub.toml",
        "[hub]\ntime_zone = \"Mars/Base\"\ncolour = 1\n[lake]\nmemory_limit_mib = 1\n",
    );
    hub.write("config/rules.toml", "[diversion]\nrate_limit = 7\n[moon]\n");
    hub.write("config/systems/erp.toml", "kind = \"sap\"\n");
    hub.write(
        "config/systems/k3.toml",
        "kind = \"kingdee_galaxy\"\nbase_url = \"ftp://x\"\napp_secret = \"in clear\"\n",
    );
    let words = [
        "Mars/Base",
        "colour",
        "memory_limit_mib",
        "rate_limit",
        "moon",
        "sap",
        "kingdee_galaxy",
        "ftp://x",
        "env:NAME or file:PATH",
    ];
    check(&hub.run(&["check-config"]), USAGE, &words);
    let told = hub.run(&["check-config"]);
    assert!(!told.stderr.contains("in clear\""), "a secret is not repeated: {}", told.stderr);
}

#[test]
fn what_a_writer_cannot_do_with_its_section_is_told_before_anything_is_sent() {
    let hub = TestHub::new();
    let system = |write: &str| {
        let login = "url = \"http://127.0.0.1:9/\"\nsender = \"YL\"\n";
        let text = format!(
            "kind = \"yonyou_nc\"\n{login}account = \"0001\"\ngroupcode = \"01\"\n\n{write}"
        );
        hub.write("config/systems/nc.toml", &text);
    };
    system("[write]\nbilltype = \"4C\"\nline_tag = \"1 line\"\n");
    let words = [
        "systems/nc.toml: [write] line_tag: is not a tag",
        "systems/nc.toml: [write] head: map at least one tag",
    ];
    check(&hub.run(&["check-config"]), USAGE, &words);
    system("[write]\nbilltype = \"4C\"\nhead = { vbillcode = \"$delivery_no\" }\n");
    check(&hub.run(&["check-config"]), DONE, &["configuration is right"]);
}

#[test]
fn usage_errors_name_what_there_is() {
    let hub = TestHub::new();
    check(&hub.run(&["report", "sales"]), USAGE, &["regional-sales", "sightings"]);
    check(&hub.run(&["report", "regional-sales", "--by", "colour"]), USAGE, &["dealer_code"]);
    check(&hub.run(&["report", "regional-sales", "--from", "2026-02-30"]), USAGE, &["--from"]);
    check(&hub.run(&["sync", "--system", "erp"]), USAGE, &["no system `erp`"]);
    check(&hub.run(&["sql", "drop table core.product"]), PROBLEMS, &["drop table"]);
    check(&hub.run(&["dance"]), USAGE, &["dance"]);
}

#[test]
fn a_system_that_is_not_there_or_refuses_ends_with_its_own_code() {
    let sandbox = Sandbox::start(1, None);
    let hub = TestHub::new();
    sandbox.connect(&hub);
    hub.write("config/kingdee_app_secret", "ffffffffffffffffffffffffffffffff");
    check(&hub.run(&["systems", "check", "erp_main"]), USAGE, &["what to do"]);
    sandbox.connect(&hub);
    check(&hub.run(&["systems", "check", "erp_main"]), DONE, &["ok"]);
    drop(sandbox);
    check(&hub.run(&["systems", "check", "erp_main"]), UNREACHABLE, &["what to do"]);
    check(&hub.run(&["sync", "--system", "erp_main"]), UNREACHABLE, &["red"]);
}

#[test]
fn faults_on_the_way_do_not_change_what_is_loaded() {
    let faults = "session_lost@4,http_500@9,malformed@14,429s:1@19";
    let (calm, rough) = (Sandbox::start(1, None), Sandbox::start(1, Some(faults)));
    let mut loaded = Vec::new();
    for sandbox in [&calm, &rough] {
        let hub = TestHub::new();
        sandbox.connect(&hub);
        let answer =
            hub.run(&["sync", "--system", "erp_main", "--format", "json"]).expect_code(DONE);
        let runs = answer.json();
        let counts: Vec<_> = runs
            .as_array()
            .expect("runs")
            .iter()
            .map(|run| (run["stream"].clone(), run["loaded"].clone(), run["outcome"].clone()))
            .collect();
        loaded.push(counts);
    }
    assert_eq!(loaded[0], loaded[1]);
}

#[test]
fn rows_that_cannot_be_typed_are_kept_listed_replayed_and_discarded() {
    let hub = TestHub::new();
    let inbox = hub.path("inbox");
    hub.add_files_system("inbox", &inbox);
    let bad = "product_code,name,items_per_case\nP1,Wine,6\nP2,Beer,six\nP3,Tea,12\n";
    hub.write("inbox/product.csv", bad);
    let run =
        hub.run(&["sync", "--stream", "product", "--format", "json"]).expect_code(PROBLEMS).json();
    let counts = |name: &str| run[0][name].as_u64().expect("a count");
    assert_eq!(counts("read"), counts("loaded") + counts("unchanged") + counts("rejected"));
    assert_eq!((counts("loaded"), counts("rejected")), (2, 1));
    let listed = hub.run(&["rejects", "list", "--format", "json"]).expect_code(DONE).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    let position = listed[0]["position"].as_str().expect("a position");
    assert!(position.contains("product.csv:3"), "{position}");
    assert!(listed[0]["payload"].as_str().expect("a payload").contains("six"));
    // Nothing was corrected, so the row is rejected again and stays.
    check(&hub.run(&["rejects", "replay"]), PROBLEMS, &["still_rejected"]);
    check(&hub.run(&["rejects", "discard", "--note", "a typing slip"]), DONE, &["discarded"]);
    let open = hub.run(&["rejects", "list", "--format", "json"]).expect_code(DONE).json();
    assert_eq!(open.as_array().map(Vec::len), Some(0));
    let all =
        hub.run(&["rejects", "list", "--status", "all", "--format", "json"]).expect_code(DONE);
    assert_eq!(all.json()[0]["note"], "a typing slip");
}

#[test]
fn files_that_cannot_be_read_say_what_to_do() {
    let hub = TestHub::new();
    hub.add_files_system("inbox", &hub.path("inbox"));
    hub.write("inbox/dealer.csv", "dealer_code,name,name\nD1,a,b\n");
    hub.write("inbox/product.csv", "name\nWine\n");
    hub.write("inbox/store.xlsx", "this is no spreadsheet");
    let words = ["dealer.csv", "product.csv", "product_code", "store.xlsx"];
    let answer = hub.run(&["sync"]);
    assert!(matches!(answer.code, Some(PROBLEMS | USAGE)), "{answer:?}");
    check(&answer, answer.code.unwrap_or_default(), &words);
}

#[test]
fn scans_are_taken_once_and_bad_ones_are_kept_with_their_reason() {
    let hub = TestHub::new();
    let good = r#"{"event_id":"e1","event_type":"verify","event_time":"2026-03-01T08:00:00+08:00","codes":["A1"]}"#;
    let other = r#"{"event_id":"e1","event_type":"verify","event_time":"2026-03-01T09:00:00+08:00","codes":["A1"]}"#;
    let no_type = r#"{"event_id":"e2","event_time":"2026-03-01T08:00:00+08:00","codes":["A1"]}"#;
    let long = format!(
        r#"{{"event_id":"e3","event_type":"verify","event_time":"2026-03-01T08:00:00+08:00","codes":["{}"]}}"#,
        "9".repeat(1 << 20)
    );
    let text = [good, good, other, no_type, "{half", &long].join("\n");
    let file = hub.write("scans.jsonl", &text).display().to_string();
    let receipt = |code| {
        let answer = hub.run(&["ingest", &file, "--format", "json"]).expect_code(code);
        answer.json()[0]["receipt"].clone()
    };
    let first = receipt(PROBLEMS);
    let counts = ["total", "accepted", "duplicate", "rejected", "collisions"];
    let numbers = |r: &serde_json::Value| counts.map(|name| r[name].as_u64().expect("a count"));
    assert_eq!(numbers(&first), [6, 2, 1, 3, 1], "{first}");
    let reasons = ["event_type_missing", "json_invalid", "code_length_max"];
    assert!(reasons.iter().all(|reason| first["reasons"][*reason] == 1), "{first}");
    let second = receipt(PROBLEMS);
    assert_eq!(numbers(&second)[..4], [6, 0, 3, 3], "{second}");
    let kept =
        hub.run(&["rejects", "list", "--system", "scans", "--format", "json"]).expect_code(DONE);
    assert_eq!(kept.json().as_array().map(Vec::len), Some(3), "kept once");
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let hub = TestHub::new();
    hub.add_files_system("inbox", &hub.path("inbox"));
    hub.write("inbox/product.csv", "product_code,name\nP1,Wine\n");
    // The shell's limit on file sizes stands for a disk that takes no more.
    let command = hub.command(&["sync", "--stream", "product"]);
    let line: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    let limited = std::process::Command::new("bash")
        .args(["-c", &format!("trap '' XFSZ; ulimit -f 1; exec {}", line.join(" "))])
        .current_dir(hub.path(""))
        .output()
        .expect("bash starts");
    let full = yuanliu_tests::hub::answer(limited);
    assert!(matches!(full.code, Some(PROBLEMS)), "{full:?}");
    assert!(!full.stderr.contains("panicked"), "{full:?}");
    let after =
        hub.run(&["sync", "--stream", "product", "--format", "json"]).expect_code(DONE).json();
    assert_eq!(after[0]["loaded"], 1);
}
