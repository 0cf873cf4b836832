//! From a request to typed values, and back.

mod assets;
mod audited;
mod body;
mod caller;
mod cookies;
mod cursor;
mod download;
mod guard;
mod headers;
mod limits;
mod origin;
pub(crate) mod query;
mod valid;

pub use self::assets::{Asset, Assets, NoAssets};
pub use self::caller::{Caller, Credential, MaybeCaller};
pub use self::guard::{Needs, Staff, needs};

pub(crate) use self::assets::answer as answer_asset;
pub(crate) use self::audited::{audited, note, note_login};
pub(crate) use self::body::Body;
pub(crate) use self::cookies::{clear, cookie, set};
pub(crate) use self::cursor::{Asked, PageParams};
pub(crate) use self::download::attachment;
pub(crate) use self::headers::secure;
pub(crate) use self::limits::{answer_within, method_missing};
pub(crate) use self::origin::{Asker, Visitor};
pub(crate) use self::query::{Params, Question};
pub(crate) use self::valid::{length, number, region, words};

/// A JSON body larger than this is refused.
pub const JSON_BYTES_MAX: usize = 4 << 20;

/// A body of events larger than this is refused; a device sends its events in several.
pub const EVENTS_BYTES_MAX: usize = 16 << 20;
