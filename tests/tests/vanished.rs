//! Rows that vanish from a system, through the real binary.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is missing")]

use std::fmt::Write as _;

use serde_json::{Value, json};
use yuanliu_tests::hub::TestHub;

const DONE: i32 = 0;
const PROBLEMS: i32 = 1;

/// Dealers `D0` to `D29`, those left out that `is_gone` names.
fn dealers(is_gone: impl Fn(u32) -> bool) -> String {
    let mut text = String::from("dealer_code,name\n");
    for number in (0..30).filter(|number| !is_gone(*number)) {
        writeln!(text, "D{number},dealer {number}").expect("a string takes text");
    }
    text
}

fn ask(hub: &TestHub, arguments: &[&str], code: i32) -> Value {
    hub.run(&[arguments, &["--format", "json"]].concat()).expect_code(code).json()
}

fn living(hub: &TestHub) -> Value {
    hub.run(&["build"]);
    let sql = "select count(*) as n from core.dealer where not is_deleted";
    ask(hub, &["sql", sql], DONE)[0]["n"].clone()
}

#[test]
fn a_vanished_row_is_marked_and_a_hidden_table_is_not() {
    let hub = TestHub::new();
    hub.add_files_system("inbox", &hub.path("inbox"));
    hub.write("inbox/dealer.csv", &dealers(|_| false));
    ask(&hub, &["sync", "--stream", "dealer"], DONE);
    assert_eq!(living(&hub), json!(30));

    hub.write("inbox/dealer.csv", &dealers(|number| number == 7));
    let run = ask(&hub, &["sync", "--stream", "dealer", "--deletes"], DONE);
    assert_eq!((&run[0]["read"], &run[0]["deleted"]), (&json!(29), &json!(1)), "{run}");
    assert_eq!(living(&hub), json!(29));
    let sql = "select name, is_deleted, deleted_at is not null as is_dated from core.dealer \
               where dealer_code = 'D7'";
    let row = ask(&hub, &["sql", sql], DONE);
    assert_eq!(row[0], json!({"name": "dealer 7", "is_deleted": true, "is_dated": true}));

    // Nearly everything gone looks like a lost right: nothing is marked until someone says so.
    hub.write("inbox/dealer.csv", &dealers(|number| number > 2));
    let answer = hub.run(&["sync", "--stream", "dealer", "--deletes"]).expect_code(PROBLEMS);
    assert!(answer.stdout.contains("--force"), "{answer:?}");
    assert_eq!(living(&hub), json!(29));
    let run = ask(&hub, &["sync", "--stream", "dealer", "--deletes", "--force"], DONE);
    assert_eq!(run[0]["deleted"], json!(26));

    // What comes back as it was is landed again, though nothing seems to have changed.
    hub.write("inbox/dealer.csv", &dealers(|_| false));
    let runs = ask(&hub, &["sync", "--stream", "dealer", "--deletes"], DONE);
    assert_eq!((&runs[0]["missing"], &runs[1]["loaded"]), (&json!(27), &json!(27)), "{runs}");
    assert_eq!(living(&hub), json!(30));
}
