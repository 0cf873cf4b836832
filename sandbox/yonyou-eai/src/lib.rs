//! A server that speaks Yonyou U8 EAI (用友 U8 EAI) and NC XChange XML, for demonstrations and tests.
//!
//! [`EaiSandbox::start`] serves a [`Dataset`] on 127.0.0.1 inside the calling process and answers an
//! [`EaiHandle`], through which a test changes records, sees what was written, injects [`Fault`]s and
//! switches to GBK. It is faithful where clients depend on it (reference: yonyou.md 3.1, 3.3 and 6.7,
//! 6.8): a GET says 正常, the raw body is taken with any content type, the path in any case, an unknown
//! sender is refused, queries have conditions on database columns, adds answer one item per record with
//! `succeed="0"` for success and `101` for a number in use, and the NC servlet answers one result per
//! bill with the replace semantics of its id.
//!
//! How EAI words an unknown sender or column is not published; the sandbox makes its own words.

mod clock;
mod data;
mod fault;
mod fill;
mod http;

pub use clock::Clock;
pub use data::{Dataset, Record};
pub use fault::{Fault, Faults, FaultsError};
pub use http::{ACCOUNT, EaiHandle, EaiOptions, EaiSandbox, SENDER, StartError};
