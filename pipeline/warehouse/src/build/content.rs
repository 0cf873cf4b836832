//! A checksum of what a table holds, by partition, that does not depend on the order of rows.
//!
//! It tells a rebuilt partition that came out as it was from one that changed, so that nothing
//! downstream of the former is rebuilt.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::hash_utils::{RandomState, create_hashes};
use datafusion::error::DataFusionError;
use serde::{Deserialize, Serialize};

use crate::lake::Part;

const SEED: u64 = 0x5927_41ab_1f4e_7d03;

/// Rows and checksum of one partition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PartContent {
    pub(crate) rows: u64,
    sum: u64,
    mix: u64,
}

/// What a table holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<(Part, PartContent)>", from = "Vec<(Part, PartContent)>")]
pub(crate) struct Content {
    parts: BTreeMap<Part, PartContent>,
}

impl From<Content> for Vec<(Part, PartContent)> {
    fn from(content: Content) -> Self {
        content.parts.into_iter().collect()
    }
}

impl From<Vec<(Part, PartContent)>> for Content {
    fn from(parts: Vec<(Part, PartContent)>) -> Self {
        Self { parts: parts.into_iter().collect() }
    }
}

impl Content {
    pub(crate) fn get(&self, part: &Part) -> Option<PartContent> {
        self.parts.get(part).copied()
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.keys()
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    pub(crate) fn rows(&self) -> u64 {
        self.parts.values().map(|part| part.rows).sum()
    }

    /// What a part holds once some of its rows are replaced by others.
    pub(crate) fn replaced(&self, part: &Part, old: &Self, new: &Self) -> Option<PartContent> {
        let of = |content: &Self| content.get(part).unwrap_or_default();
        let left = of(self).without(of(old)).with(of(new));
        (left.rows > 0).then_some(left)
    }

    /// Rows of some parts.
    pub(crate) fn rows_of<'a>(&self, parts: impl IntoIterator<Item = &'a Part>) -> u64 {
        parts.into_iter().filter_map(|part| self.get(part)).map(|part| part.rows).sum()
    }

    pub(crate) fn set(&mut self, part: &Part, content: Option<PartContent>) {
        match content {
            Some(content) => self.parts.insert(part.clone(), content),
            None => self.parts.remove(part),
        };
    }

    /// Adds what other rows hold.
    pub(crate) fn extend(&mut self, others: Self) {
        for (part, other) in others.parts {
            let own = self.parts.entry(part).or_default();
            *own = own.with(other);
        }
    }

    /// Adds the rows of a batch, `partition` being the place of the partition column.
    pub(crate) fn add(
        &mut self,
        batch: &RecordBatch,
        partition: Option<usize>,
    ) -> Result<(), DataFusionError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let hashes = row_hashes(batch)?;
        let Some(partition) = partition else {
            let part = self.parts.entry(None).or_default();
            *part = hashes.into_iter().map(PartContent::of_row).fold(*part, PartContent::with);
            return Ok(());
        };
        let values = cast(batch.column(partition), &DataType::Utf8)?;
        let values = values.as_string::<i32>();
        // Rows of a partition come together: the entry is found once for each run of them.
        let mut start = 0;
        while start < hashes.len() {
            let value = part_value(values, start);
            let same = (start..hashes.len()).take_while(|row| part_value(values, *row) == value);
            let end = start + same.count();
            let part = self.parts.entry(value.map(str::to_owned)).or_default();
            let of_rows = hashes[start..end].iter().map(|hash| PartContent::of_row(*hash));
            *part = of_rows.fold(*part, PartContent::with);
            start = end;
        }
        Ok(())
    }
}

impl PartContent {
    fn of_row(hash: u64) -> Self {
        Self { rows: 1, sum: hash, mix: scatter(hash ^ SEED) }
    }

    fn with(self, other: Self) -> Self {
        Self {
            rows: self.rows.wrapping_add(other.rows),
            sum: self.sum.wrapping_add(other.sum),
            mix: self.mix.wrapping_add(other.mix),
        }
    }

    fn without(self, other: Self) -> Self {
        Self {
            rows: self.rows.wrapping_sub(other.rows),
            sum: self.sum.wrapping_sub(other.sum),
            mix: self.mix.wrapping_sub(other.mix),
        }
    }
}

/// Delta stores an empty text in a partition column as null.
fn part_value(values: &arrow::array::StringArray, row: usize) -> Option<&str> {
    let value = values.is_valid(row).then(|| values.value(row))?;
    (!value.is_empty()).then_some(value)
}

/// Each column is hashed for itself and weighted by its place: a value that moves to the column
/// beside it must show.
pub(crate) fn row_hashes(batch: &RecordBatch) -> Result<Vec<u64>, DataFusionError> {
    let mut rows = vec![0_u64; batch.num_rows()];
    let mut column_hashes = vec![0_u64; batch.num_rows()];
    let state = RandomState::with_seed(SEED);
    for (place, column) in batch.columns().iter().enumerate() {
        column_hashes.fill(0);
        create_hashes([Arc::clone(column)], &state, &mut column_hashes)?;
        let weight = scatter(place as u64 + 1) | 1;
        for (row, hash) in rows.iter_mut().zip(&column_hashes) {
            *row = row.wrapping_add(hash.wrapping_mul(weight));
        }
    }
    rows.iter_mut().for_each(|row| *row = scatter(*row));
    Ok(rows)
}

/// The finisher of splitmix64: every bit of the input reaches every bit of the output.
fn scatter(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
