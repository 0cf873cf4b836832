//! Which pages of a data file may hold some values of a column (Parquet, Page Index).

use deltalake::parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use deltalake::parquet::file::page_index::column_index::{
    ByteArrayColumnIndex, ColumnIndexMetaData,
};
use deltalake::parquet::file::page_index::offset_index::PageLocation;
use deltalake::parquet::file::statistics::Statistics;

use crate::lake::RowNumbers;

/// The rows of pages between whose bounds `any_between` finds a value; of what tells no bounds all rows.
pub(super) fn rows_of_pages(
    file: &ParquetMetaData,
    column: &str,
    any_between: impl Fn(&[u8], &[u8]) -> bool,
) -> RowNumbers {
    let mut rows = RowNumbers::new();
    let mut first = 0;
    for (place, group) in file.row_groups().iter().enumerate() {
        let all = first..first + group.num_rows().unsigned_abs();
        first = all.end;
        let Some(column) = column_of(group, column) else {
            rows.insert_range(all);
            continue;
        };
        if !may_hold(group, column, &any_between) {
            continue;
        }
        let Some((bounds, pages)) = pages(file, place, column) else {
            rows.insert_range(all);
            continue;
        };
        let begins = pages.iter().map(|page| all.start + page.first_row_index.unsigned_abs());
        let ends = begins.clone().skip(1).chain([all.end]);
        for (page, (begin, end)) in begins.zip(ends).enumerate() {
            if any_within(bounds, page, &any_between) {
                rows.insert_range(begin..end);
            }
        }
    }
    rows
}

fn column_of(group: &RowGroupMetaData, name: &str) -> Option<usize> {
    group.columns().iter().position(|column| column.column_path().parts() == [name])
}

/// Whether a group of rows may hold a value, by its bounds.
fn may_hold(
    group: &RowGroupMetaData,
    column: usize,
    any_between: impl Fn(&[u8], &[u8]) -> bool,
) -> bool {
    let Some(Statistics::ByteArray(bounds)) = group.column(column).statistics() else {
        return true;
    };
    match (bounds.min_bytes_opt(), bounds.max_bytes_opt()) {
        (Some(least), Some(greatest)) => any_between(least, greatest),
        _ => true,
    }
}

/// The bounds of the pages of a column, and where they are.
fn pages(
    file: &ParquetMetaData,
    group: usize,
    column: usize,
) -> Option<(&ByteArrayColumnIndex, &Vec<PageLocation>)> {
    let ColumnIndexMetaData::BYTE_ARRAY(bounds) = file.column_index()?.get(group)?.get(column)?
    else {
        return None;
    };
    let pages = file.offset_index()?.get(group)?.get(column)?.page_locations();
    (bounds.num_pages() == pages.len() as u64).then_some((bounds, pages))
}

fn any_within(
    bounds: &ByteArrayColumnIndex,
    page: usize,
    any_between: impl Fn(&[u8], &[u8]) -> bool,
) -> bool {
    match (bounds.min_value(page), bounds.max_value(page)) {
        (Some(least), Some(greatest)) => any_between(least, greatest),
        // A page without a value holds none that is looked for.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use deltalake::parquet::arrow::ArrowWriter;
    use deltalake::parquet::file::metadata::{PageIndexPolicy, ParquetMetaDataReader};
    use deltalake::parquet::file::properties::{EnabledStatistics, WriterProperties};

    use super::*;

    /// Codes `000` to `099` in two groups of pages of ten, some of them missing; the same as numbers.
    fn file(statistics: EnabledStatistics) -> ParquetMetaData {
        let code = |n: i64| (!(20..30).contains(&n) && n != 55).then(|| format!("{n:03}"));
        let codes: ArrayRef = Arc::new((0..100).map(code).collect::<StringArray>());
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..100));
        let batch = RecordBatch::try_from_iter([("code", codes), ("number", numbers)]).unwrap();
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(50))
            .set_data_page_row_count_limit(10)
            .set_write_batch_size(10)
            .set_statistics_enabled(statistics)
            .build();
        let mut bytes = Vec::new();
        let mut writer =
            ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
        reader.parse_and_finish(&bytes::Bytes::from(bytes)).unwrap()
    }

    /// The rows that may hold one of some codes, as first and last.
    fn rows(file: &ParquetMetaData, column: &str, codes: &[&str]) -> Vec<(u64, u64)> {
        let rows = rows_of_pages(file, column, |least, greatest| {
            codes.iter().any(|code| (least..=greatest).contains(&code.as_bytes()))
        });
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for row in rows {
            match runs.last_mut().filter(|(_, last)| last + 1 == row) {
                Some((_, last)) => *last = row,
                None => runs.push((row, row)),
            }
        }
        runs
    }

    #[test]
    fn pages_without_a_value_between_their_bounds_are_left_out() {
        let file = file(EnabledStatistics::Page);
        let rows = |codes: &[&str]| rows(&file, "code", codes);
        assert_eq!(rows(&["012"]), [(10, 19)]);
        assert_eq!(rows(&["000", "049", "050"]), [(0, 9), (40, 59)]);
        assert_eq!(rows(&["055"]), [(50, 59)], "a value that is missing between others");
        assert_eq!(rows(&["025"]), [], "nothing but missing values");
        assert_eq!(rows(&["0195", "100", ""]), []);
    }

    #[test]
    fn what_tells_less_is_read() {
        let all = [(0, 99)];
        let of_groups = file(EnabledStatistics::Chunk);
        assert_eq!(rows(&of_groups, "code", &["012"]), [(0, 49)]);
        let of_nothing = file(EnabledStatistics::None);
        assert_eq!(rows(&of_nothing, "code", &["012"]), all);
        let of_pages = file(EnabledStatistics::Page);
        assert_eq!(rows(&of_pages, "number", &["012"]), all, "bounds that are no text");
        assert_eq!(rows(&of_pages, "other", &["012"]), all, "no such column");
    }
}
