//! What a connector is: traits and plain types, no IO.
//!
//! A connector speaks one system's protocol and hands over that system's own fields as typed Arrow
//! batches. It never retries, never sleeps on its own account, never stores a position and never
//! maps a field to the canonical model: the engine owns policy, the lake owns positions and
//! `warehouse-sql/staging` owns mapping.
//!
//! Reading order: [`connector`], [`stream`], [`page`], [`cursor`], [`config`], [`error`].

pub mod budget;
pub mod check;
pub mod clock;
pub mod config;
pub mod connector;
pub mod cursor;
pub mod discover;
pub mod error;
pub mod page;
pub mod secret;
pub mod stream;
pub mod writer;

pub use budget::{CallBudget, Unlimited};
pub use check::{CheckItem, CheckReport};
pub use clock::Clock;
pub use config::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};
pub use connector::{Capabilities, Connector, Seams, Source, System};
pub use cursor::Cursor;
pub use discover::{DiscoveredField, DiscoveredObject};
pub use error::{ConnectorError, ErrorKind, Result};
pub use page::{DecodedRows, Page, Preview, RejectedRow};
pub use secret::Secret;
pub use stream::{Feeds, ReadRange, StreamSpec};
pub use writer::{OutgoingDocument, OutgoingKind, WriteBack, WriteReceipt, Writer, WriterSpec};
