//! One run of one stream.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::error::ArrowError;
use tracing::info;
use yuanliu_contract::{
    Clock, ConnectorError, Cursor, ErrorKind, Page, ReadRange, StreamSpec, System,
};

use crate::policy::directive;
use crate::ports::{Position, RejectStore, StoreError, TableStore};
use crate::report::{RunOutcome, RunReport};
use crate::retry::with_policy;
use crate::staging_buffer::{LANDING_ROWS_MAX, StagingBuffer};

/// Rows gathered before a landing: few enough to hold, many enough to keep commits rare.
pub const LANDING_ROWS_DEFAULT: usize = 20_000;

/// A run makes at most this many pages; a source that never ends is an error.
const PAGES_MAX: u64 = 10_000_000;

/// What a person asked of a run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Start from the beginning instead of the position; rows are still compared.
    pub full: bool,
    /// The part of the stream to read.
    pub range: ReadRange,
    /// Rows gathered before a landing.
    pub landing_rows: usize,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self { full: false, range: ReadRange::default(), landing_rows: LANDING_ROWS_DEFAULT }
    }
}

impl RunOptions {
    /// A range with an end is a backfill: it leaves the position where it was.
    fn is_backfill(&self) -> bool {
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

    /// Reads to the fence and lands; an error ends the run and is part of the report.
    pub async fn run(
        &self,
        options: &RunOptions,
        progress: &dyn Progress,
    ) -> (RunReport, Option<RunError>) {
        let mut report = RunReport {
            system: self.system_name.to_owned(),
            stream: self.spec.name.clone(),
            outcome: RunOutcome::Green,
            read: 0,
            loaded: 0,
            unchanged: 0,
            rejected: 0,
            landings: 0,
            message: None,
        };
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
        let mut landing = Landing {
            run: self,
            table,
            kept_cursor: start.as_ref().map(|p| p.cursor.clone()).unwrap_or_default(),
            is_backfill: options.is_backfill(),
            sequence: start.as_ref().map_or(0, |p| p.sequence),
            compares: start.is_some(),
            needs_table: start.is_none(),
            buffer: StagingBuffer::default(),
        };
        let mut source = with_policy(&*self.clock, async || {
            self.system.read(&self.spec.name, cursor.as_ref(), &options.range).await
        })
        .await?;
        let mut last_cursor = None;
        for _ in 0..PAGES_MAX {
            let page = with_policy(&*self.clock, async || source.next_page().await).await?;
            let Some(page) = page else {
                landing.finish(last_cursor, report).await?;
                self.expect_rows(start.is_none(), report);
                return Ok(());
            };
            last_cursor = Some(page.cursor.clone());
            landing.take(page, report).await?;
            if landing.buffer.rows() >= options.landing_rows.min(LANDING_ROWS_MAX) {
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

/// The landing side of a run.
struct Landing<'a, 'b> {
    run: &'a StreamRun<'b>,
    table: String,
    /// The position's cursor before the run, kept by a backfill.
    kept_cursor: String,
    is_backfill: bool,
    sequence: i64,
    /// Whether the table held rows before the run.
    compares: bool,
    /// The table does not exist yet; even an empty stream creates it, so that models can read it.
    needs_table: bool,
    buffer: StagingBuffer,
}

impl Landing<'_, '_> {
    async fn take(&mut self, page: Page, report: &mut RunReport) -> Result<(), RunError> {
        let rejects = &page.rows.rejects;
        if !rejects.is_empty() {
            let run = self.run;
            run.rejects.keep(run.run_id, run.system_name, &run.spec.name, rejects).await?;
        }
        report.read += (page.rows.batch.num_rows() + rejects.len()) as u64;
        report.rejected += rejects.len() as u64;
        self.buffer.push(&self.run.spec, page.rows.batch).map_err(|e| self.compare_error(e))
    }

    async fn finish(
        &mut self,
        cursor: Option<Cursor>,
        report: &mut RunReport,
    ) -> Result<(), RunError> {
        if self.buffer.rows() > 0 || cursor.is_some() || self.needs_table {
            self.flush(cursor, report).await?;
        }
        Ok(())
    }

    async fn flush(
        &mut self,
        cursor: Option<Cursor>,
        report: &mut RunReport,
    ) -> Result<(), RunError> {
        let read = self.buffer.rows() as u64;
        let current = if !self.compares || read == 0 {
            HashMap::new()
        } else {
            self.run.tables.current_hashes(&self.table, &self.buffer.key_set()).await?
        };
        let sequence = self.sequence + 1;
        let now = self.run.clock.now();
        let rows = if read == 0 {
            arrow::record_batch::RecordBatch::new_empty(crate::staging_buffer::raw_schema(
                &self.run.spec,
            ))
        } else {
            self.buffer
                .drain_changed(&self.run.spec, &current, sequence, now)
                .map_err(|e| self.compare_error(e))?
        };
        let loaded = rows.num_rows() as u64;
        let cursor = match cursor {
            Some(cursor) if !self.is_backfill => cursor.as_text().to_owned(),
            _ => self.kept_cursor.clone(),
        };
        if loaded > 0 || cursor != self.kept_cursor || self.needs_table {
            let position = Position { sequence, cursor: cursor.clone() };
            self.run.tables.append(&self.table, rows, &position).await?;
            report.landings += 1;
            self.sequence = sequence;
            self.kept_cursor = cursor;
            self.needs_table = false;
        }
        report.loaded += loaded;
        report.unchanged += read - loaded;
        Ok(())
    }

    fn compare_error(&self, source: ArrowError) -> RunError {
        RunError::Compare { stream: self.run.spec.name.clone(), source }
    }
}

/// One line for a person: what failed, why, and what to do.
pub fn explain(error: &RunError) -> String {
    let mut text = error.to_string();
    let mut below = std::error::Error::source(error);
    while let Some(source) = below {
        let layer = source.to_string();
        if !text.contains(&layer) {
            text.push_str(": ");
            text.push_str(&layer);
        }
        below = source.source();
    }
    if let RunError::System(error) = error {
        let hint = error.hint.as_deref().unwrap_or(directive(error.kind).hint);
        text.push_str("; ");
        text.push_str(hint);
    }
    text
}
