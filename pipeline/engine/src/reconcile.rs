//! Finds rows that vanished from a system by comparing keys, for systems that delete without a trace.
//!
//! The system's keys are read whole, the lake's are streamed past them; a key the lake holds and the
//! system no longer has is marked as deleted. Memory is bounded by [`KEYS_PER_PASS`]: a longer
//! stream is compared in several passes, each over a share of the keys by their hash.

use std::collections::HashSet;

use tracing::info;
use xxhash_rust::xxh3::xxh3_128;
use yuanliu_contract::{ConnectorError, ErrorKind, ReadRange};

use crate::fingerprint;
use crate::landing::Landing;
use crate::report::{RunOutcome, RunReport};
use crate::retry::{next_page, with_policy};
use crate::run::{PAGES_MAX, Progress, RunError, StreamRun, explain};

/// Keys held at once: 16 bytes each, 128 MiB with the set's own room.
pub const KEYS_PER_PASS: u64 = 4_000_000;

/// More than this share of vanished rows looks like a lost right, not like deletions.
pub const VANISHED_PERCENT_MAX: u64 = 20;

/// Fewer vanished rows than this are taken whatever their share.
const VANISHED_ALWAYS: u64 = 20;

/// Tombstones of one commit.
const DELETED_PER_LANDING: usize = 50_000;

impl StreamRun<'_> {
    /// Marks the rows that the system no longer has; `forced` takes any share of them.
    ///
    /// `read` counts the system's keys, `unchanged` equals it, `deleted` counts the rows marked,
    /// `missing` the keys the lake lacks: rows not read yet, rejected, or back after they had vanished
    /// without a new time of change. Only a full reading brings the last kind.
    /// A first pass only counts, so that nothing is marked when too much vanished.
    pub async fn reconcile(
        &self,
        forced: bool,
        progress: &dyn Progress,
    ) -> (RunReport, Option<RunError>) {
        let mut report = RunReport::begin(self.system_name, &self.spec.name);
        let error = self.compare_keys(forced, progress, &mut report).await.err();
        if let Some(error) = &error {
            report.outcome = RunOutcome::Red;
            report.message = Some(explain(error));
        } else {
            let found = [
                (report.deleted, "row(s) vanished from the system"),
                (report.missing, "row(s) of the system are not in the lake"),
            ];
            let found: Vec<_> = found
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{count} {what}"))
                .collect();
            report.message = (!found.is_empty()).then(|| found.join("; "));
        }
        info!(system = report.system, stream = report.stream, outcome = ?report.outcome,
            read = report.read, deleted = report.deleted, "reconciliation ended");
        (report, error)
    }

    async fn compare_keys(
        &self,
        forced: bool,
        progress: &dyn Progress,
        report: &mut RunReport,
    ) -> Result<(), RunError> {
        let table = self.table();
        let Some(start) = self.tables.position(&table).await? else { return Ok(()) };
        let mut held: u64 = 0;
        self.tables.visit_keys(&table, &mut |_| held += 1).await?;
        let passes = held.div_ceil(KEYS_PER_PASS).max(1);
        let mut vanished = HashSet::new();
        for pass in 0..passes {
            let is_of_pass = |key: &str| hash(key) % u128::from(passes) == u128::from(pass);
            let living = self.living_keys(&is_of_pass, progress, report, pass == 0).await?;
            let mut held_of_living = 0;
            let mut note = |key: &str| {
                if !is_of_pass(key) {
                } else if living.contains(&hash(key)) {
                    held_of_living += 1;
                } else {
                    vanished.insert(key.to_owned());
                }
            };
            self.tables.visit_keys(&table, &mut note).await?;
            report.missing += (living.len() as u64).saturating_sub(held_of_living);
            let count = vanished.len() as u64;
            let is_suspect = count > VANISHED_ALWAYS && count * 100 > held * VANISHED_PERCENT_MAX;
            if is_suspect && !forced {
                let stream = self.spec.name.clone();
                let percent = VANISHED_PERCENT_MAX;
                return Err(RunError::TooManyVanished { stream, vanished: count, held, percent });
            }
        }
        let mut landing = Landing::new(self, table, Some(&start), true);
        let vanished: Vec<String> = vanished.into_iter().collect();
        for chunk in vanished.chunks(DELETED_PER_LANDING) {
            landing.mark_deleted(&chunk.iter().cloned().collect(), report).await?;
        }
        Ok(())
    }

    /// The hashes of the keys the system has, those of one pass.
    async fn living_keys(
        &self,
        is_of_pass: &(dyn Fn(&str) -> bool + Sync),
        progress: &dyn Progress,
        report: &mut RunReport,
        counts: bool,
    ) -> Result<HashSet<u128>, RunError> {
        let range = ReadRange { keys_only: true, ..ReadRange::default() };
        let mut source =
            with_policy(&*self.clock, || self.system.read(&self.spec.name, None, &range)).await?;
        let mut living = HashSet::new();
        for _ in 0..PAGES_MAX {
            let page = next_page(&*self.clock, &mut *source).await?;
            let Some(page) = page else { return Ok(living) };
            // A row that cannot be typed has not vanished, but its key is not known.
            if let Some(reject) = page.rows.rejects.first() {
                let action = format!("comparing the keys of {}", self.spec.name);
                return Err(ConnectorError::new(ErrorKind::Malformed, action)
                    .with_detail(format!("{}: {}", reject.position, reject.message))
                    .with_hint("correct the rejected rows first: `yuanliu rejects list`")
                    .into());
            }
            let batch = &page.rows.batch;
            let keys = fingerprint::keys(batch, &self.spec.key)
                .map_err(|source| RunError::Compare { stream: self.spec.name.clone(), source })?;
            living.extend(keys.iter().flatten().filter(|key| is_of_pass(key)).map(hash));
            if counts {
                report.read += batch.num_rows() as u64;
                report.unchanged += batch.num_rows() as u64;
                progress.advanced(report);
            }
        }
        Err(ConnectorError::new(ErrorKind::Internal, format!("reading {}", self.spec.name))
            .with_detail(format!("the stream did not end after {PAGES_MAX} pages"))
            .into())
    }
}

fn hash(key: &str) -> u128 {
    xxh3_128(key.as_bytes())
}
