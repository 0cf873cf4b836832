//! Documents on their way to a system: checked when they are added, sent when they are approved.
//!
//! A document is named by its key for good. A send is noted before the system is called; after any
//! error but a refusal its outcome is unknown, and the system is asked for the key before the
//! document is sent again. A call whose answer was lost may take effect a while later, so the
//! question waits until that time is over.

mod body;
mod document;
mod send;

pub use body::BodyProblem;
pub use document::{content_hash, outgoing_document};
pub use send::{ENTRIES_MAX_DEFAULT, OutboxRun, SETTLING_DEFAULT, SendOptions, SendReport};
