//! BI tools over the PostgreSQL wire protocol: read-only, each login within its scope.
//!
//! A connection begins with a login and a password, which a [`Door`] answers with the view of the lake
//! that this person has. Names are resolved in that view only, the catalogue of PostgreSQL
//! (`pg_catalog`, `information_schema`) included, so that no tool can list or count more than its
//! login may see. Statements that are not questions are refused before they are planned.
//!
//! Bounds: connections, statements at a time, and the time of a statement from its first byte to its
//! last row ([`Bounds`]). Memory is that of the lake's own pool.

mod bounded;
mod door;
mod drivers;
mod error;
mod listen;
mod parameters;
mod phrasing;
mod read_only;
mod rewrite;
mod session;
mod startup;
mod tls;

pub use door::{Door, Refused};
pub use error::BiError;
pub use listen::{BiServer, Bounds};
pub use tls::{Acceptor, acceptor};
