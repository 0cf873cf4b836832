//! How the columns of a table's files are encoded.

use std::collections::HashSet;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::DataType;
use datafusion::common::hash_utils::{RandomState, create_hashes};
use deltalake::parquet::basic::{Compression, Encoding};
use deltalake::parquet::file::properties::WriterProperties;
use deltalake::parquet::schema::types::ColumnPath;

/// An open file holds one group of rows in memory, and a build has one file open per partition.
pub(super) const ROW_GROUP_ROWS_MAX: usize = 64 * 1024;

/// A page of a file whose rows are in order is read or left out as a whole.
const PAGE_ROWS_MAX: usize = 4 * 1024;

/// So many rows tell how often values repeat; fewer do not.
const SAMPLE_ROWS: std::ops::RangeInclusive<usize> = 4_096..=16_384;

/// A column of which a smaller share of the sample are repetitions gets no dictionary: looking every
/// value up would cost more than anything else about the file, and save nothing.
const REPEATED_SHARE_MIN: f64 = 0.25;

/// Columns by which the few rows of a small change are looked for: a filter of the values of each group of rows tells which
/// groups need not be read (Parquet, Bloom Filter).
const LOOKED_UP: [&str; 2] = ["code", "event_id"];

/// How often such a filter may say yes without reason. Many values are asked of it at once.
const FALSE_POSITIVES: f64 = 0.001;

/// Random hexadecimal digits do not compress.
const INCOMPRESSIBLE: &str = "_hash";

/// The properties of files that begin with these rows; `in_runs`: their rows are written in runs by one column.
pub(super) fn properties(first: &RecordBatch, in_runs: bool) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS_MAX))
        .set_column_compression(ColumnPath::from(INCOMPRESSIBLE), Compression::UNCOMPRESSED);
    if in_runs {
        properties = properties.set_data_page_row_count_limit(PAGE_ROWS_MAX);
    }
    for column in LOOKED_UP.into_iter().filter(|column| first.column_by_name(column).is_some()) {
        let path = ColumnPath::from(column);
        properties = properties.set_column_bloom_filter_fpp(path, FALSE_POSITIVES);
    }
    for (field, column) in first.schema().fields().iter().zip(first.columns()) {
        if !hardly_repeats(column) {
            continue;
        }
        let path = ColumnPath::from(field.name().as_str());
        properties = properties.set_column_dictionary_enabled(path.clone(), false);
        if is_stored_as_integer(column.data_type()) {
            properties = properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
    }
    properties.build()
}

fn hardly_repeats(column: &ArrayRef) -> bool {
    let rows = column.len().min(*SAMPLE_ROWS.end());
    if rows < *SAMPLE_ROWS.start() || column.data_type().is_nested() {
        return false;
    }
    let sample = column.slice(0, rows);
    let mut hashes = vec![0; rows];
    let state = RandomState::with_seed(0);
    if create_hashes([&sample], &state, &mut hashes).is_err() {
        return false;
    }
    let distinct = hashes.iter().collect::<HashSet<_>>().len();
    (rows - distinct) as f64 <= rows as f64 * REPEATED_SHARE_MIN
}

/// Whether Parquet keeps the type in 32 or 64 bits.
fn is_stored_as_integer(kind: &DataType) -> bool {
    kind.is_signed_integer() || matches!(kind, DataType::Timestamp(..) | DataType::Date32)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int64Array, StringArray};

    use super::*;

    #[test]
    fn only_columns_that_repeat_get_a_dictionary() {
        let rows = 8_192;
        let number: ArrayRef = Arc::new(Int64Array::from_iter_values(0..rows));
        let code = |modulus: i64| -> ArrayRef {
            Arc::new(StringArray::from_iter_values((0..rows).map(|n| (n % modulus).to_string())))
        };
        let batch = RecordBatch::try_from_iter([
            ("_seq", number.clone()),
            ("unique", code(rows)),
            ("dealer", code(4_000)),
        ]);
        let batch = batch.unwrap();
        let has_dictionary = |batch: &RecordBatch, column: &str| {
            properties(batch, false).dictionary_enabled(&ColumnPath::from(column))
        };
        assert!(!has_dictionary(&batch, "_seq"));
        assert!(!has_dictionary(&batch, "unique"));
        assert!(has_dictionary(&batch, "dealer"));
        assert_eq!(
            properties(&batch, false).encoding(&ColumnPath::from("_seq")),
            Some(Encoding::DELTA_BINARY_PACKED)
        );
        assert!(has_dictionary(&batch.slice(0, 100), "unique"), "too few rows to tell");
    }

    #[test]
    fn only_what_small_changes_are_looked_for_by_has_filters() {
        let text: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
        let batch = RecordBatch::try_from_iter([("code", text.clone()), ("dealer", text)]).unwrap();
        let properties = properties(&batch, false);
        let has_filter =
            |column: &str| properties.bloom_filter_properties(&ColumnPath::from(column)).is_some();
        assert!(has_filter("code"));
        assert!(!has_filter("dealer"));
    }
}
