//! An ERP in memory, a clock that is moved, the metadata store as the engine sees it, and a step
//! counter at which the process ends.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::Notify;
use yuanliu_contract::{
    Clock, ConnectorError, ErrorKind, OutgoingDocument, OutgoingKind, Result, WriteReceipt, Writer,
};
use yuanliu_engine::outbox::{content_hash, outgoing_document};
use yuanliu_engine::{
    DueDocument, OutboxRun, OutboxStore, SendOptions, SendOutcome, SendReport, StoreError,
};
use yuanliu_metadata::{Metadata, NewOutboxEntry, OutboxEntry, OutboxFilter, Outcome};

/// How one call of the ERP goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It says no; nothing is held.
    Refuse,
    /// It fails with this kind before anything is held.
    Before(ErrorKind),
    /// The document is held, the answer is lost.
    After,
    /// The answer is lost and the document is held half a minute later.
    Late,
    /// The next question fails with this kind.
    Ask(ErrorKind),
}

#[derive(Default)]
struct Shared {
    elapsed: Duration,
    held: Vec<String>,
    late: Vec<(Duration, String)>,
    faults: VecDeque<Fault>,
    asking: Option<ErrorKind>,
    writes: usize,
    steps_left: Option<usize>,
}

/// What outlives a crash of the hub: the ERP, the clock and the metadata file.
#[derive(Clone)]
pub(crate) struct World {
    shared: Arc<Mutex<Shared>>,
    ended: Arc<Notify>,
    folder: Arc<tempfile::TempDir>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            shared: Arc::default(),
            ended: Arc::default(),
            folder: Arc::new(tempfile::tempdir().unwrap()),
        }
    }

    fn shared(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap()
    }

    pub(crate) fn fail(&self, faults: &[Fault]) {
        self.shared().faults.extend(faults);
    }

    /// The keys of the documents the ERP holds, one per document.
    pub(crate) fn held(&self) -> Vec<String> {
        let mut held = self.shared().held.clone();
        held.sort();
        held
    }

    pub(crate) fn writes(&self) -> usize {
        self.shared().writes
    }

    pub(crate) fn waited(&self) -> Duration {
        self.shared().elapsed
    }

    pub(crate) fn pass(&self, time: Duration) {
        let mut shared = self.shared();
        shared.elapsed += time;
        let now = shared.elapsed;
        let (due, later) = shared.late.drain(..).partition(|(at, _)| *at <= now);
        shared.late = later;
        let due: Vec<(Duration, String)> = due;
        shared.held.extend(due.into_iter().map(|(_, key)| key));
    }

    pub(crate) async fn metadata(&self) -> Metadata {
        Metadata::open(&self.folder.path().join("metadata.db")).await.unwrap()
    }

    /// Adds documents numbered from 1 and approves those for which `approves` is true.
    pub(crate) async fn add(&self, approves: &[bool]) {
        let store = self.metadata().await;
        for (at, approve) in approves.iter().enumerate() {
            let document = document(at + 1);
            let new = NewOutboxEntry {
                system: "erp".into(),
                kind: "delivery_result".into(),
                key: document.key.clone(),
                body: document.body.to_string(),
                content_hash: content_hash(&document),
            };
            store.add_to_outbox(&[new], self.now()).await.unwrap();
            if *approve {
                let id = i64::try_from(at).unwrap() + 1;
                assert!(store.approve_outbox(id, "王五", self.now()).await.unwrap());
            }
        }
    }

    pub(crate) async fn entries(&self) -> Vec<OutboxEntry> {
        self.metadata().await.outbox(&OutboxFilter::default(), 100).await.unwrap()
    }

    pub(crate) async fn statuses(&self) -> Vec<String> {
        self.entries().await.into_iter().map(|entry| entry.status).collect()
    }

    /// One process: marks what an earlier one left open and sends; ends after `steps` if given.
    pub(crate) async fn send(
        &self,
        options: &SendOptions,
        steps: Option<usize>,
    ) -> Option<SendReport> {
        self.shared().steps_left = steps;
        let store = self.metadata().await;
        store.mark_interrupted_sends(self.now()).await.unwrap();
        let outbox = Store { world: self.clone(), store };
        let run = OutboxRun {
            system_name: "erp",
            writer: Arc::new(self.clone()),
            outbox: &outbox,
            clock: Arc::new(self.clone()),
        };
        tokio::select! {
            biased;
            () = self.ended.notified() => None,
            (report, error) = run.run(options) => {
                assert!(error.is_none(), "{error:?}");
                assert!(report.is_balanced(), "{report:?}");
                Some(report)
            }
        }
    }

    /// A place where the process may end.
    async fn step(&self) {
        let ends = {
            let mut shared = self.shared();
            match &mut shared.steps_left {
                Some(0) => true,
                Some(left) => {
                    *left -= 1;
                    false
                }
                None => false,
            }
        };
        if ends {
            self.ended.notify_one();
            pending::<()>().await;
        }
    }

    fn receipt(key: &str, was_known: bool) -> WriteReceipt {
        WriteReceipt { number: Some(format!("NO-{key}")), id: None, was_known, answer: "{}".into() }
    }
}

pub(crate) fn document(number: usize) -> OutgoingDocument {
    let body = json!({"delivery_no": number.to_string(), "dealer_code": "D1",
        "warehouse_code": "CK1", "shipped_at": "2026-03-01T09:00:00+08:00",
        "lines": [{"line_no": 1, "product_code": "P1", "qty": "1"}]});
    outgoing_document(OutgoingKind::DeliveryResult, &body).unwrap()
}

#[async_trait]
impl Clock for World {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::from_std(self.shared().elapsed).unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        self.step().await;
        self.pass(duration);
    }
}

#[async_trait]
impl Writer for World {
    async fn find(&self, document: &OutgoingDocument) -> Result<Option<WriteReceipt>> {
        self.step().await;
        let mut shared = self.shared();
        if let Some(kind) = shared.asking.take() {
            return Err(ConnectorError::new(kind, "asking"));
        }
        let is_held = shared.held.contains(&document.key);
        Ok(is_held.then(|| Self::receipt(&document.key, true)))
    }

    /// Deliberately does not look: what is written twice is held twice.
    async fn write(&self, document: &OutgoingDocument) -> Result<WriteReceipt> {
        self.step().await;
        let key = document.key.clone();
        let fault = {
            let mut shared = self.shared();
            shared.writes += 1;
            let fault = shared.faults.pop_front();
            if let Some(Fault::Ask(kind)) = fault {
                shared.asking = Some(kind);
            }
            match fault {
                Some(Fault::Refuse | Fault::Before(_)) => {}
                Some(Fault::Late) => {
                    let at = shared.elapsed + Duration::from_secs(30);
                    shared.late.push((at, key.clone()));
                }
                _ => shared.held.push(key.clone()),
            }
            fault
        };
        self.step().await;
        let lost = |kind| ConnectorError::new(kind, format!("writing {key}"));
        match fault {
            None => Ok(Self::receipt(&key, false)),
            Some(Fault::Refuse) => Err(lost(ErrorKind::Refused).with_detail("库存不足")),
            Some(Fault::Before(kind)) => Err(lost(kind)),
            Some(Fault::After | Fault::Late | Fault::Ask(_)) => Err(lost(ErrorKind::Timeout)),
        }
    }
}

/// The metadata store as the engine sees it, with a place to end before and after each note.
struct Store {
    world: World,
    store: Metadata,
}

fn failed(source: yuanliu_metadata::MetadataError) -> StoreError {
    StoreError { action: source.to_string(), source: Box::new(source) }
}

#[async_trait]
impl OutboxStore for Store {
    async fn due(
        &self,
        system: &str,
        after_id: i64,
        entries_max: usize,
    ) -> std::result::Result<Vec<DueDocument>, StoreError> {
        let rows_max = u32::try_from(entries_max).unwrap();
        let due = self.store.due_outbox(system, after_id, rows_max).await.map_err(failed)?;
        Ok(due.into_iter().map(due_document).collect())
    }

    async fn begin(&self, entry_id: i64) -> std::result::Result<bool, StoreError> {
        self.world.step().await;
        let begun = self.store.begin_send(entry_id, self.world.now()).await.map_err(failed)?;
        self.world.step().await;
        Ok(begun)
    }

    async fn settle(
        &self,
        entry_id: i64,
        outcome: &SendOutcome,
    ) -> std::result::Result<(), StoreError> {
        self.world.step().await;
        let (outcome, text, receipt) = match outcome {
            SendOutcome::Sent { receipt, remark } => (Outcome::Sent, remark.clone(), Some(receipt)),
            SendOutcome::Refused(text) => (Outcome::Refused, Some(text.clone()), None),
            SendOutcome::Failed(text) => (Outcome::Failed, Some(text.clone()), None),
            SendOutcome::Unknown(text) => (Outcome::Unknown, Some(text.clone()), None),
        };
        let receipt = receipt.map(|receipt| serde_json::to_string(receipt).unwrap());
        let ended = self
            .store
            .end_send(entry_id, outcome, text.as_deref(), receipt.as_deref(), self.world.now())
            .await
            .map_err(failed)?;
        assert!(ended, "only what is being sent is settled");
        self.world.step().await;
        Ok(())
    }
}

fn due_document(entry: OutboxEntry) -> DueDocument {
    DueDocument {
        entry_id: entry.entry_id,
        document: OutgoingDocument {
            kind: serde_json::from_value(json!(entry.kind)).unwrap(),
            key: entry.key,
            body: serde_json::from_str(&entry.body).unwrap(),
        },
        is_unknown: entry.status == "unknown",
        attempted_at: entry.attempted_at.map(|at| at.parse().unwrap()),
    }
}
