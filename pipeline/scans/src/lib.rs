//! Reads, normalises and checks scan events.
//!
//! One record shape serves HTTP bodies, JSON Lines, JSON arrays and CSV: [`parse_event`] reads one
//! record, [`EventReader`] a file or a body of them as Arrow batches of [`raw_event_schema`]. A record that
//! breaks a rule becomes a [`Rejected`] with a stable reason; it never stops the file, and nothing a
//! sender writes can make this crate panic or hold more than a bounded part of a file. What a code
//! means, where it is, and which event counts are decided later, from the whole ledger.

mod classify;
mod codes;
mod columns;
mod content;
mod csv_records;
mod decimal;
mod encoding;
mod error;
mod event;
mod fields;
mod flat;
mod inputs;
mod json_values;
mod lines;
mod names;
mod parse;
mod reader;
mod receipt;
mod record;
mod reject;
mod rewind;
mod rows;
mod rules;
mod schema;
mod source;
mod times;

pub use classify::{Classified, Collision, KnownEvents, classify};
pub use codes::{CODE_LENGTH_MAX, CodeReader, CodeRules, PatternError};
pub use error::ScanError;
pub use event::{Code, Input, ScanEvent};
pub use fields::Field;
pub use parse::parse_event;
pub use reader::{Chunk, EventReader};
pub use receipt::Receipt;
pub use reject::{Reason, Rejected, Rejection};
pub use rows::EventRows;
pub use rules::ScanRules;
pub use schema::raw_event_schema;
pub use source::Format;
