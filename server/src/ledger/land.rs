//! From the inbox into the lake.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::record_batch::RecordBatch;
use tokio::sync::watch;
use yuanliu_scans::raw_event_schema;
use yuanliu_trace_index::Progress;
use yuanliu_warehouse::{Position, TableName};

use super::Ledger;
use super::position::scan_position;
use crate::models::SCAN_TABLE;

/// Events landed in one commit.
const LANDING_ROWS: usize = 25_000;

/// The inbox is landed at this many events even if it is not time yet.
const DUE_EVENTS: u64 = 200_000;

/// After so many landings the small files are written together.
const COMPACT_EVERY: u32 = 64;

impl Ledger {
    /// Lands everything that is in the inbox now; answers how many events that were.
    pub(crate) async fn land(&self) -> Result<u64> {
        let _one_at_a_time = self.landing.lock().await;
        let table: TableName = SCAN_TABLE.parse()?;
        let last = self.inbox.status().last_sequence;
        let mut events = 0;
        let (mut sequence, mut said) = scan_position(&self.lake).await?;
        loop {
            let from = said.inbox.unwrap_or(0);
            if from >= last {
                return Ok(events);
            }
            let inbox = self.inbox.clone();
            let frames = tokio::task::spawn_blocking(move || inbox.read_after(from, LANDING_ROWS));
            let frames = frames.await.context("reading the inbox")?.context("reading the inbox")?;
            let Some(through) = frames.last().map(|(sequence, _)| *sequence) else {
                return Ok(events);
            };
            let batches: Vec<_> = frames.into_iter().map(|(_, batch)| batch).collect();
            events += batches.iter().map(|batch| batch.num_rows() as u64).sum::<u64>();
            said.inbox = Some(through);
            sequence += 1;
            let position = Position { sequence, text: serde_json::to_string(&said)? };
            let began = Instant::now();
            self.lake.append(&table, batches, position).await?;
            self.metrics.lake_committed(table.schema(), began.elapsed());
            self.release(through, sequence).await?;
        }
    }

    /// Notes with the lake up to where a raw table was taken as scan events.
    pub(crate) async fn mark_fed(&self, raw: &str, last: i64) -> Result<()> {
        self.land().await?;
        let _one_at_a_time = self.landing.lock().await;
        let (sequence, mut said) = scan_position(&self.lake).await?;
        said.fed.insert(raw.to_owned(), last);
        let position = Position { sequence: sequence + 1, text: serde_json::to_string(&said)? };
        let nothing = RecordBatch::new_empty(raw_event_schema());
        Ok(self.lake.append(&SCAN_TABLE.parse()?, vec![nothing], position).await?)
    }

    /// Lets go of landed frames, once the index has them on disk as well.
    async fn release(&self, through: u64, lake_sequence: i64) -> Result<()> {
        let (inbox, index) = (self.inbox.clone(), Arc::clone(&self.index));
        let released = tokio::task::spawn_blocking(move || -> Result<()> {
            let progress = index.progress()?;
            if progress.inbox_sequence < through {
                return Ok(());
            }
            let nothing = RecordBatch::new_empty(raw_event_schema());
            index.apply(&nothing, Progress { lake_sequence, ..progress })?;
            index.persist()?;
            Ok(inbox.release_through(through)?)
        });
        released.await.context("releasing the inbox")?
    }

    /// Lands at every interval, and earlier when much waits, until told to stop; a failure is told
    /// and tried again at the next interval.
    pub(crate) async fn keep_landing(&self, every: Duration, mut stop: watch::Receiver<bool>) {
        let mut last = self.inbox.last_sequence();
        let mut landings = 0;
        let mut due = tokio::time::interval(every);
        due.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = due.tick() => {}
                changed = last.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    if self.inbox.status().pending_events < DUE_EVENTS {
                        continue;
                    }
                }
                _ = stop.changed() => return,
            }
            match self.land().await {
                Ok(0) => {}
                Ok(_) => {
                    landings += 1;
                    if landings % COMPACT_EVERY == 0 {
                        self.compact().await;
                    }
                }
                Err(error) => tracing::error!(error = %format!("{error:#}"), "landing scan events"),
            }
        }
    }

    async fn compact(&self) {
        let Ok(table) = SCAN_TABLE.parse() else { return };
        if let Err(error) = self.lake.compact(&table).await {
            tracing::warn!(%error, "compacting scan events");
        }
    }
}
