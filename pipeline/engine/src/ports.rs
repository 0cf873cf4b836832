//! What the engine needs from the lake and from the metadata store.

use std::collections::{HashMap, HashSet};

use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use yuanliu_contract::RejectedRow;

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

    /// The content hash of the current version of each of `keys` that exists.
    async fn current_hashes(
        &self,
        table: &str,
        keys: &HashSet<String>,
    ) -> Result<HashMap<String, String>, StoreError>;

    /// Appends rows together with the position they were read to: both or neither, durably.
    ///
    /// A batch without rows still moves the position.
    async fn append(
        &self,
        table: &str,
        rows: RecordBatch,
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
