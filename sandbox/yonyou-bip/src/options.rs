//! How a sandbox is started.

use std::collections::{BTreeMap, BTreeSet};

use crate::auth::Credentials;
use crate::clock::Clock;
use crate::data::{Dataset, Object};
use crate::fault::Faults;

/// Seconds a token lives, as the platform's do (reference: yonyou.md 1.2).
const TOKEN_LIFE_S: i64 = 7_200;

/// A limit of calls per path and minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Calls of one path in one minute of the clock.
    pub calls_per_minute: u32,
    /// Whether a refusal comes with HTTP 429 rather than 200.
    pub as_429: bool,
}

/// Options of [`BipSandbox::start`](crate::BipSandbox::start).
#[derive(Debug, Clone)]
pub struct BipOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What the server holds.
    pub dataset: Dataset,
    /// The tenant and its app.
    pub credentials: Credentials,
    /// Faults of list calls to come.
    pub faults: Faults,
    /// The server's clock.
    pub clock: Clock,
    /// Seconds a token lives.
    pub token_life_s: i64,
    /// A limit of calls; none by default.
    pub throttle: Option<Throttle>,
    /// Largest page; a larger one is cut to it without a word.
    pub page_rows_max: usize,
    /// Whether the envelope's `code` is the number 200 rather than the text.
    pub is_code_number: bool,
    /// Whether a document's `code` of digits only is a JSON number.
    pub is_document_code_number: bool,
    /// Paths that the app was not granted.
    pub ungranted: BTreeSet<String>,
    /// Lists that ignore `queryOrders` and conditions on `id`, as some services do.
    pub unordered: BTreeSet<String>,
    /// The path at which a bad token is answered with `text/plain`.
    pub text_token_path: Option<String>,
    /// Paths under which documents are saved; no published page gives one, so the tenant names it.
    pub saves: BTreeMap<String, Object>,
}

impl Default for BipOptions {
    fn default() -> Self {
        Self {
            port: 0,
            dataset: Dataset::default(),
            credentials: Credentials::default(),
            faults: Faults::default(),
            clock: Clock::System,
            token_life_s: TOKEN_LIFE_S,
            throttle: None,
            page_rows_max: 5_000,
            is_code_number: false,
            is_document_code_number: false,
            ungranted: BTreeSet::new(),
            unordered: BTreeSet::new(),
            text_token_path: Some(Object::Unit.path().to_owned()),
            saves: BTreeMap::new(),
        }
    }
}
