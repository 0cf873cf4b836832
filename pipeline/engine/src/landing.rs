//! The landing side of a run: what is gathered, compared and appended with its position.

use std::collections::{HashMap, HashSet};

use arrow::error::ArrowError;
use yuanliu_contract::{Cursor, Page};

use crate::fingerprint;
use crate::ports::Position;
use crate::report::RunReport;
use crate::run::{RunError, StreamRun};
use crate::staging_buffer::StagingBuffer;
use crate::tombstone::tombstones;

/// Wide rows are landed when they take this much, however few they are.
const LANDING_BYTES_MAX: usize = 24 << 20;

/// The landing side of a run.
pub(crate) struct Landing<'a, 'b> {
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

impl<'a, 'b> Landing<'a, 'b> {
    /// The landing side of a run that starts at a table's position.
    pub(crate) fn new(
        run: &'a StreamRun<'b>,
        table: String,
        start: Option<&Position>,
        is_backfill: bool,
    ) -> Self {
        Self {
            run,
            table,
            kept_cursor: start.map(|p| p.cursor.clone()).unwrap_or_default(),
            is_backfill,
            sequence: start.map_or(0, |p| p.sequence),
            compares: start.is_some(),
            needs_table: start.is_none(),
            buffer: StagingBuffer::default(),
        }
    }

    /// Whether enough waits to be landed.
    pub(crate) fn is_due(&self, rows_max: usize) -> bool {
        self.buffer.rows() >= rows_max || self.buffer.bytes() >= LANDING_BYTES_MAX
    }

    /// Takes a page: rejects are kept, deletions landed, rows gathered.
    pub(crate) async fn take(
        &mut self,
        page: Page,
        report: &mut RunReport,
    ) -> Result<(), RunError> {
        let rejects = &page.rows.rejects;
        if !rejects.is_empty() {
            let run = self.run;
            run.rejects.keep(run.run_id, run.system_name, &run.spec.name, rejects).await?;
        }
        report.read += (page.rows.batch.num_rows() + rejects.len()) as u64;
        report.rejected += rejects.len() as u64;
        if let Some(deleted) = &page.deleted {
            let keys = fingerprint::keys(deleted, &self.run.spec.key);
            let keys = keys.map_err(|e| self.compare_error(e))?;
            let keys: HashSet<String> = keys.iter().flatten().map(str::to_owned).collect();
            // What was read before the deletion must be landed before it.
            self.flush(None, report).await?;
            report.read += deleted.num_rows() as u64;
            let marked = self.mark_deleted(&keys, report).await?;
            report.loaded += marked;
            report.unchanged += (deleted.num_rows() as u64).saturating_sub(marked);
        }
        self.buffer.push(&self.run.spec, page.rows.batch).map_err(|e| self.compare_error(e))
    }

    /// Lands a tombstone for each of `keys` that has a current row; answers how many had.
    pub(crate) async fn mark_deleted(
        &mut self,
        keys: &HashSet<String>,
        report: &mut RunReport,
    ) -> Result<u64, RunError> {
        if keys.is_empty() || self.needs_table {
            return Ok(0);
        }
        let rows = self.run.tables.current_rows(&self.table, keys).await?;
        let sequence = self.sequence + 1;
        let tombstones = tombstones(&rows, sequence, self.run.clock.now());
        let Some(tombstones) = tombstones.map_err(|e| self.compare_error(e))? else {
            return Ok(0);
        };
        let marked = tombstones.num_rows() as u64;
        let position = Position { sequence, cursor: self.kept_cursor.clone() };
        self.run.tables.append(&self.table, vec![tombstones], &position).await?;
        self.sequence = sequence;
        report.landings += 1;
        report.deleted += marked;
        Ok(marked)
    }

    /// Lands what waits; the end of a run.
    pub(crate) async fn finish(
        &mut self,
        cursor: Option<Cursor>,
        report: &mut RunReport,
    ) -> Result<(), RunError> {
        if self.buffer.rows() > 0 || cursor.is_some() || self.needs_table {
            self.flush(cursor, report).await?;
        }
        Ok(())
    }

    /// Lands what waits together with the position after it; no cursor: the position stays.
    pub(crate) async fn flush(
        &mut self,
        cursor: Option<Cursor>,
        report: &mut RunReport,
    ) -> Result<(), RunError> {
        let read = self.buffer.rows() as u64;
        let current = if !self.compares || read == 0 {
            HashMap::new()
        } else {
            self.run.tables.current_hashes(&self.table, &self.buffer.key_changes()).await?
        };
        let sequence = self.sequence + 1;
        let now = self.run.clock.now();
        let rows = self
            .buffer
            .drain_changed(&self.run.spec, &current, sequence, now)
            .map_err(|e| self.compare_error(e))?;
        let loaded = rows.iter().map(|batch| batch.num_rows() as u64).sum::<u64>();
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
