//! One run of one stream against a scripted system and a store in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing"
)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use yuanliu_contract::{
    CheckReport, Clock, ConnectorError, Cursor, DecodedRows, DiscoveredObject, ErrorKind, Feeds,
    Page, Preview, ReadRange, RejectedRow, Result, Source, StreamSpec, System,
};
use yuanliu_engine::memory::MemoryStore;
use yuanliu_engine::policy::{RETRY_AFTER_MAX, directive, wait_before_retry};
use yuanliu_engine::{RunOptions, RunOutcome, RunReport, StreamRun, TableStore};

type Step = std::result::Result<(Vec<(i64, &'static str)>, Vec<RejectedRow>), ConnectorError>;

#[derive(Default)]
struct TestClock(Mutex<Duration>);

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let waited = *self.0.lock().unwrap();
        DateTime::UNIX_EPOCH + TimeDelta::from_std(waited).unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }
}

fn schema() -> SchemaRef {
    let fields = [("id", DataType::Int64), ("name", DataType::Utf8)];
    Arc::new(Schema::new(fields.map(|(n, t)| Field::new(n, t, true)).to_vec()))
}

fn spec() -> StreamSpec {
    StreamSpec {
        name: "product".into(),
        title: "物料".into(),
        schema: schema(),
        key: vec!["id".into()],
        change: None,
        expects_rows: true,
        feeds: Feeds::Models,
    }
}

/// Answers the scripted steps once; a stream opened after cursor `n` starts at step `n`.
struct Scripted(Arc<Mutex<VecDeque<Step>>>, Mutex<Vec<Option<String>>>);

impl Scripted {
    fn new(steps: Vec<Step>) -> Arc<Self> {
        Arc::new(Self(Arc::new(Mutex::new(steps.into())), Mutex::default()))
    }
}

#[async_trait]
impl System for Scripted {
    fn streams(&self) -> Vec<StreamSpec> {
        vec![spec()]
    }
    async fn check(&self) -> Result<CheckReport> {
        Ok(CheckReport::default())
    }
    async fn discover(&self) -> Result<Vec<DiscoveredObject>> {
        Ok(Vec::new())
    }
    async fn preview(&self, _: &str, _: usize) -> Result<Preview> {
        Err(ConnectorError::new(ErrorKind::Internal, "not scripted"))
    }
    async fn read(
        &self,
        _: &str,
        cursor: Option<&Cursor>,
        _: &ReadRange,
    ) -> Result<Box<dyn Source>> {
        self.1.lock().unwrap().push(cursor.map(|c| c.as_text().to_owned()));
        Ok(Box::new(ScriptedSource { steps: self.0.clone(), page: 0 }))
    }
    fn decode(&self, _: &str, _: &[String]) -> Result<DecodedRows> {
        Err(ConnectorError::new(ErrorKind::Internal, "not scripted"))
    }
}

struct ScriptedSource {
    steps: Arc<Mutex<VecDeque<Step>>>,
    page: usize,
}

#[async_trait]
impl Source for ScriptedSource {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        let Some(step) = self.steps.lock().unwrap().pop_front() else { return Ok(None) };
        let (rows, rejects) = step?;
        self.page += 1;
        let ids = Int64Array::from_iter_values(rows.iter().map(|(id, _)| *id));
        let names = StringArray::from_iter_values(rows.iter().map(|(_, name)| *name));
        let columns: Vec<ArrayRef> = vec![Arc::new(ids), Arc::new(names)];
        let batch = RecordBatch::try_new(schema(), columns).unwrap();
        let cursor = Cursor::from_text(format!("page {}", self.page));
        Ok(Some(Page::new(DecodedRows { batch, rejects }, cursor)))
    }
}

fn reject(payload: &str) -> RejectedRow {
    RejectedRow {
        reason: "bad_decimal",
        message: "not a number".into(),
        payload: payload.into(),
        position: "key=9".into(),
    }
}

async fn run(system: &Arc<Scripted>, store: &MemoryStore, options: RunOptions) -> RunReport {
    let run = StreamRun {
        run_id: "r",
        system_name: "erp",
        system: system.clone(),
        spec: spec(),
        tables: store,
        rejects: store,
        clock: Arc::new(TestClock::default()),
    };
    let (report, _) = run.run(&options, &()).await;
    assert!(report.outcome == RunOutcome::Red || report.is_balanced(), "{report:?}");
    report
}

fn counts(report: &RunReport) -> (u64, u64, u64, u64) {
    (report.read, report.loaded, report.unchanged, report.rejected)
}

#[tokio::test]
async fn rows_that_did_not_change_are_not_landed_again() {
    let store = MemoryStore::default();
    let first = Scripted::new(vec![Ok((vec![(1, "a"), (2, "b")], vec![]))]);
    assert_eq!(counts(&run(&first, &store, RunOptions::default()).await), (2, 2, 0, 0));
    let second = Scripted::new(vec![Ok((vec![(1, "a"), (2, "B"), (3, "c"), (2, "B")], vec![]))]);
    assert_eq!(counts(&run(&second, &store, RunOptions::default()).await), (4, 2, 2, 0));
    assert_eq!(store.rows("raw.erp__product"), 4);
    assert_eq!(second.1.lock().unwrap().as_slice(), [Some("page 1".to_owned())]);
}

#[tokio::test]
async fn a_reject_that_cannot_be_kept_stops_the_position() {
    let store = MemoryStore::default();
    store.fail_next("keep");
    let system = Scripted::new(vec![Ok((vec![(1, "a")], vec![reject("{}")]))]);
    let report = run(&system, &store, RunOptions::default()).await;
    assert_eq!(report.outcome, RunOutcome::Red);
    assert_eq!(store.position("raw.erp__product").await.unwrap(), None);
}

#[tokio::test]
async fn a_landing_that_fails_leaves_the_position_for_the_next_run() {
    let store = MemoryStore::default();
    let page = || Ok((vec![(1, "a")], vec![reject("{}")]));
    store.fail_next("append");
    let report = run(&Scripted::new(vec![page()]), &store, RunOptions::default()).await;
    assert_eq!(report.outcome, RunOutcome::Red);
    let again = Scripted::new(vec![page()]);
    let report = run(&again, &store, RunOptions::default()).await;
    assert_eq!((report.outcome, counts(&report)), (RunOutcome::Yellow, (2, 1, 0, 1)));
    assert_eq!(again.1.lock().unwrap().as_slice(), [None]);
    assert_eq!(store.kept().len(), 1, "the same reject is kept once");
}

#[tokio::test]
async fn a_stream_that_should_hold_rows_and_does_not_is_not_green() {
    let store = MemoryStore::default();
    let report = run(&Scripted::new(vec![]), &store, RunOptions::default()).await;
    assert_eq!(report.outcome, RunOutcome::Yellow);
    assert!(report.message.unwrap().contains("物料"));
    assert!(store.position("raw.erp__product").await.unwrap().is_some(), "the table exists");
}

#[tokio::test]
async fn a_backfill_leaves_the_position_where_it_was() {
    let store = MemoryStore::default();
    run(&Scripted::new(vec![Ok((vec![(1, "a")], vec![]))]), &store, RunOptions::default()).await;
    let range = ReadRange { changed_from: Some(DateTime::UNIX_EPOCH), ..ReadRange::default() };
    let options = RunOptions { range, ..RunOptions::default() };
    let pages = vec![Ok((vec![(7, "x")], vec![])), Ok((vec![(8, "y")], vec![]))];
    let report = run(&Scripted::new(pages), &store, options).await;
    assert_eq!(counts(&report), (2, 2, 0, 0));
    let position = store.position("raw.erp__product").await.unwrap().unwrap();
    assert_eq!(position.cursor, "page 1");
}

#[tokio::test]
async fn failures_that_pass_are_retried_and_others_are_not() {
    let busy = || Err(ConnectorError::new(ErrorKind::Busy, "reading"));
    let store = MemoryStore::default();
    let system = Scripted::new(vec![busy(), busy(), Ok((vec![(1, "a")], vec![]))]);
    assert_eq!(run(&system, &store, RunOptions::default()).await.outcome, RunOutcome::Green);
    let refused = Err(ConnectorError::new(ErrorKind::Auth, "logging in"));
    let system = Scripted::new(vec![refused, Ok((vec![(2, "b")], vec![]))]);
    let report = run(&system, &store, RunOptions::default()).await;
    assert_eq!((report.outcome, report.read), (RunOutcome::Red, 0));
    assert!(report.message.unwrap().contains("systems check"), "the hint says what to do");
}

#[test]
fn the_policy_table_is_bounded_and_honours_retry_after() {
    use ErrorKind::{
        Auth, Busy, Config, Internal, Malformed, NotFound, Permission, RateLimited, Refused,
        SessionExpired, Timeout, Unreachable,
    };
    let kinds = [
        Auth,
        Busy,
        Config,
        Internal,
        Malformed,
        NotFound,
        Permission,
        RateLimited,
        Refused,
        SessionExpired,
        Timeout,
        Unreachable,
    ];
    for kind in kinds {
        let error = ConnectorError::new(kind, "x");
        let waits: Vec<_> = (1..100).map_while(|n| wait_before_retry(&error, n)).collect();
        assert_eq!(waits.len() as u32 + 1, directive(kind).attempts_max, "{kind:?}");
        assert!(waits.is_sorted(), "{kind:?}: {waits:?}");
    }
    let asked = |wait| ConnectorError::new(RateLimited, "x").with_retry_after(wait);
    let wait = Duration::from_secs(7);
    assert_eq!(wait_before_retry(&asked(wait), 1), Some(wait));
    assert_eq!(wait_before_retry(&asked(RETRY_AFTER_MAX + wait), 1), None);
}
