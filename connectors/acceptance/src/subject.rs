//! What a connector's test tells the suite about the connector and its source.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, TimeZone, Utc};
use yuanliu_contract::Connector;
use yuanliu_contract::config::SecretSource;

/// A row as the suite sees it: a document (or one line of it), when it changed, and some text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceRow {
    /// The document or master: digits only, so that it fits a number and a text.
    pub id: String,
    /// The line, digits only; given only if [`Expectations::has_lines`].
    pub line: Option<String>,
    /// The value of the change column; all lines of one document share it.
    pub changed_at: Option<DateTime<Utc>>,
    /// Any text column that is not part of the key.
    pub note: String,
}

/// A failure the source is asked to produce once, at the next call that reads data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The session is gone: this call and all before a new login are refused.
    SessionLost,
    /// 429 with `Retry-After` in seconds.
    RateLimitedSeconds(u64),
    /// 429 with `Retry-After` as an HTTP date.
    RateLimitedDate(DateTime<Utc>),
    /// HTTP 200 whose body says that the query failed.
    ErrorInside200,
    /// An answer cut off in the middle.
    MalformedPage,
    /// A page without rows although there are more.
    EmptyPage,
    /// No answer within the connector's time limit.
    Timeout,
    /// The connection breaks before the answer.
    ConnectionReset,
    /// A 503, a lock, a failed database operation.
    Busy,
}

/// Whether a source can do what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// Done; the next reading call shows it.
    Applied,
    /// This kind of source knows no such thing.
    NotApplicable,
}

/// Facts about the subject that the suite cannot find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expectations {
    /// Rows of one page; keep it small, the suite puts a few pages of rows.
    pub page_rows: usize,
    /// Whether the stream's key is a document and its line.
    pub has_lines: bool,
    /// Whether rows newer than the upper fence wait for the next run.
    pub has_fence: bool,
}

/// A connector with a source that the suite can fill and break. Holds no rows when made.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The connector under test.
    fn connector(&self) -> Arc<dyn Connector>;

    /// A complete configuration of one system over the source, without the hub's own keys.
    ///
    /// Paths are absolute. Secrets are references that [`Subject::secrets`] resolves.
    fn config(&self) -> toml::Table;

    /// The values behind the configuration's secret references.
    fn secrets(&self) -> FixedSecrets {
        FixedSecrets::default()
    }

    /// The stream that [`Subject::put`] fills.
    fn stream(&self) -> &str;

    /// Facts the suite needs.
    fn expectations(&self) -> Expectations;

    /// The source's clock when a behaviour starts; the manual clock starts there.
    ///
    /// Override it if the source or its answers carry a clock of their own.
    fn now(&self) -> DateTime<Utc> {
        default_now()
    }

    /// Called with the same duration whenever the suite moves its own clock on.
    async fn advance(&self, _duration: std::time::Duration) {}

    /// Inserts or replaces rows by id and line.
    async fn put(&self, rows: &[SourceRow]);

    /// Removes a document with all its lines.
    async fn delete(&self, id: &str);

    /// Inserts one row of which one value cannot be typed.
    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability;

    /// Makes the next reading call fail; later ones do not.
    async fn inject(&self, fault: Fault) -> Applicability;

    /// Reads a batch of the stream back; one row per batch row, in order.
    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow>;
}

/// The instant at which behaviours start by default: 2026-03-02 08:00 UTC.
pub fn default_now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).single().unwrap_or_default()
}

/// Secret references and what is behind them; a path is what was written.
#[derive(Debug, Clone, Default)]
pub struct FixedSecrets(BTreeMap<String, String>);

impl FixedSecrets {
    /// Adds the value behind a reference such as `env:APP_SECRET`.
    pub fn with(mut self, reference: &str, value: &str) -> Self {
        self.0.insert(reference.to_owned(), value.to_owned());
        self
    }

    /// Every value that must never be printed.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

impl SecretSource for FixedSecrets {
    fn resolve(&self, reference: &str) -> Result<String, String> {
        self.0.get(reference).cloned().ok_or_else(|| format!("{reference} is not set"))
    }

    fn path(&self, written: &str) -> PathBuf {
        PathBuf::from(written)
    }
}
