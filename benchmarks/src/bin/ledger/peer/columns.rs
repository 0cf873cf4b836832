//! The events of a batch as PostgreSQL's columns.

use anyhow::{Context, Result};
use arrow::array::{
    Array, AsArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Instant,
    Double,
    Whole,
}

impl Kind {
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Instant => "timestamptz",
            Self::Double => "double precision",
            Self::Whole => "bigint",
        }
    }
}

/// The columns that the flow fills; those it leaves empty are spared the peer.
pub(super) const COLUMNS: [(&str, Kind); 27] = [
    ("event_id", Kind::Text),
    ("event_type", Kind::Text),
    ("event_time", Kind::Instant),
    ("recorded_at", Kind::Instant),
    ("parent_code", Kind::Text),
    ("level", Kind::Text),
    ("product_code", Kind::Text),
    ("batch_no", Kind::Text),
    ("work_order_no", Kind::Text),
    ("order_no", Kind::Text),
    ("delivery_no", Kind::Text),
    ("to_party", Kind::Text),
    ("warehouse_code", Kind::Text),
    ("line", Kind::Text),
    ("team", Kind::Text),
    ("operator", Kind::Text),
    ("device_id", Kind::Text),
    ("longitude", Kind::Double),
    ("latitude", Kind::Double),
    ("accuracy_m", Kind::Double),
    ("location_source", Kind::Text),
    ("region_code", Kind::Text),
    ("consumer_ref", Kind::Text),
    ("channel", Kind::Text),
    ("attributes", Kind::Text),
    ("content_hash", Kind::Whole),
    ("landed_at", Kind::Instant),
];

/// One column of a batch.
#[derive(Debug, Clone, Copy)]
pub(super) enum Values<'a> {
    Text(&'a StringArray),
    /// Microseconds since 1970 UTC.
    Instant(&'a TimestampMicrosecondArray),
    Double(&'a Float64Array),
    Whole(&'a Int64Array),
}

/// The columns of a batch, in the order of [`COLUMNS`].
pub(super) fn values(batch: &RecordBatch) -> Result<Vec<Values<'_>>> {
    let of = |&(name, kind): &(&str, Kind)| {
        let array = batch.column_by_name(name)?;
        Some(match kind {
            Kind::Text => Values::Text(array.as_string_opt()?),
            Kind::Instant => Values::Instant(array.as_primitive_opt::<TimestampMicrosecondType>()?),
            Kind::Double => Values::Double(array.as_primitive_opt::<Float64Type>()?),
            Kind::Whole => Values::Whole(array.as_primitive_opt::<Int64Type>()?),
        })
    };
    COLUMNS
        .iter()
        .map(|column| of(column).with_context(|| format!("events without {}", column.0)))
        .collect()
}

/// Every code of a batch with the row of its event.
pub(super) fn codes(batch: &RecordBatch) -> Result<Vec<(&str, usize)>> {
    let codes = batch.column_by_name("codes").and_then(|column| column.as_list_opt::<i32>());
    let codes: &ListArray = codes.context("events without codes")?;
    let texts = codes.values().as_string_opt::<i32>().context("codes that are no texts")?;
    let mut found = Vec::with_capacity(texts.len());
    for (row, ends) in codes.offsets().windows(2).enumerate() {
        if codes.is_valid(row) {
            found.extend((ends[0]..ends[1]).map(|at| (texts.value(at as usize), row)));
        }
    }
    Ok(found)
}
