//! Values of every type in columns of every type, with the library's own text of them as the oracle.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use arrow::util::display::array_value_to_string;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};
use yuanliu_contract::RejectedRow;

use crate::setup::{File, open, read};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn text_literal() -> impl Strategy<Value = String> {
    let text = proptest::string::string_regex("[ -~]{0,6}[一-龥箱🍶é'\"\\\\\t\n]{0,6}").unwrap();
    text.prop_map(|text| format!("cast(x'{}' as text)", hex(text.as_bytes())))
}

fn blob_literal() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<u8>(), 0..12).prop_map(|bytes| format!("x'{}'", hex(&bytes)))
}

/// A literal of any type the library stores.
fn any_literal() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| if n == i64::MIN { "0".to_owned() } else { n.to_string() }),
        (-20_i64..20).prop_map(|n| n.to_string()),
        proptest::num::f64::NORMAL.prop_map(|n| format!("{n:e}")),
        (-20_i32..20).prop_map(|n| format!("{:?}", f64::from(n) / 8.0)),
        text_literal(),
        blob_literal(),
    ]
}

fn runner(cases: u32) -> TestRunner {
    let rng = TestRng::deterministic_rng(Default::default());
    TestRunner::new_with_rng(Config { cases, ..Config::default() }, rng)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn shown(array: &ArrayRef, at: usize) -> String {
    match array.data_type() {
        _ if array.is_null(at) => "NULL".to_owned(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(at).to_string(),
        DataType::Utf8 => hex(array.as_string::<i32>().value(at).as_bytes()),
        DataType::Binary => hex(array.as_binary::<i32>().value(at)),
        DataType::Timestamp(..) => {
            array.as_primitive::<TimestampMicrosecondType>().value(at).to_string()
        }
        _ => array_value_to_string(array, at).unwrap(),
    }
}

const VALUES: &str = r#"
    time_zone = "Etc/UTC"
    page_rows = 7
    [[stream]]
    name = "values"
    table = "v"
    key = ["id"]
    columns = [
        { name = "id", type = "integer" }, { name = "i", type = "integer" },
        { name = "d", type = "decimal(20,4)" }, { name = "t", type = "text" },
        { name = "b", type = "binary" }, { name = "at", type = "datetime" },
        { name = "unix", expr = "datetime(unix, 'unixepoch')", type = "instant" },
    ]
"#;

#[test]
fn every_type_reads_as_the_library_writes_it() {
    let runtime = runtime();
    let file = runtime.block_on(File::with(
        "create table v (id integer primary key, i bigint, d decimal(20,4), t text, b blob, at datetime, unix integer)",
    ));
    let system = open(&file.path, VALUES);
    let decimal = (-10_i64.pow(15)..10_i64.pow(15))
        .prop_map(|n| format!("'{}'", yuanliu_sql_kit::decimal::render(n.into(), 4)));
    let time = (-62_135_596_800_i64..253_402_300_799).prop_map(|seconds| {
        let time = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        format!("'{}'", time.format("%Y-%m-%d %H:%M:%S"))
    });
    let null =
        |strategy: BoxedStrategy<String>| prop_oneof![9 => strategy, 1 => Just("null".to_owned())];
    let row = (
        null((1 - i64::MAX..i64::MAX).prop_map(|n| n.to_string()).boxed()),
        null(decimal.boxed()),
        null(text_literal().boxed()),
        null(blob_literal().boxed()),
        null(time.boxed()),
        null((-62_135_596_800_i64..253_402_300_799).prop_map(|n| n.to_string()).boxed()),
    );
    // What is declared decimal is stored as a number: 15 digits are those a float keeps.
    let oracle = "select id || char(9) || coalesce(i, 'NULL') || char(9) || iif(d is null, 'NULL', printf('%.4f', d)) \
        || char(9) || iif(t is null, 'NULL', hex(t)) || char(9) || iif(b is null, 'NULL', hex(b)) || char(9) || \
        coalesce(unixepoch(at) * 1000000, 'NULL') || char(9) || coalesce(unix * 1000000, 'NULL') from v order by id";
    let tried = runner(24).run(&proptest::collection::vec(row, 1..30), |rows| {
        let rows: Vec<_> = rows
            .iter()
            .enumerate()
            .map(|(id, (i, d, t, b, at, unix))| format!("({id}, {i}, {d}, {t}, {b}, {at}, {unix})"))
            .collect();
        let insert = format!("delete from v; insert into v values {}", rows.join(", "));
        let (wanted, pages) = runtime.block_on(async {
            file.run(&insert).await;
            (file.ask(oracle).await, read(&*system, "values", None).await.unwrap())
        });
        let rejects: Vec<_> = pages.iter().flat_map(|page| &page.rows.rejects).collect();
        prop_assert!(rejects.is_empty(), "{:?}", rejects);
        let batches = pages.iter().map(|page| &page.rows.batch);
        let got = batches.flat_map(|batch| {
            (0..batch.num_rows()).map(|at| {
                let cells: Vec<_> = batch.columns().iter().map(|array| shown(array, at)).collect();
                cells.join("\t")
            })
        });
        prop_assert_eq!(got.collect::<Vec<_>>(), wanted);
        Ok(())
    });
    tried.unwrap();
}

/// A column without a type may hold a number, a text and bytes as keys, in one order.
#[test]
fn keys_of_every_type_page_in_one_order() {
    let runtime = runtime();
    let file = runtime.block_on(File::with("create table k (c, d, primary key (c, d))"));
    // As bytes, for every value has them.
    let stream = |page_rows: usize| {
        format!(
            "page_rows = {page_rows}\n[[stream]]\nname = \"k\"\ntable = \"k\"\nkey = [\"c\", \"d\"]\n\
             columns = [{{ name = \"c\", type = \"text\" }}, {{ name = \"d\", type = \"text\" }}, \
             {{ name = \"e\", expr = \"typeof(c) || hex(c) || typeof(d) || hex(d)\", type = \"text\" }}]"
        )
    };
    let pairs = proptest::collection::vec((any_literal(), any_literal()), 1..40);
    let tried = runner(24).run(&pairs, |pairs| {
        let rows: Vec<_> = pairs.iter().map(|(c, d)| format!("({c}, {d})")).collect();
        let insert = format!("delete from k; insert or ignore into k values {}", rows.join(", "));
        let (count, pages) = runtime.block_on(async {
            file.run(&insert).await;
            let count = file.ask("select cast(count(*) as text) from k").await;
            (count, read(&*open(&file.path, &stream(3)), "k", None).await.unwrap())
        });
        let received: usize =
            pages.iter().map(|page| page.rows.batch.num_rows() + page.rows.rejects.len()).sum();
        prop_assert_eq!(received.to_string(), count[0].clone());
        let seen = pages.iter().flat_map(|page| {
            let array = Arc::clone(page.rows.batch.column(2));
            (0..array.len()).map(move |at| shown(&array, at))
        });
        let seen: Vec<_> = seen.collect();
        let distinct: BTreeSet<_> = seen.iter().collect();
        prop_assert_eq!(seen.len(), distinct.len());
        Ok(())
    });
    tried.unwrap();
}

const ODD: &str = "
    create table odd (id integer primary key, n integer, at datetime, t text, u uuid);
    insert into odd values
        (1, 5, '2026-03-02 08:00:00', 'a', x'0e984725c51c4bf49960e1c80e27aba0'),
        (2, 'five', null, null, null),
        (3, 5.5, null, null, null),
        (4, null, 1772438400, null, null),
        (5, null, null, x'00ff', null),
        (6, null, null, cast(x'b9a4' as text), null),
        (7, 7.0, null, 5.0, null);";

const ODD_STREAM: &str = r#"
    [[stream]]
    name = "odd"
    table = "odd"
    key = ["id"]
    columns = [
        { name = "id", type = "integer" }, { name = "n", type = "integer" },
        { name = "at", type = "datetime" }, { name = "t", type = "text" },
        { name = "u", type = "uuid" },
    ]
"#;

#[tokio::test]
async fn a_value_of_another_type_is_rejected_and_kept_whole() {
    let file = File::with(ODD).await;
    let system = open(&file.path, ODD_STREAM);
    let pages = read(&*system, "odd", None).await.unwrap();
    let batch = &pages[0].rows.batch;
    assert_eq!(batch["id"].as_primitive::<Int64Type>().values(), &[1, 7]);
    assert_eq!(batch["n"].as_primitive::<Int64Type>().values(), &[5, 7]);
    assert_eq!(batch["u"].as_string::<i32>().value(0), "0e984725-c51c-4bf4-9960-e1c80e27aba0");
    assert_eq!(batch["t"].as_string::<i32>().value(1), "5.0");
    let rejects = &pages[0].rows.rejects;
    let told: Vec<_> = rejects.iter().map(|r| (r.position.as_str(), r.reason)).collect();
    assert_eq!(
        told,
        [
            ("key=2", "bad_integer"),
            ("key=3", "bad_integer"),
            ("key=4", "bad_stored_type"),
            ("key=5", "bad_stored_type"),
            ("key=6", "bad_text"),
        ]
    );
    assert_eq!(rejects[3].payload, r#"{"id":5,"n":null,"at":null,"t":{"blob":"00ff"},"u":null}"#);
    let payloads: Vec<_> = rejects.iter().map(|reject| reject.payload.clone()).collect();
    let again = system.decode("odd", &payloads).unwrap().rejects;
    let of = |r: &RejectedRow| (r.reason, r.message.clone(), r.payload.clone());
    assert_eq!(
        again.iter().map(of).collect::<Vec<_>>(),
        rejects.iter().map(of).collect::<Vec<_>>()
    );
}
