//! The HTTP API for people: `/api/v1` and the web's files.
//!
//! It knows nothing of the lake or of a database: what it needs of the hub stands in [`ports`], and
//! every call that answers with rows is told who asks. Reading order: [`access`] (who may do what),
//! [`ports`], `http` (from a request to typed values), `routes` (one file per noun), [`problem`] (how
//! it says no, in two languages), `openapi`.

pub mod access;
pub mod ports;
pub mod problem;

mod api;
mod chinese;
mod http;
mod openapi;
mod router;
mod routes;

pub use self::api::{Api, Options, Ports, SESSION_COOKIE};
pub use self::chinese::in_chinese;
pub use self::http::{
    Asset, Assets, Caller, Credential, EVENTS_BYTES_MAX, JSON_BYTES_MAX, MaybeCaller, Needs,
    NoAssets, Staff, needs,
};
pub use self::openapi::document;
pub use self::problem::{Problem, ProblemDocument};
pub use self::router::router;
