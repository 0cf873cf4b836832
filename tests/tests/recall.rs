//! `yuanliu recall` over the demo company, against its traces and itself.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is missing")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::Reader;
use serde_json::Value;
use yuanliu_tests::hub::{Answer, TestHub, answer, binary};

/// Every so many codes of a recall are traced as well.
const TRACED_EVERY: usize = 61;

fn demo() -> TestHub {
    let hub = TestHub::new();
    let mut command = std::process::Command::new(binary());
    command.args(["--quiet", "demo", "--home", "d", "--scale", "3"]).current_dir(hub.path(""));
    answer(command.output().expect("the demo starts")).expect_code(0);
    hub
}

fn ask(hub: &TestHub, arguments: &[&str]) -> Answer {
    let config = hub.path("d/config").display().to_string();
    let mut command = std::process::Command::new(binary());
    command.args(["--quiet", "--config", &config]).args(arguments);
    answer(command.current_dir(hub.path("")).output().expect("the hub starts"))
}

fn json(hub: &TestHub, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    ask(hub, &arguments).expect_code(0).json()
}

fn first_row(hub: &TestHub, sql: &str) -> Value {
    json(hub, &["sql", sql])[0].clone()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_else(|| panic!("{name} of {row}"))
}

fn sum(list: &Value, name: &str) -> i64 {
    let rows = list.as_array().expect("a list").iter();
    rows.map(|row| row[name].as_i64().unwrap_or_else(|| panic!("{name} of {row}"))).sum()
}

/// Items by state.
fn states(recall: &Value) -> BTreeMap<String, i64> {
    let states = recall["states"].as_object().expect("states").iter();
    let count = |split: &Value| -> Option<i64> {
        Some(split["verified"].as_i64()? + split["inferred"].as_i64()?)
    };
    states.map(|(state, split)| (state.clone(), count(split).expect("a count"))).collect()
}

/// What must hold of any recall of whole batches of the demo: every item is somewhere, once.
fn check(recall: &Value) {
    let states = states(recall);
    assert_eq!(states.len(), 9, "{states:?}");
    let items = recall["items"].as_i64().expect("items");
    assert!(items > 0);
    assert_eq!(states.values().sum::<i64>(), items, "{states:?}");
    assert_eq!(recall["balance"]["produced"], items);
    assert_eq!(recall["balance"]["accounted"], items);
    assert_eq!(recall["balance"]["pct"].as_f64(), Some(100.0));
    let held = sum(&recall["consignees"], "items");
    assert_eq!(sum(&recall["regions"], "items"), held);
    assert_eq!(sum(&recall["work_orders"], "items"), items);
    for consignee in recall["consignees"].as_array().expect("consignees") {
        assert_eq!(consignee["past"], consignee["items"] == 0, "{consignee}");
        assert_eq!(sum(&consignee["deliveries"], "items"), consignee["items"], "{consignee}");
    }
    for timing in ["scope", "items", "consignees", "balance", "total"] {
        assert!(recall["timings_ms"][timing].is_number(), "{timing}");
    }
}

fn csv(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the file of codes");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn a_batch_is_accounted_for_to_the_last_item_and_agrees_with_its_traces() {
    let hub = demo();
    let batch = first_row(
        &hub,
        "select u.product_code, u.batch_no, min(u.commissioned_at) as made_at, \
         min(cast(business_date(u.commissioned_at) as varchar)) as day, \
         count(distinct c.dealer_code) as dealers \
         from core.unit as u left join core.custody as c on c.code = u.code \
         where u.level = 'item' group by 1, 2 order by 5 desc, 2 limit 1",
    );
    let (product, number) = (text(&batch, "product_code"), text(&batch, "batch_no"));
    let scope = ["recall", "--product", product, "--batch", number];
    let recall = json(&hub, &scope);
    check(&recall);
    let items = recall["items"].as_i64().expect("items");
    assert_eq!(recall["balance"]["received_qty"], items, "the ERP received what was made");
    assert!(!recall["consignees"].as_array().expect("consignees").is_empty());

    // The file of codes says the same, code by code, as the trace of each.
    let file = hub.path("codes.csv");
    let path = file.display().to_string();
    let again = json(&hub, &[&scope[..], &["--codes", &path]].concat());
    assert_eq!(again["states"], recall["states"]);
    let codes = csv(&file);
    let unique: BTreeSet<_> = codes.iter().map(|row| &row["code"]).collect();
    assert_eq!(unique.len(), codes.len(), "a code comes once");
    let mut counted: BTreeMap<String, i64> = BTreeMap::new();
    for row in codes.iter().filter(|row| row["level"] == "item") {
        *counted.entry(row["state"].clone()).or_default() += 1;
    }
    let mut expected = states(&recall);
    expected.retain(|_, count| *count > 0);
    assert_eq!(counted, expected);
    let containers = codes.iter().filter(|row| row["level"] == "case" && row["state"] != "unknown");
    for case in containers {
        let inside = codes.iter().filter(|row| row["container_code"] == case["code"]).count();
        assert_eq!(case["items"], inside.to_string(), "{case:?}");
    }
    for row in codes.iter().step_by(TRACED_EVERY) {
        let trace = json(&hub, &["trace", &row["code"]]);
        assert_eq!(trace["status"], row["state"].as_str(), "{row:?}");
        let custody = trace["custody"].as_array().expect("custody");
        let now = custody.last().filter(|held| held["to"].is_null());
        let holder = now.and_then(|held| held["dealer_code"].as_str()).unwrap_or_default();
        assert_eq!(holder, row["dealer_code"], "{row:?}");
        assert_eq!(trace["production"]["batch_no"], row["traceability_lot_code"].as_str());
    }

    // Before anything was shipped it was all in the factory or rejected on the line.
    let early = json(&hub, &[&scope[..], &["--as-of", text(&batch, "day")]].concat());
    check_early(&early);

    // One event of one item moves that item and nothing else.
    let item = codes.iter().find(|row| row["level"] == "item" && row["state"] == "dealer_stock");
    let item = item.expect("an item in dealer stock")["code"].clone();
    let late = format!(
        "{{\"event_id\":\"late\",\"event_type\":\"return\",\"event_time\":\"2026-06-20T08:00:00+08:00\",\
         \"codes\":[\"{item}\"]}}\n"
    );
    let late = hub.write("late.jsonl", &late).display().to_string();
    ask(&hub, &["ingest", &late]).expect_code(0);
    let built = json(&hub, &["build"]);
    let models = built["models"].as_array().expect("models");
    let facts = models.iter().find(|model| model["name"] == "core.unit_fact").expect("the facts");
    assert_eq!(facts["partitions_changed"], 1, "{facts}");
    let after = json(&hub, &scope);
    check(&after);
    let (before, after) = (states(&recall), states(&after));
    for (state, count) in &after {
        let change = match state.as_str() {
            "returned" => 1,
            "dealer_stock" => -1,
            _ => 0,
        };
        assert_eq!(*count, before[state] + change, "{state}");
    }
}

fn check_early(recall: &Value) {
    let states = states(recall);
    let made = states["in_factory"] + states["line_reject"];
    assert_eq!(Some(made), recall["items"].as_i64(), "{states:?}");
    assert!(made > 0);
    assert_eq!(recall["consignees"], Value::Array(Vec::new()));
}

#[test]
fn every_kind_of_scope_finds_the_same_units() {
    let hub = demo();
    let lot = first_row(
        &hub,
        "select material_code, lot_no from core.material_use where lot_no is not null \
         group by 1, 2 having count(distinct work_order_no) > 1 order by 1, 2 limit 1",
    );
    let (material, number) = (text(&lot, "material_code"), text(&lot, "lot_no"));
    let recall = json(&hub, &["recall", "--material", material, "--lot", number]);
    check(&recall);
    let orders = recall["work_orders"].as_array().expect("work orders");
    assert!(orders.len() > 1);
    let mut items = 0;
    for order in orders {
        let one = json(&hub, &["recall", "--work-order", text(order, "work_order_no")]);
        check(&one);
        assert_eq!(one["items"], order["items"]);
        items += one["items"].as_i64().expect("items");
    }
    assert_eq!(recall["items"], items);

    // A line over all time made what it made; all lines together made everything.
    let lines =
        json(&hub, &["sql", "select distinct line from core.scan_event where line is not null"]);
    let mut made = 0;
    for line in lines.as_array().expect("lines") {
        let window = ["--from", "2025-01-01", "--to", "2027-01-01"];
        let one = json(&hub, &[&["recall", "--line", text(line, "line")], &window[..]].concat());
        made += one["items"].as_i64().expect("items");
    }
    let all = first_row(
        &hub,
        "select count(*) as n, min(code) as least, max(code) as most from core.unit where level = 'item'",
    );
    assert_eq!(all["n"], made);
    let range = ["recall", "--codes-from", text(&all, "least"), "--codes-to", text(&all, "most")];
    assert_eq!(json(&hub, &range)["items"], made);

    // Spreadsheets: the whole recall with a sheet for each part, and the codes alone.
    let (book, codes) = (hub.path("recall.xlsx"), hub.path("codes.XLSX"));
    let book = [book.display().to_string(), codes.display().to_string()];
    let scope = ["recall", "--material", material, "--lot", number];
    let files = ["--format", "xlsx", "--output", &book[0], "--codes", &book[1]];
    ask(&hub, &[&scope[..], &files].concat()).expect_code(0);
    let listed = recall["items"].as_i64().expect("items");
    let sheet_of = |file: &str, name: &str| -> calamine::Range<calamine::Data> {
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(file).expect("a spreadsheet");
        book.worksheet_range(name).unwrap_or_else(|e| panic!("{name} of {file}: {e}"))
    };
    for part in ["scope", "states", "balance", "consignees", "regions", "work_orders", "deliveries"]
    {
        assert!(sheet_of(&book[0], part).height() > 1, "{part}");
    }
    for sheet in [sheet_of(&book[0], "codes"), sheet_of(&book[1], "Sheet1")] {
        let level = sheet.headers().expect("a header").iter().position(|name| name == "level");
        let level = level.expect("the level");
        let items = sheet.rows().filter(|row| row[level] == *"item").count();
        assert_eq!(i64::try_from(items), Ok(listed));
    }
    let told = ask(&hub, &[&scope[..], &["--format", "csv"]].concat()).expect_code(0).stdout;
    assert!(told.starts_with("part,row,name,value\n"), "{told}");
    assert!(told.contains("\nbalance,3,value,100\n"), "{told}");

    // Nothing found: what was looked for and where to look next; the answer has its shape still.
    let none = ask(&hub, &["recall", "--material", "M0", "--lot", "L0", "--format", "json"]);
    let none = none.expect_code(1);
    assert!(none.stderr.contains("lot L0 of material M0"), "{}", none.stderr);
    assert!(none.stderr.contains("core.material_use"), "{}", none.stderr);
    assert_eq!(none.json()["items"], 0);

    // Scopes that do not exist.
    for wrong in [&["--material", material][..], &["--product", "P", "--lot", "L"], &[]] {
        let refused = ask(&hub, &[&["recall"], wrong].concat()).expect_code(2);
        assert!(refused.stderr.contains("--codes-from A --codes-to B"), "{}", refused.stderr);
    }
    let refused =
        ask(&hub, &["recall", "--work-order", "W", "--codes", "codes.txt"]).expect_code(2);
    assert!(refused.stderr.contains(".csv nor in .xlsx"), "{}", refused.stderr);
}
