//! The outbox: documents on their way to a system, from draft to receipt.
//!
//! ```text
//! draft ──approve──▶ approved ──begin──▶ sending ──settle──▶ sent
//!   ▲                   ▲                  │  ├──▶ refused   the system holds nothing and says why
//!  add                  └── approve ◀──────┘  ├──▶ failed    the system holds nothing; tried again
//!                                             └──▶ unknown   nobody knows; asked before a resend
//! ```
//!
//! A process that ends during `sending` leaves the entry there; the next sender marks it `unknown`.
//! What the system may hold is never discarded, and no row is ever deleted.

mod entry;
mod send;

use chrono::{DateTime, Utc};
use sqlx::{Sqlite, Transaction, query, query_as, query_scalar};

use crate::error::MetadataError;
use crate::runs::stamp;
use crate::store::Metadata;

pub use entry::{Added, KeyTaken, NewOutboxEntry, OutboxEntry, OutboxError, OutboxFilter};
pub use send::Outcome;

impl Metadata {
    /// Adds drafts, all or none, in one durable transaction; answers one [`Added`] per document.
    ///
    /// A document whose key is there with the same content is the entry that is there. One whose
    /// key is there with other content is refused, and so are all given with it.
    pub async fn add_to_outbox(
        &self,
        documents: &[NewOutboxEntry],
        at: DateTime<Utc>,
    ) -> Result<Vec<Added>, OutboxError> {
        let failed = || MetadataError::while_doing("adding to the outbox");
        let mut transaction = self.pool.begin().await.map_err(failed())?;
        let (mut added, mut taken) = (Vec::with_capacity(documents.len()), Vec::new());
        for document in documents {
            match add(&mut transaction, document, &stamp(at)).await.map_err(failed())? {
                Ok(entry) => added.push(entry),
                Err(conflict) => taken.push(conflict),
            }
        }
        if !taken.is_empty() {
            return Err(OutboxError::KeysTaken(taken));
        }
        transaction.commit().await.map_err(failed())?;
        Ok(added)
    }

    /// Entries by ascending id, at most `rows_max`.
    pub async fn outbox(
        &self,
        filter: &OutboxFilter,
        rows_max: u32,
    ) -> Result<Vec<OutboxEntry>, MetadataError> {
        query_as(
            "select * from outbox where (?1 is null or system = ?1) \
             and (?2 is null or status = ?2) and entry_id > ?3 order by entry_id limit ?4",
        )
        .bind(&filter.system)
        .bind(&filter.status)
        .bind(filter.after_id)
        .bind(rows_max)
        .fetch_all(&self.pool)
        .await
        .map_err(MetadataError::while_doing("listing the outbox"))
    }

    /// Approves a draft, or again what the system refused; false if it is neither.
    pub async fn approve_outbox(
        &self,
        entry_id: i64,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        let done = query(
            "update outbox set status = 'approved', approved_by = ?1, approved_at = ?2, \
             updated_at = ?2 where entry_id = ?3 and status in ('draft', 'refused')",
        )
        .bind(by)
        .bind(stamp(at))
        .bind(entry_id)
        .execute(&self.pool)
        .await
        .map_err(MetadataError::while_doing("approving a document of the outbox"))?;
        Ok(done.rows_affected() == 1)
    }

    /// Discards an entry for good and frees its key; false if the system holds the document or may.
    pub async fn discard_outbox(
        &self,
        entry_id: i64,
        note: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        let done = query(
            "update outbox set status = 'discarded', note = ?1, updated_at = ?2 \
             where entry_id = ?3 and status in ('draft', 'approved', 'refused', 'failed')",
        )
        .bind(note)
        .bind(stamp(at))
        .bind(entry_id)
        .execute(&self.pool)
        .await
        .map_err(MetadataError::while_doing("discarding a document of the outbox"))?;
        Ok(done.rows_affected() == 1)
    }
}

async fn add(
    transaction: &mut Transaction<'_, Sqlite>,
    document: &NewOutboxEntry,
    at: &str,
) -> Result<Result<Added, KeyTaken>, sqlx::Error> {
    let known: Option<OutboxEntry> =
        query_as("select * from outbox where system = ? and key = ? and status <> 'discarded'")
            .bind(&document.system)
            .bind(&document.key)
            .fetch_optional(&mut **transaction)
            .await?;
    if let Some(known) = known {
        let same = known.content_hash == document.content_hash && known.kind == document.kind;
        return Ok(if same { Ok(Added::Known(known.entry_id)) } else { Err(known.into()) });
    }
    let entry_id = query_scalar(
        "insert into outbox (system, kind, key, body, content_hash, created_at, updated_at) \
         values (?1, ?2, ?3, ?4, ?5, ?6, ?6) returning entry_id",
    )
    .bind(&document.system)
    .bind(&document.kind)
    .bind(&document.key)
    .bind(&document.body)
    .bind(&document.content_hash)
    .bind(at)
    .fetch_one(&mut **transaction)
    .await?;
    Ok(Ok(Added::New(entry_id)))
}
