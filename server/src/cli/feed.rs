//! Rows of a stream that are scan events: they take the way of a scan file.
//!
//! Which rows were taken is part of the position of the scans, so it is committed with them. A row that is
//! taken twice, after a crash, is recognised by its event's id as one of a file would be.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::AsArray;
use arrow::compute::max;
use arrow::csv::WriterBuilder;
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use chrono::Utc;
use futures::TryStreamExt;
use yuanliu_scans::Receipt;
use yuanliu_warehouse::QueryScope;

use super::ingest::{as_run, take};
use crate::hub::Hub;
use crate::ledger::{Bounds, Ledger, scan_position};
use crate::models::Models;

/// Rows taken at a time: what a file of the same length would land in one commit.
const ROWS_AT_A_TIME: usize = 100_000;

/// Takes the rows of a raw table that were not taken before; none if there are none.
///
/// Rows that vanished from their system stay events: what was scanned was scanned.
pub(crate) async fn feed(
    hub: &Hub,
    ledger: Option<&Ledger>,
    table: &str,
    is_quiet: bool,
) -> Result<Option<Receipt>> {
    if hub.lake.position(&table.parse()?).await?.is_none() {
        return Ok(None);
    }
    let (_, said) = scan_position(&hub.lake).await?;
    let mut from = said.fed.get(table).copied().unwrap_or(0);
    let scope = Models::load(hub)?.scope(hub, Utc::now());
    let mut rows = next_rows(&scope, table, from).await?;
    if last_of(&rows).is_none() {
        return Ok(None);
    }
    let opened;
    let ledger = match ledger {
        Some(ledger) => ledger,
        None => {
            opened = Ledger::open(hub, Bounds::COMMAND).await?;
            &opened
        }
    };
    let receipt = as_run(hub, table, async |run_id, receipt| {
        while let Some(last) = last_of(&rows) {
            let folder = tempfile::tempdir_in(&hub.config.hub.data)
                .with_context(|| format!("making room for the rows of {table}"))?;
            let file = folder.path().join(format!("{table}.csv"));
            write_csv(&file, &rows).with_context(|| format!("writing the rows of {table}"))?;
            let label = format!("{table} after {from}");
            take(hub, ledger, is_quiet, &file, &label, run_id, receipt).await?;
            ledger.mark_fed(table, last).await?;
            from = last;
            rows = next_rows(&scope, table, from).await?;
        }
        Ok(())
    });
    receipt.await.map(Some)
}

/// The next rows after a `_seq`, in order.
async fn next_rows(scope: &QueryScope, table: &str, from: i64) -> Result<Vec<RecordBatch>> {
    let sql = format!(
        "select * from {table} where _seq > {from} and _op <> 'delete' order by _seq limit {ROWS_AT_A_TIME}"
    );
    let rows = scope.query(&sql, Vec::new()).await?;
    rows.try_collect().await.with_context(|| format!("reading the rows of {table}"))
}

/// The greatest `_seq` among rows; none if there are no rows.
fn last_of(rows: &[RecordBatch]) -> Option<i64> {
    let last =
        |batch: &RecordBatch| max(batch.column_by_name("_seq")?.as_primitive_opt::<Int64Type>()?);
    rows.iter().filter_map(last).max()
}

/// Writes the columns of the stream, those of the landing left out.
fn write_csv(file: &Path, rows: &[RecordBatch]) -> Result<()> {
    let mut writer = WriterBuilder::new().with_header(true).build(File::create(file)?);
    for batch in rows {
        let schema = batch.schema();
        let own = schema.fields().iter().enumerate();
        let own = own.filter(|(_, field)| !field.name().starts_with('_')).map(|(at, _)| at);
        writer.write(&batch.project(&own.collect::<Vec<_>>())?)?;
    }
    Ok(())
}
