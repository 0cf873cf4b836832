//! A server that speaks the Yonyou U8 OpenAPI relay (用友 U8 开放平台), for demonstrations and tests.
//!
//! [`U8Sandbox::start`] serves a [`Dataset`] on 127.0.0.1 inside the calling process and answers a
//! [`U8Handle`], through which a test changes rows, takes the agent offline, revokes tokens and
//! injects [`Fault`]s. It is faithful where clients depend on it (reference: yonyou.md 2 and 6.6):
//! all values are texts, empty columns are left out, an empty result has no array, `errcode` is the
//! text `"0"`, a page has 20 rows unless asked otherwise, lists of documents give headers only, an
//! add is idempotent by `tradeid` or `biz_id`.
//!
//! Codes for an expired token, an offline agent and a used number are not published; the sandbox
//! makes its own. It knows no production orders: no resource of that name is documented.

mod clock;
mod data;
mod fault;
mod fill;
mod http;

pub use clock::Clock;
pub use data::{Dataset, Row};
pub use fault::{Fault, Faults, FaultsError};
pub use http::{Credentials, StartError, U8Handle, U8Options, U8Sandbox};
