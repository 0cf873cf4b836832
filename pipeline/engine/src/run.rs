//! One run of one stream.

use std::sync::Arc;

use arrow::error::ArrowError;
use tracing::info;
use yuanliu_contract::{Clock, ConnectorError, Cursor, ErrorKind, ReadRange, StreamSpec, System};

use crate::landing::Landing;
use crate::policy::directive;
use crate::ports::{RejectStore, StoreError, TableStore};
use crate::read_ahead::ReadAhead;
use crate::report::{RunOutcome, RunReport};
use crate::retry::with_policy;
use crate::staging_buffer::LANDING_ROWS_MAX;

/// Rows gathered before a landing: few enough to hold, many enough to keep commits rare.
pub const LANDING_ROWS_DEFAULT: usize = 100_000;

/// A run makes at most this many pages; a source that never ends is an error.
pub(crate) const PAGES_MAX: u64 = 10_000_000;

/// What a person asked of a run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Start from the beginning instead of the position; rows are still compared.
    pub full: bool,
    /// The part of the stream to read.
    pub range: ReadRange,
    /// Rows gathered before a landing.
    pub landing_rows: usize,
    /// Land in a table that no model reads, from the raw table's position, and leave that where it is.
    pub quarantine: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            full: false,
            range: ReadRange::default(),
            landing_rows: LANDING_ROWS_DEFAULT,
            quarantine: false,
        }
    }
}

impl RunOptions {
    /// A range with an end is a backfill: it leaves the position where it was.
    pub fn is_backfill(&self) -> bool {
        self.range.changed_from.is_some() || self.range.changed_to.is_some()
    }
}

/// Told after every page.
pub trait Progress: Send + Sync {
    /// The counts so far.
    fn advanced(&self, report: &RunReport);
}

impl Progress for () {
    fn advanced(&self, _report: &RunReport) {}
}

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The system failed.
    #[error(transparent)]
    System(#[from] ConnectorError),
    /// The lake or the metadata store failed; the position did not move.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// So many rows vanished that the system may only have hidden them.
    #[error(
        "{vanished} of {held} rows of {stream} are gone from the system, more than {percent} %; \
         check the integration user's rights and organisation, then run again with --force if they \
         were really deleted"
    )]
    TooManyVanished {
        /// The stream.
        stream: String,
        /// How many the system no longer shows.
        vanished: u64,
        /// How many the lake holds.
        held: u64,
        /// The greatest share taken without being forced.
        percent: u64,
    },
    /// Rows could not be compared.
    #[error("comparing rows of {stream}")]
    Compare {
        /// The stream.
        stream: String,
        /// The error below.
        #[source]
        source: ArrowError,
    },
}

/// One run of one stream: borrowed parts, no state kept afterwards.
pub struct StreamRun<'a> {
    /// Names the run in the ledger and on rejects.
    pub run_id: &'a str,
    /// The system's configured name.
    pub system_name: &'a str,
    /// The system to read.
    pub system: Arc<dyn System>,
    /// The stream to read.
    pub spec: StreamSpec,
    /// Where rows land.
    pub tables: &'a dyn TableStore,
    /// Where rejects are kept.
    pub rejects: &'a dyn RejectStore,
    /// Now, and waiting.
    pub clock: Arc<dyn Clock>,
}

impl StreamRun<'_> {
    /// The raw table this stream lands in.
    pub fn table(&self) -> String {
        format!("raw.{}__{}", self.system_name, self.spec.name)
    }

    /// The table its rows land in while nobody has accepted how the system changed.
    pub fn quarantine_table(&self) -> String {
        format!("quarantine.{}__{}", self.system_name, self.spec.name)
    }

    /// Reads to the fence and lands; an error ends the run and is part of the report.
    pub async fn run(
        &self,
        options: &RunOptions,
        progress: &dyn Progress,
    ) -> (RunReport, Option<RunError>) {
        let mut report = RunReport::begin(self.system_name, &self.spec.name);
        let result = self.read_and_land(options, progress, &mut report).await;
        let error = result.err();
        match &error {
            Some(error) => {
                report.outcome = RunOutcome::Red;
                report.message = Some(explain(error));
            }
            None if report.rejected > 0 => {
                report.outcome = RunOutcome::Yellow;
                report.message =
                    Some("some rows were rejected; see `yuanliu rejects list`".to_owned());
            }
            None => {}
        }
        info!(system = report.system, stream = report.stream, outcome = ?report.outcome,
            read = report.read, loaded = report.loaded, unchanged = report.unchanged,
            rejected = report.rejected, "run ended");
        (report, error)
    }

    async fn read_and_land(
        &self,
        options: &RunOptions,
        progress: &dyn Progress,
        report: &mut RunReport,
    ) -> Result<(), RunError> {
        let table = self.table();
        let start = self.tables.position(&table).await?;
        let cursor = start
            .as_ref()
            .filter(|p| !options.full && !options.is_backfill() && !p.cursor.is_empty())
            .map(|p| Cursor::from_text(p.cursor.clone()));
        let mut landing = if options.quarantine {
            let table = self.quarantine_table();
            let held = self.tables.position(&table).await?;
            Landing::new(self, table, held.as_ref(), true)
        } else {
            Landing::new(self, table, start.as_ref(), options.is_backfill())
        };
        let source = with_policy(&*self.clock, || {
            self.system.read(&self.spec.name, cursor.as_ref(), &options.range)
        })
        .await?;
        let mut pages = ReadAhead::start(source, Arc::clone(&self.clock));
        let mut last_cursor = None;
        for _ in 0..PAGES_MAX {
            let Some(page) = pages.next().await? else {
                landing.finish(last_cursor, report).await?;
                self.expect_rows(start.is_none(), report);
                return Ok(());
            };
            last_cursor = Some(page.cursor.clone());
            landing.take(page, report).await?;
            if landing.is_due(options.landing_rows.min(LANDING_ROWS_MAX)) {
                landing.flush(last_cursor.take(), report).await?;
            }
            progress.advanced(report);
        }
        Err(ConnectorError::new(ErrorKind::Internal, format!("reading {}", self.spec.name))
            .with_detail(format!("the stream did not end after {PAGES_MAX} pages"))
            .into())
    }

    fn expect_rows(&self, from_the_beginning: bool, report: &mut RunReport) {
        if from_the_beginning && self.spec.expects_rows && report.read == 0 {
            report.outcome = RunOutcome::Yellow;
            report.message = Some(format!(
                "no rows at all in {}; check the integration user's data permission and organisation",
                self.spec.title
            ));
        }
    }
}

/// One line for a person: what failed, why, and what to do.
pub fn explain(error: &RunError) -> String {
    match error {
        RunError::System(error) => explain_system(error),
        other => layers(other),
    }
}

/// The same for a system's failure.
pub fn explain_system(error: &ConnectorError) -> String {
    let hint = error.hint.as_deref().unwrap_or(directive(error.kind).hint);
    format!("{}; {hint}", layers(error))
}

fn layers(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(source) = below {
        let layer = source.to_string();
        if !text.contains(&layer) {
            text.push_str(": ");
            text.push_str(&layer);
        }
        below = source.source();
    }
    text
}
