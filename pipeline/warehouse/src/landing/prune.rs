//! Which files of a raw table can hold the current version of a row that has not changed.
//!
//! An unchanged row has the time of change it was landed with, so files whose rows all changed
//! earlier do not hold it. What was landed after such a file may still hold a newer version of the
//! key, whatever time of change that version bears; it is read as well.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use deltalake::DeltaTable;

use crate::lake::{LakeError, TableName};

/// What the table's log says about the rows of one file; unknown bounds exclude nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FileBounds {
    pub(super) path: String,
    pub(super) rows: usize,
    /// The least and the greatest key.
    pub(super) keys: Option<(String, String)>,
    /// The greatest time of change, µs.
    pub(super) changed_to: Option<i64>,
    /// The least and the greatest `_seq`.
    pub(super) seqs: Option<(i64, i64)>,
}

impl FileBounds {
    fn may_hold_change_since(&self, from: i64) -> bool {
        self.changed_to.is_none_or(|to| to >= from)
    }

    fn may_be_landed_after(&self, seq: i64) -> bool {
        self.seqs.is_none_or(|(_, last)| last > seq)
    }

    fn may_hold_key_within(&self, low: &str, high: &str) -> bool {
        self.keys
            .as_ref()
            .is_none_or(|(first, last)| first.as_str() <= high && low <= last.as_str())
    }
}

/// The log keeps times of change cut to milliseconds.
const CHANGE_CUT_MICROS: i64 = 1_000;

/// The bounds of all live files.
pub(super) fn file_bounds(
    name: &TableName,
    table: &DeltaTable,
) -> Result<Vec<FileBounds>, LakeError> {
    let log = table
        .snapshot()
        .and_then(|snapshot| snapshot.add_actions_table(true))
        .map_err(LakeError::delta("read the log of", name))?;
    let (paths, rows) = (texts(&log, "path"), numbers(&log, "num_records"));
    let (key_from, key_to) = (texts(&log, "min._key"), texts(&log, "max._key"));
    let changed_to = numbers(&log, "max._changed_at");
    let (seq_from, seq_to) = (numbers(&log, "min._seq"), numbers(&log, "max._seq"));
    let files = (0..log.num_rows()).map(|file| FileBounds {
        path: paths(file).unwrap_or_default(),
        rows: rows(file).and_then(|rows| rows.try_into().ok()).unwrap_or_default(),
        keys: key_from(file).zip(key_to(file)),
        changed_to: changed_to(file).and_then(|to| to.checked_add(CHANGE_CUT_MICROS)),
        seqs: seq_from(file).zip(seq_to(file)),
    });
    Ok(files.collect())
}

fn column(log: &RecordBatch, name: &str, kind: &DataType) -> Option<ArrayRef> {
    cast(log.column_by_name(name)?, kind).ok()
}

fn texts(log: &RecordBatch, name: &str) -> impl Fn(usize) -> Option<String> {
    let column = column(log, name, &DataType::Utf8);
    move |file| {
        let column = column.as_ref()?.as_string_opt::<i32>()?;
        column.is_valid(file).then(|| column.value(file).to_owned())
    }
}

fn numbers(log: &RecordBatch, name: &str) -> impl Fn(usize) -> Option<i64> {
    let column = column(log, name, &DataType::Int64);
    move |file| {
        let column = column.as_ref()?.as_primitive_opt::<Int64Type>()?;
        column.is_valid(file).then(|| column.value(file))
    }
}

/// Those of `rows` (keys with their times of change) that may have been landed as they are.
///
/// A row that changed after everything in the table has not been.
pub(super) fn perhaps_unchanged<'k>(
    files: &[FileBounds],
    rows: &'k HashMap<String, Option<i64>>,
) -> HashMap<&'k str, Option<i64>> {
    let newest = files.iter().map(|file| file.changed_to.unwrap_or(i64::MAX)).max();
    rows.iter()
        .filter(|(_, changed)| newest.is_some_and(|newest| changed.is_none_or(|at| at <= newest)))
        .map(|(key, changed)| (key.as_str(), *changed))
        .collect()
}

/// The files to read so that the newest version found of each of `rows` is its current one, or
/// differs from it only where the row has changed.
pub(super) fn needed<'f>(
    files: &'f [FileBounds],
    rows: &HashMap<&str, Option<i64>>,
) -> Vec<&'f FileBounds> {
    let (Some(low), Some(high)) = (rows.keys().min(), rows.keys().max()) else {
        return Vec::new();
    };
    // A row without a time of change may be anywhere.
    let from = rows.values().min().copied().flatten().unwrap_or(i64::MIN);
    let recent = files.iter().filter(|file| file.may_hold_change_since(from));
    let Some(first) = recent.map(|file| file.seqs.map_or(i64::MIN, |(first, _)| first)).min()
    else {
        return Vec::new();
    };
    files
        .iter()
        .filter(|file| file.may_hold_change_since(from) || file.may_be_landed_after(first))
        .filter(|file| file.may_hold_key_within(low, high))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, changed_to: Option<i64>, seqs: (i64, i64)) -> FileBounds {
        let keys = Some(("a".to_owned(), "m".to_owned()));
        FileBounds { path: path.to_owned(), rows: 1, keys, changed_to, seqs: Some(seqs) }
    }

    fn asked(rows: &[(&str, Option<i64>)]) -> HashMap<String, Option<i64>> {
        rows.iter().map(|(key, changed)| ((*key).to_owned(), *changed)).collect()
    }

    fn read(files: &[FileBounds], rows: &[(&str, Option<i64>)]) -> String {
        let rows = asked(rows);
        let needed = needed(files, &perhaps_unchanged(files, &rows));
        needed.iter().map(|file| file.path.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_files_that_changed_as_late_are_read() {
        let files = [file("1", Some(10), (0, 9)), file("2", Some(20), (10, 19))];
        assert_eq!(read(&files, &[("b", Some(5))]), "1 2");
        assert_eq!(read(&files, &[("b", Some(11))]), "2");
        assert_eq!(read(&files, &[("b", Some(20)), ("c", Some(21))]), "2");
        assert_eq!(read(&files, &[("b", Some(21))]), "");
        assert_eq!(read(&[], &[("b", Some(21))]), "");
    }

    #[test]
    fn what_was_landed_later_is_read_whatever_it_says() {
        let files = [
            file("old", Some(10), (0, 9)),
            file("hit", Some(20), (10, 19)),
            file("put back", Some(3), (20, 29)),
        ];
        assert_eq!(read(&files, &[("b", Some(15))]), "hit put back");
    }

    #[test]
    fn unknown_bounds_exclude_nothing() {
        let unknown = FileBounds { path: "?".to_owned(), ..FileBounds::default() };
        let files = [file("1", Some(10), (0, 9)), unknown];
        assert_eq!(read(&files, &[("b", Some(50))]), "1 ?");
        let nothing_known = [file("1", None, (0, 9)), file("2", Some(1), (10, 19))];
        assert_eq!(read(&nothing_known, &[("b", None)]), "1 2");
    }

    #[test]
    fn keys_beyond_a_file_leave_it_out() {
        let files = [file("1", Some(10), (0, 9))];
        assert_eq!(read(&files, &[("n", Some(5))]), "");
        assert_eq!(read(&files, &[("m", Some(5)), ("z", Some(5))]), "1");
    }
}
