//! The columns of `raw.scans__event`.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field as Column, Fields, Schema, SchemaRef, TimeUnit};

use crate::decimal::{PRECISION, SCALE};
use crate::fields::{FIELDS, Field, Kind};

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let mut columns = Vec::new();
    for spec in &FIELDS {
        columns.push(Column::new(spec.name, data_type(spec.kind), true));
        if spec.field == Field::Codes {
            columns.push(Column::new("printed_codes", text_list(), true));
        }
    }
    columns.extend([
        Column::new("content_hash", DataType::Int64, true),
        Column::new("source_file", DataType::Utf8, true),
        Column::new("source_line", DataType::Int64, true),
        Column::new("landed_at", instant(), true),
    ]);
    Arc::new(Schema::new(columns))
});

/// The schema of a batch of events: every field of the record in the order of the table, the
/// printed codes beside the normalised ones, and where the event came from.
pub fn raw_event_schema() -> SchemaRef {
    Arc::clone(&SCHEMA)
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Head | Kind::Code | Kind::Text | Kind::Word(_) | Kind::Attributes => DataType::Utf8,
        Kind::Instant => instant(),
        Kind::Codes => text_list(),
        Kind::Measure { .. } => DataType::Float64,
        Kind::Quantity => quantity(),
        Kind::Inputs => DataType::new_list(DataType::Struct(input_fields()), true),
    }
}

pub(crate) fn input_fields() -> Fields {
    Fields::from(vec![
        Column::new("material_code", DataType::Utf8, true),
        Column::new("lot_no", DataType::Utf8, true),
        Column::new("qty", quantity(), true),
        Column::new("unit", DataType::Utf8, true),
    ])
}

fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn quantity() -> DataType {
    DataType::Decimal128(PRECISION, SCALE)
}

fn text_list() -> DataType {
    DataType::new_list(DataType::Utf8, true)
}
