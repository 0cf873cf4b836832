//! The traits a connector implements.

use std::sync::Arc;

use async_trait::async_trait;

use crate::budget::CallBudget;
use crate::check::CheckReport;
use crate::clock::Clock;
use crate::config::{ConfigProblem, ConfigSpec, Settings};
use crate::cursor::Cursor;
use crate::discover::DiscoveredObject;
use crate::error::Result;
use crate::page::{DecodedRows, Page, Preview};
use crate::stream::{ReadRange, StreamSpec};

/// What a kind of system can do, as plain data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Streams can be read after a cursor.
    pub incremental: bool,
    /// The system says by itself which rows were deleted.
    pub reports_deletes: bool,
    /// Approved documents can be written back.
    pub write_back: bool,
    /// Streams are what each system configures, so their mapping belongs to the system: SQL
    /// addresses them as `current.<system>__<stream>` instead of by kind.
    pub own_streams: bool,
}

/// What the hub lends a system: time and a call budget. Tests lend others.
#[derive(Clone)]
pub struct Seams {
    /// Now, and waiting.
    pub clock: Arc<dyn Clock>,
    /// Asked before every remote call of one ERP account.
    pub budget: Arc<dyn CallBudget>,
}

/// A kind of system, one value per connector crate.
///
/// Called once at start-up; it holds no state.
pub trait Connector: Send + Sync {
    /// The word written as `kind = "…"` in a system's configuration; snake case.
    fn kind(&self) -> &'static str;

    /// What people call the system: Chinese first, then English.
    fn title(&self) -> &'static str;

    /// What this kind can do.
    fn capabilities(&self) -> Capabilities;

    /// The configuration fields as data; parser, check, docs and form come from this one value.
    fn config_spec(&self) -> ConfigSpec;

    /// The streams of a system that configures nothing, so that models over a kind nobody has
    /// connected yet are empty rather than broken.
    fn default_streams(&self) -> Vec<StreamSpec>;

    /// Builds a system from checked settings, without contacting it.
    ///
    /// Returns every problem that the field kinds alone could not show.
    fn open(
        &self,
        settings: &Settings,
        seams: Seams,
    ) -> std::result::Result<Arc<dyn System>, Vec<ConfigProblem>>;
}

/// One configured system. Shared between tasks; every method may be called concurrently.
///
/// Each method makes remote calls at once and returns the first error unretried: the engine decides
/// by [`crate::ErrorKind`] whether to call again. After [`crate::ErrorKind::SessionExpired`] the system has
/// already forgotten its session, so that the next call logs in anew.
#[async_trait]
pub trait System: Send + Sync {
    /// The streams this system offers under its configuration, extra fields included.
    fn streams(&self) -> Vec<StreamSpec>;

    /// Can I log in, which version, what may I read. Problems are items of the report; an error is
    /// returned only if the system cannot be reached or refuses the login.
    async fn check(&self) -> Result<CheckReport>;

    /// Objects and fields the system knows, custom fields included.
    async fn discover(&self) -> Result<Vec<DiscoveredObject>>;

    /// The first rows of a stream, raw and typed, with those that would be rejected.
    async fn preview(&self, stream: &str, rows_max: usize) -> Result<Preview>;

    /// Opens a stream after `cursor` (none: from the beginning), within `range`.
    async fn read(
        &self,
        stream: &str,
        cursor: Option<&Cursor>,
        range: &ReadRange,
    ) -> Result<Box<dyn Source>>;

    /// Types rows again that were rejected before, from the payloads kept with them.
    fn decode(&self, stream: &str, payloads: &[String]) -> Result<DecodedRows>;
}

/// An opened stream. Used by one task.
#[async_trait]
pub trait Source: Send {
    /// The next page, or none when the stream is read up to its fence.
    ///
    /// Safe to call again after an error: the same page is asked for once more. A page's cursor is
    /// the position after its last row; a run that starts there misses nothing.
    async fn next_page(&mut self) -> Result<Option<Page>>;
}
