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

use crate::error::{Cause, MetadataError};
use crate::store::value::values;
use crate::store::{Metadata, Work};

use entry::entry_columns;
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
        let (mut added, mut taken) = (Vec::with_capacity(documents.len()), Vec::new());
        self.within(format!("adding {} documents to the outbox", documents.len()), async {
            let mut work = self.begin_work().await?;
            work.one_at_a_time("outbox").await?;
            for document in documents {
                match add(&mut work, document, at).await? {
                    Ok(entry) => added.push(entry),
                    Err(conflict) => taken.push(conflict),
                }
            }
            if taken.is_empty() { work.commit().await } else { Ok(()) }
        })
        .await?;
        if taken.is_empty() { Ok(added) } else { Err(OutboxError::KeysTaken(taken)) }
    }

    /// Entries by ascending id, at most `rows_max`.
    pub async fn outbox(
        &self,
        filter: &OutboxFilter,
        rows_max: u32,
    ) -> Result<Vec<OutboxEntry>, MetadataError> {
        self.rows(
            "listing the outbox",
            concat!(
                "select ",
                entry_columns!(),
                " from outbox where ($1 is null or system = $1) \
             and ($2 is null or status = $2) and entry_id > $3 order by entry_id limit $4"
            ),
            values![&filter.system, &filter.status, filter.after_id, rows_max],
        )
        .await
    }

    /// Approves a draft, or again what the system refused; false if it is neither.
    pub async fn approve_outbox(
        &self,
        entry_id: i64,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        self.execute(
            format!("approving outbox entry {entry_id}"),
            "update outbox set status = 'approved', approved_by = $1, approved_at = $2, \
             updated_at = $2 where entry_id = $3 and status in ('draft', 'refused')",
            values![by, at, entry_id],
        )
        .await
        .map(|rows| rows == 1)
    }

    /// Discards an entry for good and frees its key; false if the system holds the document or may.
    pub async fn discard_outbox(
        &self,
        entry_id: i64,
        note: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, MetadataError> {
        self.execute(
            format!("discarding outbox entry {entry_id}"),
            "update outbox set status = 'discarded', note = $1, updated_at = $2 \
             where entry_id = $3 and status in ('draft', 'approved', 'refused', 'failed')",
            values![note, at, entry_id],
        )
        .await
        .map(|rows| rows == 1)
    }
}

async fn add(
    work: &mut Work,
    document: &NewOutboxEntry,
    at: DateTime<Utc>,
) -> Result<Result<Added, KeyTaken>, Cause> {
    if let Some(known) = holder(work, document).await? {
        return Ok(known);
    }
    let NewOutboxEntry { system, kind, key, body, content_hash } = document;
    let added: Option<(i64,)> = work
        .row(
            "insert into outbox (system, kind, key, body, content_hash, created_at, updated_at) \
             values ($1, $2, $3, $4, $5, $6, $6) \
             on conflict (system, key) where status <> 'discarded' do nothing returning entry_id",
            values![system, kind, key, body, content_hash, at],
        )
        .await?;
    if let Some((entry_id,)) = added {
        return Ok(Ok(Added::New(entry_id)));
    }
    // Another process added the key since we looked.
    holder(work, document).await?.ok_or_else(|| {
        Cause::Unknown(format!("{key} of {system} was taken and is not there; add it once more"))
    })
}

/// What stands under a document's key: this document, or another one.
async fn holder(
    work: &mut Work,
    document: &NewOutboxEntry,
) -> Result<Option<Result<Added, KeyTaken>>, Cause> {
    let known: Option<OutboxEntry> = work
        .row(
            concat!(
                "select ",
                entry_columns!(),
                " from outbox where system = $1 and key = $2 and status <> 'discarded'"
            ),
            values![&document.system, &document.key],
        )
        .await?;
    Ok(known.map(|known| {
        let same = known.content_hash == document.content_hash && known.kind == document.kind;
        if same { Ok(Added::Known(known.entry_id)) } else { Err(known.into()) }
    }))
}
