//! What the engine needs from the lake and from the metadata store.

use std::collections::{HashMap, HashSet};

use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_contract::{OutgoingDocument, RejectedRow, WriteReceipt};

/// A failure of the lake or the metadata store, told by whoever implements the port.
#[derive(Debug, thiserror::Error)]
#[error("{action}")]
pub struct StoreError {
    /// What was being done to which object.
    pub action: String,
    /// The error below.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// How far a raw table has been landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Counts the table's landings from 1.
    pub sequence: i64,
    /// The connector's cursor as text.
    pub cursor: String,
}

/// Raw tables of the lake.
#[async_trait]
pub trait TableStore: Send + Sync {
    /// The position of the last landing, none if the table does not exist yet.
    async fn position(&self, table: &str) -> Result<Option<Position>, StoreError>;

    /// The content hash of the current version of each of `rows` that may be unchanged.
    ///
    /// `rows` are keys with the time of change of their new content in µs, if it has one. A key may
    /// be left out if its current version bears another time of change.
    async fn current_hashes(
        &self,
        table: &str,
        rows: &HashMap<String, Option<i64>>,
    ) -> Result<HashMap<String, String>, StoreError>;

    /// The current versions of those of `keys` that exist, with all columns of the raw table.
    async fn current_rows(
        &self,
        table: &str,
        keys: &HashSet<String>,
    ) -> Result<Vec<RecordBatch>, StoreError>;

    /// Tells `visit` the key of every current row, deleted ones left out, in any order.
    async fn visit_keys(
        &self,
        table: &str,
        visit: &mut (dyn for<'k> FnMut(&'k str) + Send),
    ) -> Result<(), StoreError>;

    /// Appends rows together with the position they were read to: both or neither, durably.
    ///
    /// Batches without rows still move the position.
    async fn append(
        &self,
        table: &str,
        batches: Vec<RecordBatch>,
        position: &Position,
    ) -> Result<(), StoreError>;
}

/// Rejected rows, kept until someone replays or discards them.
#[async_trait]
pub trait RejectStore: Send + Sync {
    /// Keeps rejects durably; one that is already open with the same payload is kept once.
    async fn keep(
        &self,
        run_id: &str,
        system: &str,
        stream: &str,
        rejects: &[RejectedRow],
    ) -> Result<(), StoreError>;
}

/// An approved document that a send takes.
#[derive(Debug, Clone, PartialEq)]
pub struct DueDocument {
    /// Names the entry.
    pub entry_id: i64,
    /// What is sent.
    pub document: OutgoingDocument,
    /// Whether an earlier send has no known outcome.
    pub is_unknown: bool,
    /// When the last send began or was given up.
    pub attempted_at: Option<DateTime<Utc>>,
}

/// How one send ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The system holds the document.
    Sent {
        /// What it answered.
        receipt: WriteReceipt,
        /// What went wrong before the document was found.
        remark: Option<String>,
    },
    /// The system holds nothing and says why; a person has to act.
    Refused(String),
    /// The system holds nothing; the next send tries again.
    Failed(String),
    /// Nobody knows; the next send asks first.
    Unknown(String),
}

/// Documents on their way to a system.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Documents approved for a system and not known to be settled, by ascending id after `after_id`.
    async fn due(
        &self,
        system: &str,
        after_id: i64,
        entries_max: usize,
    ) -> Result<Vec<DueDocument>, StoreError>;

    /// Notes durably that a send begins; false if the entry is no longer to be sent.
    async fn begin(&self, entry_id: i64) -> Result<bool, StoreError>;

    /// Notes durably how a send ended.
    async fn settle(&self, entry_id: i64, outcome: &SendOutcome) -> Result<(), StoreError>;
}
