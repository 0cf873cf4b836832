//! The first rows of a stream, in key order, whatever their change value.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    Date32Type, Decimal128Type, Int64Type, Time64NanosecondType, TimestampMicrosecondType,
    UInt64Type,
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use yuanliu_contract::{DecodedRows, Preview, Result};

use crate::account::Account;
use crate::catalog::{Column, ColumnType, DATABASE_COLUMN, Stream};
use crate::database::Database;
use crate::decimal;
use crate::payload;
use crate::plan::StreamPlan;
use crate::position::PassKind;
use crate::query::{self, Pass};
use crate::source;

/// More rows than this are not shown: they are for people to read.
const ROWS_MAX: usize = 1_000;

/// Reads up to `rows_max` rows of the newest database.
pub(crate) async fn preview<D: Database>(
    account: &Account<D>,
    stream: &Arc<Stream>,
    rows_max: usize,
) -> Result<Preview> {
    let name = account.databases_of(stream).pop().unwrap_or_default();
    let plan = account.plan(stream, &name).await?;
    if plan.is_absent {
        let batch = RecordBatch::new_empty(stream.schema());
        let rows = DecodedRows { batch, rejects: Vec::new() };
        return Ok(Preview { raw: Vec::new(), rows });
    }
    let rows = first_rows(account, &plan, rows_max.min(ROWS_MAX)).await?;
    let rows = source::finish(&plan, rows)?;
    let mut columns = stream.columns.clone();
    if stream.has_database_column {
        columns.insert(0, Column::new(DATABASE_COLUMN, ColumnType::Text));
    }
    let mut raw = raw(&columns, account.time_zone, &rows.batch);
    raw.extend(rows.rejects.iter().map(|reject| reject.payload.clone()));
    Ok(Preview { raw, rows })
}

/// The first rows by key, without a fence.
pub(crate) async fn first_rows<D: Database>(
    account: &Account<D>,
    plan: &StreamPlan,
    limit: usize,
) -> Result<DecodedRows> {
    let pass = Pass { kind: PassKind::Load, low: None, fence: None, after: None };
    let columns = plan.asked_columns();
    let request = query::page(account.database.dialect(), plan, &pass, &columns, limit.max(1));
    account.seams.budget.acquire().await;
    Ok(account.database.page(request).await?.rows)
}

/// Typed rows as the JSON objects of texts that they decode from.
fn raw(columns: &[Column], zone: Tz, batch: &RecordBatch) -> Vec<String> {
    let row = |at: usize| {
        let cells = columns.iter().zip(batch.columns());
        let texts: Vec<_> =
            cells.map(|(column, array)| text(column.kind, zone, array, at)).collect();
        payload::encode(columns, texts.iter().map(Option::as_deref))
    };
    (0..batch.num_rows()).map(row).collect()
}

fn text(kind: ColumnType, zone: Tz, array: &ArrayRef, at: usize) -> Option<String> {
    if array.is_null(at) {
        return None;
    }
    let micros = || {
        let micros = array.as_primitive_opt::<TimestampMicrosecondType>()?.value(at);
        DateTime::from_timestamp_micros(micros)
    };
    match kind {
        ColumnType::Integer => Some(array.as_primitive_opt::<Int64Type>()?.value(at).to_string()),
        ColumnType::Unsigned | ColumnType::Rowversion => {
            Some(array.as_primitive_opt::<UInt64Type>()?.value(at).to_string())
        }
        ColumnType::Decimal(_, scale) => {
            let value = array.as_primitive_opt::<Decimal128Type>()?.value(at);
            Some(decimal::render(value, scale))
        }
        ColumnType::Text | ColumnType::Uuid | ColumnType::Json => {
            Some(array.as_string_opt::<i32>()?.value(at).to_owned())
        }
        ColumnType::Boolean => Some(array.as_boolean_opt()?.value(at).to_string()),
        ColumnType::Date => {
            let days = i64::from(array.as_primitive_opt::<Date32Type>()?.value(at));
            let day = NaiveDate::default().checked_add_signed(TimeDelta::days(days))?;
            Some(day.format("%Y-%m-%d").to_string())
        }
        ColumnType::Time => {
            let nanos = array.as_primitive_opt::<Time64NanosecondType>()?.value(at);
            let (seconds, nanos) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
            let seconds = u32::try_from(seconds).ok()?;
            let time =
                NaiveTime::from_num_seconds_from_midnight_opt(seconds, u32::try_from(nanos).ok()?)?;
            Some(time.format("%H:%M:%S%.f").to_string())
        }
        ColumnType::Datetime => {
            Some(micros()?.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S%.6f").to_string())
        }
        ColumnType::Instant => Some(crate::zone::instant(micros()?)),
        ColumnType::Binary => Some(hex::encode(array.as_binary_opt::<i32>()?.value(at))),
    }
}
