//! HTTP for connectors: one client, one mapping from transport to [`yuanliu_contract::ErrorKind`].
//!
//! A caller asks the call budget before every request, bounds time and size, refuses redirects and
//! keeps no cookies: a connector handles its session explicitly. It never retries; the engine's
//! policy table does. Errors name the address without its query, user or password.
//!
//! Reading order: [`options`], [`caller`], [`reply`], [`retry_after`]; [`decimal`] stands by itself.

pub mod caller;
pub mod cookies;
pub mod decimal;
pub mod options;
pub mod reply;
pub mod retry_after;

pub use bytes::Bytes;
pub use caller::{HttpCaller, HttpRequest};
pub use cookies::CookieJar;
pub use options::HttpOptions;
pub use reply::HttpReply;
pub use reqwest::header::HeaderMap;
pub use reqwest::{Method, Url};
pub use retry_after::parse_retry_after;
