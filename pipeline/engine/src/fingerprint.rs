//! Keys and content hashes of rows.

use arrow::array::{Array, ArrayRef, StringArray};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::row::{RowConverter, SortField};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use xxhash_rust::xxh3::Xxh3;

/// The text of each row's key: the key columns' values joined by `/`.
///
/// A null in a key column is written as nothing; connectors reject such rows before.
pub fn keys(batch: &RecordBatch, key_columns: &[String]) -> Result<StringArray, ArrowError> {
    let options = FormatOptions::default().with_null("");
    let mut formatters = Vec::with_capacity(key_columns.len());
    for name in key_columns {
        let column = batch.column_by_name(name).ok_or_else(|| {
            ArrowError::SchemaError(format!("key column {name} is not in the batch"))
        })?;
        formatters.push(ArrayFormatter::try_new(column.as_ref(), &options)?);
    }
    let mut keys = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let mut key = String::new();
        for (index, formatter) in formatters.iter().enumerate() {
            if index > 0 {
                key.push('/');
            }
            formatter.value(row).write(&mut key)?;
        }
        keys.push(key);
    }
    Ok(StringArray::from(keys))
}

/// A 128-bit hash of each row's content, as 32 hexadecimal digits.
///
/// Null values do not take part, so that a column that appears later leaves the hash of rows that
/// do not fill it as it was; neither does the order of columns.
pub fn hashes(batch: &RecordBatch) -> Result<StringArray, ArrowError> {
    let schema = batch.schema();
    let mut columns: Vec<(&str, &ArrayRef)> =
        schema.fields().iter().map(|f| f.name().as_str()).zip(batch.columns()).collect();
    columns.sort_by_key(|(name, _)| *name);
    let mut encoded = Vec::with_capacity(columns.len());
    for (name, column) in columns {
        let converter = RowConverter::new(vec![SortField::new(column.data_type().clone())])?;
        encoded.push((name, column, converter.convert_columns(std::slice::from_ref(column))?));
    }
    let mut hasher = Xxh3::new();
    let hashes = (0..batch.num_rows()).map(|row| {
        hasher.reset();
        for (name, column, rows) in &encoded {
            if !column.is_null(row) {
                let value = rows.row(row);
                hasher.update(name.as_bytes());
                hasher.update(&(value.data().len() as u64).to_le_bytes());
                hasher.update(value.data());
            }
        }
        format!("{:032x}", hasher.digest128())
    });
    Ok(StringArray::from_iter_values(hashes))
}
