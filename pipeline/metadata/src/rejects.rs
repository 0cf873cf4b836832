//! Rejected rows: kept, listed, closed.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;

use crate::error::MetadataError;
use crate::pages::{Page, PageRequest};
use crate::store::Metadata;
use crate::store::value::{Sql, asked, values};

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
    /// When it was closed.
    pub closed_at: Option<String>,
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
    /// After this id, for going through them in the order they came.
    pub after_id: i64,
}

/// How many rejects of one kind there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct RejectCount {
    /// Where they came from.
    pub system: String,
    /// The stream or file kind.
    pub stream: String,
    /// Their reason.
    pub reason: String,
    /// `open`, `replayed` or `discarded`.
    pub status: String,
    /// How many.
    pub rejects: i64,
    /// When the first was met, RFC 3339 UTC.
    pub first_seen_at: String,
    /// When the last was met.
    pub last_seen_at: String,
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
        let action = format!("keeping {} rejects of {stream} of {system}", rejects.len());
        self.within(action, async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time(&format!("reject {system} {stream}")).await?;
            for reject in rejects {
                let NewReject { reason, message, payload, payload_hash, position } = reject;
                work.execute(
                    "insert into reject (system, stream, reason, message, payload, payload_hash, \
                     position, first_run_id, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                     on conflict (system, stream, payload_hash) where status = 'open' \
                     do update set reason = excluded.reason, message = excluded.message, \
                     position = excluded.position",
                    values![
                        system,
                        stream,
                        reason,
                        message,
                        payload,
                        payload_hash,
                        position,
                        run_id,
                        at
                    ],
                )
                .await?;
            }
            work.commit().await
        })
        .await
    }

    /// Rejects by ascending id, at most `rows_max`.
    pub async fn rejects(
        &self,
        filter: &RejectFilter,
        rows_max: u32,
    ) -> Result<Vec<Reject>, MetadataError> {
        let RejectFilter { system, stream, reason, status, after_id } = filter;
        self.rows(
            "listing rejects",
            "select reject_id, system, stream, reason, message, payload, position, first_run_id, \
             seen_at, status, closed_at, note from reject \
             where ($1 is null or system = $1) and ($2 is null or stream = $2) \
             and ($3 is null or reason = $3) and ($4 is null or status = $4) and reject_id > $5 \
             order by reject_id limit $6",
            values![system, stream, reason, status, *after_id, rows_max],
        )
        .await
    }

    /// A page of rejects, the last one met first.
    pub async fn reject_page(
        &self,
        filter: &RejectFilter,
        request: &PageRequest,
    ) -> Result<Page<Reject>, MetadataError> {
        let RejectFilter { system, stream, reason, status, after_id } = filter;
        let action = "listing a page of rejects";
        let below = request.below_id().map_err(|cause| self.failed(action, cause))?;
        let sql = format!(
            "select reject_id, system, stream, reason, message, payload, position, first_run_id, \
             seen_at, status, closed_at, note from reject where {} and {} and {} and {} \
             and reject_id > $5 and reject_id < $6 order by reject_id desc limit $7",
            asked("system", 1, system),
            asked("stream", 2, stream),
            asked("reason", 3, reason),
            asked("status", 4, status),
        );
        let rows = self
            .rows(
                action,
                Sql::Made(sql),
                values![system, stream, reason, status, *after_id, below, request.limit()],
            )
            .await?;
        Ok(request.page(rows, |reject: &Reject| reject.reject_id.to_string()))
    }

    /// One reject.
    pub async fn reject(&self, reject_id: i64) -> Result<Option<Reject>, MetadataError> {
        self.row(
            format!("reading reject {reject_id}"),
            "select reject_id, system, stream, reason, message, payload, position, first_run_id, \
             seen_at, status, closed_at, note from reject where reject_id = $1",
            values![reject_id],
        )
        .await
    }

    /// How many rejects there are of each kind, the most first.
    pub async fn reject_counts(&self) -> Result<Vec<RejectCount>, MetadataError> {
        self.rows(
            "counting rejects",
            "select system, stream, reason, status, count(*) as rejects, min(seen_at) as first_seen_at, \
             max(seen_at) as last_seen_at from reject \
             group by system, stream, reason, status \
             order by rejects desc, system, stream, reason, status",
            vec![],
        )
        .await
    }

    /// Closes one open reject as `replayed` or `discarded`; false if it is not open.
    pub async fn close_reject(
        &self,
        reject_id: i64,
        status: &str,
        note: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        self.execute(
            format!("closing reject {reject_id}"),
            "update reject set status = $1, note = $2, closed_at = $3 \
             where reject_id = $4 and status = 'open'",
            values![status, note, at, reject_id],
        )
        .await
        .map(|rows| rows == 1)
    }
}
