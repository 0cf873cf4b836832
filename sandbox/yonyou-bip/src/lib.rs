//! A server that speaks the Yonyou BIP OpenAPI (用友 BIP / YonSuite), for demonstrations and tests.
//!
//! [`BipSandbox::start`] serves a [`Dataset`] on 127.0.0.1 inside the calling process and answers a
//! [`BipHandle`], through which a test changes rows, revokes tokens and injects [`Fault`]s while
//! clients are reading. It is faithful where clients depend on it: gateway discovery, the signature
//! of token requests, the order of checks, error codes inside HTTP 200, paging, `simpleVOs`, named
//! filters, flattened lines, ids as numbers and texts, inclusive `pubts`.
//!
//! Saves are answered only under paths that the options name, because no published page gives one.
//! It is no place for real data: its one app is public.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use serde_json::json;
//! use yuanliu_sandbox_yonyou_bip::{BipOptions, BipSandbox, Fault, Object};
//!
//! let sandbox = BipSandbox::start(BipOptions::default()).await?;
//! sandbox.put(Object::Staff, json!({"id": "s1", "code": "E1", "name": "员工"}), vec![]);
//! sandbox.inject(Fault::TokenLost);
//! let discovery = sandbox.discovery_url(); // http://127.0.0.1:…
//! # drop(discovery);
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod auth;
mod clock;
mod data;
mod fault;
mod fill;
mod http;
mod options;

pub use auth::{Credentials, sign};
pub use clock::Clock;
pub use data::{Dataset, Object};
pub use fault::{Fault, Faults, FaultsError};
pub use http::{BipHandle, BipSandbox, StartError};
pub use options::{BipOptions, Throttle};
