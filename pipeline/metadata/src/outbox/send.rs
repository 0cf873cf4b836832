//! What a sender notes: begun, ended, interrupted.

use chrono::{DateTime, Utc};

use super::entry::{OutboxEntry, entry_columns};
use crate::error::MetadataError;
use crate::store::Metadata;
use crate::store::value::values;

/// How a send ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The system holds the document; needs a receipt.
    Sent,
    /// The system holds nothing and says why; a person has to act.
    Refused,
    /// The system holds nothing; the next send tries again.
    Failed,
    /// Nobody knows; the next send asks first.
    Unknown,
}

impl Outcome {
    fn status(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl Metadata {
    /// Approved documents for a system that the next send takes, by ascending id.
    pub async fn due_outbox(
        &self,
        system: &str,
        after_id: i64,
        rows_max: u32,
    ) -> Result<Vec<OutboxEntry>, MetadataError> {
        self.rows(
            format!("reading what is to be sent to {system}"),
            concat!(
                "select ",
                entry_columns!(),
                " from outbox where system = $1 and entry_id > $2 \
             and status in ('approved', 'failed', 'unknown') order by entry_id limit $3"
            ),
            values![system, after_id, rows_max],
        )
        .await
    }

    /// Notes durably that a send begins; false if the entry is not, or no longer, to be sent.
    pub async fn begin_send(
        &self,
        entry_id: i64,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        self.execute(
            format!("noting the start of the send of outbox entry {entry_id}"),
            "update outbox set status = 'sending', attempts = attempts + 1, attempted_at = $1, \
             updated_at = $1 where entry_id = $2 and status in ('approved', 'failed', 'unknown')",
            values![at, entry_id],
        )
        .await
        .map(|rows| rows == 1)
    }

    /// Notes durably how a send ended, with the system's answer as JSON if it holds the document.
    ///
    /// False if the entry is not being sent.
    pub async fn end_send(
        &self,
        entry_id: i64,
        outcome: Outcome,
        error: Option<&str>,
        receipt: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        self.execute(
            format!("noting the end of the send of outbox entry {entry_id}"),
            "update outbox set status = $1, last_error = $2, receipt = $3, attempted_at = $4, \
             updated_at = $4 where entry_id = $5 and status = 'sending'",
            values![outcome.status(), error, receipt, at, entry_id],
        )
        .await
        .map(|rows| rows == 1)
    }

    /// Marks sends that a crash left open as `unknown`. The caller is the one sender there is.
    ///
    /// They count as given up now: when the last call was made is not known.
    pub async fn mark_interrupted_sends(&self, at: DateTime<Utc>) -> Result<u64, MetadataError> {
        self.execute(
            "marking interrupted sends",
            "update outbox set status = 'unknown', attempted_at = $1, updated_at = $1, \
             last_error = 'the process ended during this send; the system is asked before the next' \
             where status = 'sending'",
            values![at],
        )
        .await
    }
}
