//! Keys and content hashes of rows.

use std::fmt::Write;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, StringArray, StringBuilder};
use arrow::buffer::Buffer;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::row::{RowConverter, Rows, SortField};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// A hash is written as this many hexadecimal digits.
const HASH_DIGITS: usize = 32;

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
    let mut keys = StringBuilder::new();
    for row in 0..batch.num_rows() {
        for (index, formatter) in formatters.iter().enumerate() {
            if index > 0 {
                keys.write_char('/').map_err(|e| ArrowError::ExternalError(Box::new(e)))?;
            }
            formatter.value(row).write(&mut keys)?;
        }
        // Ends the value written piece by piece.
        keys.append_value("");
    }
    Ok(keys.finish())
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
    let mut values = Vec::with_capacity(columns.len());
    for (name, column) in columns {
        values.push((xxh3_64(name.as_bytes()), column, Values::of(column)?));
    }
    let mut hashes = StringBuilder::with_capacity(batch.num_rows(), batch.num_rows() * HASH_DIGITS);
    let mut content = Vec::new();
    for row in 0..batch.num_rows() {
        content.clear();
        for (name, column, values) in &values {
            if !column.is_null(row) {
                let value = values.bytes(row);
                content.extend_from_slice(&name.to_le_bytes());
                content.extend_from_slice(&(value.len() as u64).to_le_bytes());
                content.extend_from_slice(value);
            }
        }
        hashes.append_value(digits(xxh3_128(&content), &mut [0; HASH_DIGITS]));
    }
    Ok(hashes.finish())
}

/// The values of one column as bytes.
enum Values<'a> {
    Text(&'a StringArray),
    Flag(&'a BooleanArray),
    /// Numbers, decimals and instants, as they lie in memory.
    Fixed {
        buffer: Buffer,
        width: usize,
        offset: usize,
    },
    /// Anything else, in arrow's row format.
    Rows(Rows),
}

impl<'a> Values<'a> {
    fn of(column: &'a ArrayRef) -> Result<Self, ArrowError> {
        if let Some(texts) = column.as_string_opt::<i32>() {
            return Ok(Self::Text(texts));
        }
        if let Some(flags) = column.as_boolean_opt() {
            return Ok(Self::Flag(flags));
        }
        let data = column.to_data();
        match (data_width(column.data_type()), data.buffers()) {
            (Some(width), [buffer]) => {
                Ok(Self::Fixed { buffer: buffer.clone(), width, offset: data.offset() })
            }
            _ => {
                let field = SortField::new(column.data_type().clone());
                let rows = RowConverter::new(vec![field])?;
                Ok(Self::Rows(rows.convert_columns(std::slice::from_ref(column))?))
            }
        }
    }

    fn bytes(&self, row: usize) -> &[u8] {
        match self {
            Self::Text(texts) => texts.value(row).as_bytes(),
            Self::Flag(flags) if flags.value(row) => &[1],
            Self::Flag(_) => &[0],
            Self::Fixed { buffer, width, offset } => {
                let start = (offset + row) * width;
                buffer.as_slice().get(start..start + width).unwrap_or_default()
            }
            Self::Rows(rows) => rows.row(row).data(),
        }
    }
}

fn data_width(data_type: &DataType) -> Option<usize> {
    data_type.is_primitive().then(|| data_type.primitive_width()).flatten()
}

/// A hash in hexadecimal, without an allocation for each row.
fn digits(hash: u128, text: &mut [u8; HASH_DIGITS]) -> &str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (place, digit) in text.iter_mut().rev().enumerate() {
        *digit = DIGITS[((hash >> (place * 4)) & 0xf) as usize];
    }
    std::str::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_all_its_digits() {
        assert_eq!(digits(0x0abc, &mut [0; 32]), format!("{:032x}", 0x0abc));
        assert_eq!(digits(u128::MAX - 1, &mut [0; 32]), format!("{:032x}", u128::MAX - 1));
    }
}
