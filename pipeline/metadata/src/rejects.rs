//! Rejected rows: kept, listed, closed.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{FromRow, query, query_as};

use crate::error::MetadataError;
use crate::runs::stamp;
use crate::store::Metadata;

/// A reject to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReject {
    /// Stable reason code.
    pub reason: String,
    /// What is wrong and what would be right.
    pub message: String,
    /// The row as received.
    pub payload: String,
    /// A hash of the payload, by which a reject seen again is recognised.
    pub payload_hash: String,
    /// Where it stood.
    pub position: String,
}

/// A reject as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct Reject {
    /// Names the reject.
    pub reject_id: i64,
    /// Where it came from.
    pub system: String,
    /// The stream or file kind.
    pub stream: String,
    /// Stable reason code.
    pub reason: String,
    /// What is wrong and what would be right.
    pub message: String,
    /// The row as received.
    pub payload: String,
    /// Where it stood.
    pub position: String,
    /// The run that first met it.
    pub first_run_id: String,
    /// When it was first met.
    pub seen_at: String,
    /// `open`, `replayed` or `discarded`.
    pub status: String,
    /// Why it was closed.
    pub note: Option<String>,
}

/// Which rejects to list; none means any.
#[derive(Debug, Clone, Default)]
pub struct RejectFilter {
    /// Of this system.
    pub system: Option<String>,
    /// Of this stream.
    pub stream: Option<String>,
    /// With this reason.
    pub reason: Option<String>,
    /// With this status.
    pub status: Option<String>,
    /// After this id, for paging.
    pub after_id: i64,
}

impl Metadata {
    /// Keeps rejects in one durable transaction; one already open with the same payload stays one.
    pub async fn keep_rejects(
        &self,
        run_id: &str,
        system: &str,
        stream: &str,
        rejects: &[NewReject],
        at: DateTime<Utc>,
    ) -> Result<(), MetadataError> {
        let failed = || MetadataError::while_doing("keeping rejects");
        let mut transaction = self.pool.begin().await.map_err(failed())?;
        for reject in rejects {
            query(
                "insert into reject (system, stream, reason, message, payload, payload_hash, \
                 position, first_run_id, seen_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?) \
                 on conflict (system, stream, payload_hash) where status = 'open' \
                 do update set reason = excluded.reason, message = excluded.message, \
                 position = excluded.position",
            )
            .bind(system)
            .bind(stream)
            .bind(&reject.reason)
            .bind(&reject.message)
            .bind(&reject.payload)
            .bind(&reject.payload_hash)
            .bind(&reject.position)
            .bind(run_id)
            .bind(stamp(at))
            .execute(&mut *transaction)
            .await
            .map_err(failed())?;
        }
        transaction.commit().await.map_err(failed())
    }

    /// Rejects by ascending id, at most `rows_max`.
    pub async fn rejects(
        &self,
        filter: &RejectFilter,
        rows_max: u32,
    ) -> Result<Vec<Reject>, MetadataError> {
        query_as(
            "select reject_id, system, stream, reason, message, payload, position, first_run_id, \
             seen_at, status, note from reject \
             where (?1 is null or system = ?1) and (?2 is null or stream = ?2) \
             and (?3 is null or reason = ?3) and (?4 is null or status = ?4) and reject_id > ?5 \
             order by reject_id limit ?6",
        )
        .bind(&filter.system)
        .bind(&filter.stream)
        .bind(&filter.reason)
        .bind(&filter.status)
        .bind(filter.after_id)
        .bind(rows_max)
        .fetch_all(&self.pool)
        .await
        .map_err(MetadataError::while_doing("listing rejects"))
    }

    /// Closes one open reject as `replayed` or `discarded`; false if it is not open.
    pub async fn close_reject(
        &self,
        reject_id: i64,
        status: &str,
        note: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        let done = query(
            "update reject set status = ?, note = ?, closed_at = ? \
             where reject_id = ? and status = 'open'",
        )
        .bind(status)
        .bind(note)
        .bind(stamp(at))
        .bind(reject_id)
        .execute(&self.pool)
        .await
        .map_err(MetadataError::while_doing("closing a reject"))?;
        Ok(done.rows_affected() == 1)
    }
}
