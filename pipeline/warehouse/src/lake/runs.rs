//! Rows on their way to a file, put in the order of one column, run by run.
//!
//! Whoever looks for some values of the column leaves out the pages of a file whose bounds have none of them in between
//! ([`crate::query::Files::of_pages`]). Codes are given in the order of production and goods of one time move together, so
//! that a late day is in few such pages, however many rows the table has. Rows come in about the order of time; a run is sorted
//! and the order of runs is kept, so that what is of one time stays together also where codes are given at random.

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;

use super::encoding::ROW_GROUP_ROWS_MAX;
use super::prefix::prefix;
use super::size::bytes_of;

/// How long a run is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RunLength {
    /// What its rows take in memory, in bytes: the longer, the fewer pages have values that lie apart.
    Bytes(usize),
    /// As long as a group of rows: groups come in another order, which matters as well.
    Group,
}

/// Rows are handed on in batches of so many.
const BATCH_ROWS: usize = 8_192;

/// The rows of a run that is not full.
pub(super) struct Run {
    /// The place of the column.
    by: usize,
    batches: Vec<RecordBatch>,
    bytes: usize,
    rows: usize,
    length: RunLength,
}

/// A row by what it is ordered by.
struct Row {
    /// The first bytes of the value: they tell most values apart without looking at these.
    prefix: u128,
    batch: u32,
    row: u32,
}

impl Run {
    /// Runs by a column; none if the table has no such column of text.
    pub(super) fn by(column: &str, schema: &SchemaRef, length: RunLength) -> Option<Self> {
        let (by, field) = schema.column_with_name(column)?;
        let is_text = *field.data_type() == DataType::Utf8;
        is_text.then(|| Self { by, batches: Vec::new(), bytes: 0, rows: 0, length })
    }

    /// Adds rows; true once the run is full.
    pub(super) fn add(&mut self, batch: RecordBatch) -> bool {
        self.bytes += bytes_of(&batch);
        self.rows += batch.num_rows();
        self.batches.push(batch);
        match self.length {
            RunLength::Bytes(bytes) => self.bytes >= bytes,
            RunLength::Group => self.rows >= ROW_GROUP_ROWS_MAX,
        }
    }

    /// The rows in order, those without a value first; the next run begins empty.
    pub(super) fn sorted(&mut self) -> Sorted {
        (self.bytes, self.rows) = (0, 0);
        let batches = std::mem::take(&mut self.batches);
        let values: Vec<_> = batches.iter().map(|batch| batch.column(self.by)).collect();
        let values: Vec<&StringArray> = values.iter().map(|value| value.as_string()).collect();
        let rows = if is_sorted(&values) { None } else { Some(in_order(&values)) };
        Sorted { batches, rows, handed: 0 }
    }
}

/// The batches of a run in order.
pub(super) struct Sorted {
    batches: Vec<RecordBatch>,
    /// The batch and the row of each; none if they came in order.
    rows: Option<Vec<(usize, usize)>>,
    handed: usize,
}

impl Iterator for Sorted {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(rows) = &self.rows else {
            let batch = self.batches.get(self.handed)?.clone();
            self.handed += 1;
            return Some(Ok(batch));
        };
        let left = rows.get(self.handed..).filter(|left| !left.is_empty())?;
        let next = &left[..left.len().min(BATCH_ROWS)];
        self.handed += next.len();
        let batches: Vec<_> = self.batches.iter().collect();
        Some(interleave_record_batch(&batches, next))
    }
}

fn is_sorted(values: &[&StringArray]) -> bool {
    values.iter().flat_map(|values| values.iter()).is_sorted()
}

fn in_order(values: &[&StringArray]) -> Vec<(usize, usize)> {
    let mut rows = Vec::with_capacity(values.iter().map(|values| values.len()).sum());
    for (batch, values) in (0..).zip(values) {
        rows.extend((0..).zip(values.iter()).map(|(row, value)| Row {
            prefix: prefix(value.unwrap_or_default().as_bytes()),
            batch,
            row,
        }));
    }
    let value = |row: &Row| {
        let values = values[row.batch as usize];
        values.is_valid(row.row as usize).then(|| values.value(row.row as usize))
    };
    rows.sort_unstable_by(|a, b| {
        let by_value = a.prefix.cmp(&b.prefix).then_with(|| value(a).cmp(&value(b)));
        by_value.then_with(|| (a.batch, a.row).cmp(&(b.batch, b.row)))
    });
    rows.into_iter().map(|row| (row.batch as usize, row.row as usize)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int32Array};
    use arrow::datatypes::Int32Type;

    use super::*;

    const MUCH: RunLength = RunLength::Bytes(1 << 20);

    fn batch(rows: &[(Option<&str>, i32)]) -> RecordBatch {
        let codes: StringArray = rows.iter().map(|(code, _)| *code).collect();
        let numbers: Int32Array = rows.iter().map(|(_, number)| *number).collect();
        let columns: [(&str, ArrayRef); 2] =
            [("code", Arc::new(codes)), ("number", Arc::new(numbers))];
        RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, column)| (name, column, true)),
        )
        .unwrap()
    }

    fn numbers(run: &mut Run) -> Vec<i32> {
        let batches = run.sorted().map(Result::unwrap);
        let numbers = batches.map(|batch| batch.column(1).as_primitive::<Int32Type>().clone());
        numbers.flat_map(|numbers| numbers.values().to_vec()).collect()
    }

    #[test]
    fn rows_come_in_the_order_of_the_column_and_where_it_is_the_same_as_they_came() {
        let long = "one-prefix-of-sixteen-bytes-and-more";
        let batches = [
            batch(&[(Some("b"), 1), (None, 2), (Some(&format!("{long}2")), 3)]),
            batch(&[(Some(&format!("{long}1")), 4), (Some("a"), 5), (Some("b"), 6), (Some(""), 7)]),
        ];
        let mut run = Run::by("code", &batches[0].schema(), MUCH).unwrap();
        for batch in &batches {
            assert!(!run.add(batch.clone()));
        }
        assert_eq!(numbers(&mut run), [2, 7, 5, 1, 6, 4, 3]);
        assert_eq!(numbers(&mut run), [0; 0], "the next run begins empty");
    }

    #[test]
    fn what_is_in_order_is_handed_on_as_it_is() {
        let batches = [batch(&[(None, 1), (Some("a"), 2)]), batch(&[(Some("a"), 3)])];
        let mut run = Run::by("code", &batches[0].schema(), MUCH).unwrap();
        batches.iter().for_each(|batch| {
            run.add(batch.clone());
        });
        assert_eq!(run.sorted().map(Result::unwrap).collect::<Vec<_>>(), batches);
    }

    #[test]
    fn a_run_is_full_by_what_it_holds() {
        let whole = batch(&[(Some("a"), 1); 1_000]);
        let mut run = Run::by("code", &whole.schema(), RunLength::Bytes(5_000)).unwrap();
        assert!(!run.add(whole.slice(0, 500)), "a slice is not what it shares its memory with");
        assert!(run.add(whole.slice(500, 500)));
        assert_eq!(numbers(&mut run).len(), 1_000);
        assert!(!run.add(whole.slice(0, 500)));
        let mut run = Run::by("code", &whole.schema(), RunLength::Group).unwrap();
        let full = (0..100).find(|_| run.add(whole.clone()));
        assert_eq!(full, Some(65), "the sixty-sixth thousand makes a group full");
        drop(run.sorted());
        assert!(!run.add(whole));
    }

    #[test]
    fn only_a_column_of_text_orders() {
        let schema = batch(&[]).schema();
        assert!(Run::by("code", &schema, MUCH).is_some());
        assert!(Run::by("number", &schema, MUCH).is_none());
        assert!(Run::by("dealer", &schema, MUCH).is_none());
    }
}
