//! What the API needs of the hub, as traits of plain data.
//!
//! Every call that answers with rows takes the [`Principal`](crate::access::Principal) who asks:
//! whoever implements a port decides by it which rows there are, so that no route can forget to.

mod accounts;
mod alerts;
mod audit;
mod cases;
mod claims;
mod configuration;
mod dealers;
mod drift;
mod error;
mod jobs;
mod page;
mod places;
mod rejects;
mod reports;
mod runs;
mod scans;
mod sessions;
mod systems;
mod tracing;

pub use self::accounts::*;
pub use self::alerts::*;
pub use self::audit::*;
pub use self::cases::*;
pub use self::claims::*;
pub use self::configuration::*;
pub use self::dealers::*;
pub use self::drift::*;
pub use self::error::*;
pub use self::jobs::*;
pub use self::page::*;
pub use self::places::*;
pub use self::rejects::*;
pub use self::reports::*;
pub use self::runs::*;
pub use self::scans::*;
pub use self::sessions::*;
pub use self::systems::*;
pub use self::tracing::*;
