//! What the outbox holds.

use serde::Serialize;
use sqlx::FromRow;

use crate::error::MetadataError;

/// A document to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutboxEntry {
    /// The configured system it is for.
    pub system: String,
    /// What it is: `delivery_result`, `inspection_result`.
    pub kind: String,
    /// Names the document for good within its system.
    pub key: String,
    /// Its fields as JSON.
    pub body: String,
    /// A hash of kind and fields, by which the same document is recognised.
    pub content_hash: String,
}

/// A document as kept. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct OutboxEntry {
    /// Names the entry.
    pub entry_id: i64,
    /// The configured system it is for.
    pub system: String,
    /// What it is.
    pub kind: String,
    /// Names the document for good within its system.
    pub key: String,
    /// Its fields as JSON.
    pub body: String,
    /// A hash of kind and fields.
    pub content_hash: String,
    /// `draft`, `approved`, `sending`, `sent`, `refused`, `failed`, `unknown` or `discarded`.
    pub status: String,
    /// Who approved it, none for one that nobody did.
    pub approved_by: Option<String>,
    /// When it was approved.
    pub approved_at: Option<String>,
    /// How many sends were begun.
    pub attempts: i64,
    /// When the last send began or was given up.
    pub attempted_at: Option<String>,
    /// What went wrong last; beside `sent`, what went wrong before the document was found.
    pub last_error: Option<String>,
    /// What the system answered, as JSON.
    pub receipt: Option<String>,
    /// Why it was discarded.
    pub note: Option<String>,
    /// When it was added.
    pub created_at: String,
    /// When its status last changed.
    pub updated_at: String,
}

macro_rules! entry_columns {
    () => {
        "entry_id, system, kind, key, body, content_hash, status, approved_by, approved_at, \
         attempts, attempted_at, last_error, receipt, note, created_at, updated_at"
    };
}

pub(super) use entry_columns;

/// Which entries to list; none means any.
#[derive(Debug, Clone, Default)]
pub struct OutboxFilter {
    /// For this system.
    pub system: Option<String>,
    /// With this status.
    pub status: Option<String>,
    /// After this id, for paging.
    pub after_id: i64,
}

/// What adding a document did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is a new draft of this id.
    New(i64),
    /// It was there already under this id.
    Known(i64),
}

/// A key that names a document of other content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTaken {
    /// The system.
    pub system: String,
    /// The key.
    pub key: String,
    /// The entry that has it.
    pub entry_id: i64,
    /// That entry's status.
    pub status: String,
}

impl From<OutboxEntry> for KeyTaken {
    fn from(entry: OutboxEntry) -> Self {
        let OutboxEntry { system, key, entry_id, status, .. } = entry;
        Self { system, key, entry_id, status }
    }
}

impl std::fmt::Display for KeyTaken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { system, key, entry_id, status } = self;
        write!(
            f,
            "{key} of {system} is entry {entry_id} ({status}) with other content; a document \
             keeps its content: discard that entry if it was never sent, or give the new \
             document a number of its own"
        )
    }
}

/// Documents could not be added.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// Keys that name other documents; nothing was added.
    #[error("nothing was added: {}", list(.0))]
    KeysTaken(Vec<KeyTaken>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] MetadataError),
}

fn list(taken: &[KeyTaken]) -> String {
    taken.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
