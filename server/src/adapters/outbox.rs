//! The outbox in the metadata store.

use std::error::Error;

use async_trait::async_trait;
use chrono::Utc;
use yuanliu_contract::OutgoingDocument;
use yuanliu_engine::{DueDocument, OutboxStore, SendOutcome, StoreError};
use yuanliu_metadata::{Metadata, OutboxEntry, Outcome};

use super::store_error;

/// The metadata store as the engine sees it.
pub(crate) struct MetadataOutbox<'a>(pub(crate) &'a Metadata);

#[async_trait]
impl OutboxStore for MetadataOutbox<'_> {
    async fn due(
        &self,
        system: &str,
        after_id: i64,
        entries_max: usize,
    ) -> Result<Vec<DueDocument>, StoreError> {
        let failed = || store_error(format!("reading the outbox of {system}"));
        let rows_max = u32::try_from(entries_max).unwrap_or(u32::MAX);
        let entries = self.0.due_outbox(system, after_id, rows_max).await;
        let entries = entries.map_err(|e| failed()(e.into()))?;
        entries.into_iter().map(due_document).collect::<Result<_, _>>().map_err(failed())
    }

    async fn begin(&self, entry_id: i64) -> Result<bool, StoreError> {
        let begun = self.0.begin_send(entry_id, Utc::now()).await;
        begun.map_err(|e| store_error(format!("beginning to send entry {entry_id}"))(e.into()))
    }

    async fn settle(&self, entry_id: i64, outcome: &SendOutcome) -> Result<(), StoreError> {
        let failed = || store_error(format!("noting how sending entry {entry_id} ended"));
        let (outcome, text, receipt) = match outcome {
            SendOutcome::Sent { receipt, remark } => {
                let receipt = serde_json::to_string(receipt).map_err(|e| failed()(e.into()))?;
                (Outcome::Sent, remark.as_deref(), Some(receipt))
            }
            SendOutcome::Refused(text) => (Outcome::Refused, Some(text.as_str()), None),
            SendOutcome::Failed(text) => (Outcome::Failed, Some(text.as_str()), None),
            SendOutcome::Unknown(text) => (Outcome::Unknown, Some(text.as_str()), None),
        };
        let ended = self.0.end_send(entry_id, outcome, text, receipt.as_deref(), Utc::now()).await;
        if ended.map_err(|e| failed()(e.into()))? {
            return Ok(());
        }
        Err(failed()("another process took it for interrupted".into()))
    }
}

fn due_document(entry: OutboxEntry) -> Result<DueDocument, Box<dyn Error + Send + Sync>> {
    Ok(DueDocument {
        entry_id: entry.entry_id,
        document: OutgoingDocument {
            kind: serde_json::from_value(entry.kind.into())?,
            key: entry.key,
            body: serde_json::from_str(&entry.body)?,
        },
        is_unknown: entry.status == "unknown",
        attempted_at: entry.attempted_at.map(|at| at.parse()).transpose()?,
    })
}
