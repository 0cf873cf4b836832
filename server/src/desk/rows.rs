//! Rows as the API gives them: decimals as strings, instants with their zone.

use arrow::datatypes::{DataType, Schema};
use arrow::record_batch::RecordBatch;
use chrono_tz::Tz;
use futures::TryStreamExt;
use serde_json::Value;
use yuanliu_api::ports::{Column, Row};
use yuanliu_warehouse::Rows;

use crate::output::{Cell, cell};

/// The columns of an answer, with the API's names of their types.
pub(super) fn columns(schema: &Schema) -> Vec<Column> {
    let fields = schema.fields().iter();
    fields
        .map(|field| Column {
            name: field.name().clone(),
            data_type: type_name(field.data_type()).to_owned(),
        })
        .collect()
}

fn type_name(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Boolean => "boolean",
        DataType::Decimal128(..) => "decimal",
        DataType::Float32 | DataType::Float64 => "fraction",
        DataType::Date32 => "date",
        DataType::Timestamp(..) => "instant",
        DataType::List(_) | DataType::Struct(_) => "list",
        kind if kind.is_integer() => "integer",
        _ => "text",
    }
}

/// All rows of an answer; whoever asks bounds them.
pub(super) async fn collect(rows: Rows, zone: Tz) -> anyhow::Result<Vec<Row>> {
    let batches: Vec<RecordBatch> = rows.try_collect().await?;
    Ok(batches.iter().flat_map(|batch| of_batch(batch, zone)).collect())
}

pub(super) fn of_batch(batch: &RecordBatch, zone: Tz) -> Vec<Row> {
    let schema = batch.schema();
    let value = |row: usize, column: usize| {
        let array = batch.column(column);
        match (array.data_type(), cell(array, row, zone)) {
            (DataType::Decimal128(..), Cell::Number(text)) => Value::String(text),
            (_, value) => value.into_json(),
        }
    };
    let row = |row: usize| {
        let fields = schema.fields().iter().enumerate();
        Row(fields.map(|(column, field)| (field.name().clone(), value(row, column))).collect())
    };
    (0..batch.num_rows()).map(row).collect()
}
