//! How result cells are written in expectations.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, TimestampMicrosecondType};
use arrow::util::display::array_value_to_string;
use chrono::{DateTime, FixedOffset};

/// The zone in which expectations are written, as seconds east.
const ZONE_S: i32 = 8 * 3600;

/// Rows as text: times in Shanghai to the minute, rates to six digits, decimals without idle zeros.
pub(crate) fn rows(batch: &RecordBatch) -> Vec<Vec<String>> {
    (0..batch.num_rows())
        .map(|row| batch.columns().iter().map(|column| cell(column, row)).collect())
        .collect()
}

fn cell(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return "NULL".to_owned();
    }
    match column.data_type() {
        DataType::Timestamp(..) => {
            let utc = super::streams::instant();
            let column = cast(&arrow::array::make_array(column.to_data()), &utc).unwrap();
            let at = column.as_primitive::<TimestampMicrosecondType>().value(row);
            let at = DateTime::from_timestamp_micros(at).unwrap();
            let local = at.with_timezone(&FixedOffset::east_opt(ZONE_S).unwrap());
            local.format("%Y-%m-%dT%H:%M").to_string()
        }
        DataType::Float64 => {
            trimmed(&format!("{:.6}", column.as_primitive::<Float64Type>().value(row)))
        }
        DataType::Decimal128(..) => trimmed(&array_value_to_string(column, row).unwrap()),
        _ => match array_value_to_string(column, row).unwrap() {
            text if text.is_empty() => "(empty)".to_owned(),
            text => text,
        },
    }
}

fn trimmed(number: &str) -> String {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => number.to_owned(),
    }
}
