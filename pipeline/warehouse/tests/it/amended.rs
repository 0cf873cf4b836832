//! Where few rows of a partition change, its files stay, and every reader sees the change.

use std::sync::Arc;

use arrow::util::pretty::pretty_format_batches;
use chrono::Duration;
use datafusion::prelude::SessionContext;
use deltalake::delta_datafusion::{DeltaScanConfig, DeltaScanNext};
use deltalake::{DeltaTable, checkpoints, ensure_table_uri, open_table};

use crate::fixture::{Fixture, name};
use crate::narrowed::{MODELS, contents, drawn, with_factor};
use crate::numbers::Numbers;

/// A hub that replaces single rows of the smallest partition.
fn fixture() -> Fixture {
    Fixture::with_options(&MODELS, |options| options.amended_rows_min = 0)
}

async fn delta_table(fixture: &Fixture, table: &str) -> DeltaTable {
    let path = fixture.dir.path().join("lake").join(table.replace('.', "/"));
    open_table(ensure_table_uri(path.to_string_lossy()).unwrap()).await.unwrap()
}

/// The lines of a table as delta-rs reads it by itself.
async fn as_delta_reads(fixture: &Fixture, table: &str) -> Vec<String> {
    let table = delta_table(fixture, table).await;
    let snapshot = table.snapshot().unwrap().snapshot().clone();
    let config = DeltaScanConfig::new().with_wrap_partition_values(false);
    let rows = DeltaScanNext::new(snapshot, config).unwrap();
    let rows = SessionContext::new().read_table(Arc::new(rows)).unwrap().collect().await.unwrap();
    lines(&pretty_format_batches(&rows).unwrap().to_string())
}

/// The lines of a table as the hub reads it.
async fn as_the_hub_reads(fixture: &Fixture, table: &str) -> Vec<String> {
    let rows = fixture.scope().query(&format!("select * from {table}"), Vec::new()).await.unwrap();
    let rows: Vec<_> = futures::TryStreamExt::try_collect(rows).await.unwrap();
    lines(&pretty_format_batches(&rows).unwrap().to_string())
}

/// The cells of each row; how wide they are drawn is nobody's concern.
fn lines(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| line.starts_with('|')).skip(1);
    let mut rows: Vec<_> =
        rows.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    rows.sort_unstable();
    rows
}

/// How many data files and how many files of deletion vectors lie in a table's folder.
fn files(fixture: &Fixture, table: &str) -> (usize, usize) {
    let mut open = vec![fixture.dir.path().join("lake").join(table.replace('.', "/"))];
    let (mut data, mut vectors) = (0, 0);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let file = entry.file_name().into_string().unwrap();
            if entry.path().is_dir() && file != "_delta_log" {
                open.push(entry.path());
            }
            data += usize::from(file.ends_with(".parquet"));
            vectors += usize::from(file.starts_with("deletion_vector_"));
        }
    }
    (data, vectors)
}

fn landing(rows: impl IntoIterator<Item = (u64, u64, u64, u64)>) -> String {
    let row = |(event, seq, code, n)| {
        format!("select 'e{event}' as event_id, {seq} as seq, 'c{code}' as code, {n} as n")
    };
    rows.into_iter().map(row).collect::<Vec<_>>().join(" union all ")
}

#[tokio::test]
async fn a_few_rows_leave_the_file_of_the_others() {
    let mut fixture = fixture();
    with_factor(&mut fixture, 1).await;
    // Forty codes of one bucket, one event each.
    let first = landing((0..40).map(|event| (event, 1, event * 10, 1)));
    fixture.land("raw.scans__event", 1, &first).await;
    fixture.built().await;
    assert_eq!(files(&fixture, "core.code"), (1, 0));
    // Whatever is computed from here on shows.
    with_factor(&mut fixture, 100).await;
    fixture.land("raw.scans__event", 2, &landing([(99, 1, 70, 4)])).await;
    assert_eq!(
        fixture.built().await,
        "core.event 1/1 changed 1\ncore.code 1/1 changed 1\nmarts.total 1/1 changed 1"
    );
    assert_eq!(files(&fixture, "core.event"), (2, 0), "an event came and none went");
    assert_eq!(files(&fixture, "core.code"), (2, 1));
    let some = "select code, n, events from core.code where code in ('c60', 'c70') order by code";
    assert_eq!(fixture.read(some).await, "c60|1|[e6]\nc70|500|[e7, e99]");
    assert_eq!(fixture.read("select count(*) from core.code").await, "40");
    assert_eq!(fixture.read("select n from marts.total").await, "539");
    assert_eq!(
        as_delta_reads(&fixture, "core.code").await,
        as_the_hub_reads(&fixture, "core.code").await
    );
    assert_eq!(fixture.built().await, "core.event -\ncore.code -\nmarts.total -");
}

#[tokio::test]
async fn a_condition_is_asked_of_rows_that_stay_only() {
    let mut fixture = fixture();
    with_factor(&mut fixture, 1).await;
    let first = landing((0..40).map(|event| (event, 1, event * 10, 1)));
    fixture.land("raw.scans__event", 1, &first).await;
    fixture.built().await;
    fixture.land("raw.scans__event", 2, &landing([(5, 2, 50, 0)])).await;
    fixture.built().await;
    let none = "select code from core.code where code = 'c50'";
    assert_eq!(fixture.read(none).await, "");
    let seeking = fixture.scope().seeking_few_rows();
    assert_eq!(crate::fixture::read(&seeking, none).await, "");
    let few = "select code, n from core.code where code >= 'c40' and code < 'c7' order by code";
    assert_eq!(crate::fixture::read(&seeking, few).await, "c40|1\nc60|1");
    assert_eq!(fixture.read("select code from core.code order by code limit 2").await, "c0\nc10");
}

#[tokio::test]
async fn a_damaged_vector_is_told_with_its_place() {
    let mut fixture = fixture();
    with_factor(&mut fixture, 1).await;
    let first = landing((0..40).map(|event| (event, 1, event * 10, 1)));
    fixture.land("raw.scans__event", 1, &first).await;
    fixture.built().await;
    fixture.land("raw.scans__event", 2, &landing([(5, 2, 50, 3)])).await;
    fixture.built().await;
    let folder = fixture.dir.path().join("lake/core/code");
    let is_vector = |path: &std::path::PathBuf| path.to_string_lossy().contains("deletion_vector");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let vector = entries.into_iter().find(is_vector).unwrap();
    let mut bytes = std::fs::read(&vector).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&vector, bytes).unwrap();
    let error = fixture.scope().query("select * from core.code", Vec::new()).await;
    let error = crate::fixture::chain(&error.map(|_| ()).unwrap_err());
    assert!(error.contains("deletion_vector_") && error.contains("checksum"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_small_changes_equal_all_at_once() {
    for seed in 1..=3 {
        println!("seed {seed}");
        let mut numbers = Numbers(seed);
        let (mut piecewise, mut whole) = (fixture(), Fixture::new(&MODELS));
        with_factor(&mut piecewise, 3).await;
        with_factor(&mut whole, 3).await;
        let mut vectors_seen = 0;
        for sequence in 1..=30_u64 {
            let count = if sequence == 1 { 400 } else { 1 + numbers.below(4) };
            let sql = drawn(&mut numbers, sequence, count, [500, 130, 4]);
            for fixture in [&piecewise, &whole] {
                fixture.land("raw.scans__event", sequence as i64, &sql).await;
            }
            if sequence == 1 || numbers.below(5) > 0 {
                piecewise.built().await;
            }
            let (_, vectors) = files(&piecewise, "core.event");
            vectors_seen = vectors_seen.max(vectors);
            match numbers.below(12) {
                0 => {
                    let table = delta_table(&piecewise, "core.event").await;
                    checkpoints::create_checkpoint(&table, None).await.unwrap();
                }
                1 => drop(
                    piecewise.lake.vacuum(&name("core.event"), Duration::zero()).await.unwrap(),
                ),
                2 => drop(piecewise.lake.compact(&name("core.code")).await.unwrap()),
                3 => drop(piecewise.lake.compact(&name("core.event")).await.unwrap()),
                _ => {}
            }
        }
        piecewise.built().await;
        whole.built().await;
        assert!(vectors_seen > 2, "nothing was amended");
        assert_eq!(contents(&piecewise).await, contents(&whole).await, "seed {seed}");
        for table in ["core.event", "core.code"] {
            let (hub, delta) = (
                as_the_hub_reads(&piecewise, table).await,
                as_delta_reads(&piecewise, table).await,
            );
            assert_eq!(hub, delta, "seed {seed}, {table}");
        }
    }
}
