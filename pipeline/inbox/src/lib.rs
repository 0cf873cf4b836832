//! A durable, bounded log of batches that are acknowledged but not yet in the lake.
//!
//! [`Inbox::append`] returns when a batch would survive `kill -9` and power loss, and refuses at
//! once what would not fit. A reader takes batches by sequence and releases them when they are
//! where they belong. Appending is ordered by sequence numbers, never by time. What a batch means
//! is not asked: any schema of plain values, lists and structs will do, one per inbox.
//!
//! A folder holds numbered segments. A segment begins with a header that carries the schema and
//! the durable length of the segment before it; frames follow, one per batch. Frames that are
//! synced together form a group. Every frame says where its group began, and everything before
//! that was durable when it was written: so a damaged frame is told from one that a crash tore.

mod disk;
mod error;
mod frame;
mod inbox;
mod ledger;
mod options;
mod payload;
mod reading;
mod recovery;
mod release;
mod schema;
mod segment;
mod status;
mod writer;

pub use disk::{Disk, DiskFile, FolderDisk};
pub use error::InboxError;
pub use inbox::Inbox;
pub use options::InboxOptions;
pub use recovery::Recovery;
pub use status::Status;
