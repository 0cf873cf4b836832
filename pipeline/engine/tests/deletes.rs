//! Rows that vanish: told by the system, or found by comparing keys.

#![allow(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use yuanliu_contract::{
    CheckReport, Clock, ConnectorError, Cursor, DecodedRows, DiscoveredObject, ErrorKind, Feeds,
    Page, Preview, ReadRange, Result, Source, StreamSpec, System,
};
use yuanliu_engine::memory::MemoryStore;
use yuanliu_engine::{RunOptions, RunOutcome, RunReport, StreamRun, TableStore};

const TABLE: &str = "raw.erp__product";

struct StillClock;

#[async_trait]
impl Clock for StillClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    async fn sleep(&self, _duration: std::time::Duration) {}
}

fn schema() -> SchemaRef {
    let fields = [("id", DataType::Int64), ("name", DataType::Utf8)];
    Arc::new(Schema::new(fields.map(|(name, kind)| Field::new(name, kind, true)).to_vec()))
}

fn rows(rows: &[(i64, &str)]) -> DecodedRows {
    let ids: Int64Array = rows.iter().map(|(id, _)| Some(*id)).collect();
    let names: StringArray = rows.iter().map(|(_, name)| Some(*name)).collect();
    let columns: Vec<ArrayRef> = vec![Arc::new(ids), Arc::new(names)];
    DecodedRows { batch: RecordBatch::try_new(schema(), columns).unwrap(), rejects: Vec::new() }
}

fn keys(ids: &[i64]) -> RecordBatch {
    let schema = Arc::new(Schema::new(vec![Field::new("id", DataType::Int64, true)]));
    RecordBatch::try_new(schema, vec![Arc::new(Int64Array::from(ids.to_vec()))]).unwrap()
}

/// A system whose pages are given; a key-only reading gets the same pages.
struct Pages(Mutex<VecDeque<Page>>);

impl Pages {
    fn of(pages: Vec<(DecodedRows, Option<RecordBatch>)>) -> Arc<Self> {
        let pages = pages.into_iter().enumerate().map(|(number, (rows, deleted))| {
            let cursor = Cursor::from_text(format!("page {number}"));
            Page { rows, cursor, deleted }
        });
        Arc::new(Self(Mutex::new(pages.collect())))
    }
}

struct Reading(VecDeque<Page>);

#[async_trait]
impl Source for Reading {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        Ok(self.0.pop_front())
    }
}

#[async_trait]
impl System for Pages {
    fn streams(&self) -> Vec<StreamSpec> {
        vec![spec()]
    }

    async fn check(&self) -> Result<CheckReport> {
        Ok(CheckReport::default())
    }

    async fn discover(&self) -> Result<Vec<DiscoveredObject>> {
        Ok(Vec::new())
    }

    async fn preview(&self, _stream: &str, _rows_max: usize) -> Result<Preview> {
        Err(ConnectorError::new(ErrorKind::Refused, "previewing"))
    }

    async fn read(
        &self,
        _stream: &str,
        _cursor: Option<&Cursor>,
        _range: &ReadRange,
    ) -> Result<Box<dyn Source>> {
        Ok(Box::new(Reading(self.0.lock().unwrap().clone())))
    }

    fn decode(&self, _stream: &str, _payloads: &[String]) -> Result<DecodedRows> {
        Ok(rows(&[]))
    }
}

fn spec() -> StreamSpec {
    StreamSpec {
        name: "product".into(),
        title: "物料".into(),
        schema: schema(),
        key: vec!["id".into()],
        change: None,
        expects_rows: false,
        feeds: Feeds::Models,
    }
}

fn run<'a>(system: Arc<Pages>, store: &'a MemoryStore) -> StreamRun<'a> {
    StreamRun {
        run_id: "run",
        system_name: "erp",
        system,
        spec: spec(),
        tables: store,
        rejects: store,
        clock: Arc::new(StillClock),
    }
}

async fn read(store: &MemoryStore, pages: Vec<(DecodedRows, Option<RecordBatch>)>) -> RunReport {
    let (report, error) = run(Pages::of(pages), store).run(&RunOptions::default(), &()).await;
    assert!(error.is_none(), "{error:?}");
    assert!(report.is_balanced(), "{report:?}");
    report
}

async fn living(store: &MemoryStore) -> Vec<String> {
    let mut keys = Vec::new();
    store.visit_keys(TABLE, &mut |key| keys.push(key.to_owned())).await.unwrap();
    keys.sort();
    keys
}

#[tokio::test]
async fn a_deletion_the_system_tells_keeps_the_last_content() {
    let store = MemoryStore::default();
    read(&store, vec![(rows(&[(1, "a"), (2, "b")]), None)]).await;
    let report = read(&store, vec![(rows(&[]), Some(keys(&[2, 9])))]).await;
    assert_eq!((report.read, report.loaded, report.unchanged, report.deleted), (2, 1, 1, 1));
    assert_eq!(living(&store).await, ["1"]);
    // It comes back as it was: that is news.
    let report = read(&store, vec![(rows(&[(2, "b")]), None)]).await;
    assert_eq!((report.loaded, report.unchanged), (1, 0));
    let back = store.current_rows(TABLE, &["2".to_owned()].into()).await.unwrap();
    assert_eq!(back[0].column_by_name("name").unwrap().as_string::<i32>().value(0), "b");
}

#[tokio::test]
async fn a_row_of_the_same_page_is_newer_than_its_deletion() {
    let store = MemoryStore::default();
    read(&store, vec![(rows(&[(1, "a")]), None)]).await;
    read(&store, vec![(rows(&[(1, "again")]), Some(keys(&[1])))]).await;
    assert_eq!(living(&store).await, ["1"]);
}

#[tokio::test]
async fn comparing_keys_marks_what_vanished_and_nothing_else() {
    let store = MemoryStore::default();
    let all: Vec<(i64, &str)> = (0..100).map(|id| (id, "x")).collect();
    read(&store, vec![(rows(&all), None)]).await;
    let before = store.position(TABLE).await.unwrap().unwrap();
    let system = Pages::of(vec![(rows(&all[..50]), None), (rows(&all[51..]), None)]);
    let (report, error) = run(system, &store).reconcile(false, &()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((report.read, report.unchanged, report.deleted), (99, 99, 1));
    assert!(!living(&store).await.contains(&"50".to_owned()));
    let after = store.position(TABLE).await.unwrap().unwrap();
    assert_eq!(after.cursor, before.cursor, "the position stays");
}

#[tokio::test]
async fn comparing_keys_counts_what_the_lake_lacks() {
    let store = MemoryStore::default();
    read(&store, vec![(rows(&[(1, "a"), (2, "b")]), None)]).await;
    let system = Pages::of(vec![(rows(&[(2, "b"), (3, "c"), (4, "d")]), None)]);
    let (report, error) = run(system, &store).reconcile(false, &()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((report.read, report.deleted, report.missing), (3, 1, 2));
    let told = report.message.unwrap();
    assert!(
        told.contains("1 row(s) vanished") && told.contains("2 row(s) of the system"),
        "{told}"
    );
}

#[tokio::test]
async fn a_system_that_shows_nothing_any_more_deletes_nothing() {
    let store = MemoryStore::default();
    let all: Vec<(i64, &str)> = (0..100).map(|id| (id, "x")).collect();
    read(&store, vec![(rows(&all), None)]).await;
    let (report, error) = run(Pages::of(vec![]), &store).reconcile(false, &()).await;
    assert_eq!((report.outcome, report.deleted), (RunOutcome::Red, 0));
    let told = error.unwrap().to_string();
    assert!(told.contains("100 of 100") && told.contains("--force"), "{told}");
    assert_eq!(living(&store).await.len(), 100);
    let (report, _) = run(Pages::of(vec![]), &store).reconcile(true, &()).await;
    assert_eq!(report.deleted, 100);
}

proptest! {
    /// Whatever was loaded and deleted in whatever order, the lake ends with what the system shows.
    #[test]
    fn the_lake_ends_with_the_systems_keys(steps in prop::collection::vec(prop::collection::btree_set(0_i64..12, 0..12), 1..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = MemoryStore::default();
            for shown in &steps {
                let page: Vec<(i64, &str)> = shown.iter().map(|id| (*id, "x")).collect();
                read(&store, vec![(rows(&page), None)]).await;
                let system = Pages::of(vec![(rows(&page), None)]);
                let (report, error) = run(system, &store).reconcile(true, &()).await;
                assert!(error.is_none(), "{error:?}");
                assert_eq!(report.missing, 0);
                let mut wanted: Vec<String> = shown.iter().map(i64::to_string).collect();
                wanted.sort();
                assert_eq!(living(&store).await, wanted);
            }
        });
    }
}
