//! Cutting a rebuild into pieces that fit into memory.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::prelude::{Expr, ident, lit};

use super::BuildError;
use super::inputs::Input;
use super::storage::is_stored_by;
use super::touched::Touched;
use crate::graph::Model;
use crate::lake::{DataFile, Part, TableName, data_files};

/// One piece of a rebuild.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// All rows.
    Everything,
    /// Rows with one of these partition values.
    Of(Vec<Part>),
    /// Rows with none of these partition values.
    NoneOf(Vec<Part>),
}

/// How many input rows there are for each partition value, as far as the inputs are stored by it.
pub(crate) fn weights(
    partition: &str,
    inputs: &BTreeMap<TableName, Input>,
) -> BTreeMap<Part, usize> {
    let mut weights = BTreeMap::new();
    for (name, input) in inputs {
        for (part, rows) in rows_by_part(partition, name, input) {
            *weights.entry(part).or_default() += rows;
        }
    }
    weights
}

/// How many rows the largest input has in some parts.
pub(crate) fn most_rows(
    partition: &str,
    inputs: &BTreeMap<TableName, Input>,
    parts: &BTreeSet<Part>,
) -> u64 {
    let within = |(name, input): (&TableName, &Input)| -> usize {
        let rows = rows_by_part(partition, name, input);
        rows.iter().filter(|(part, _)| parts.contains(part)).map(|(_, rows)| rows).sum()
    };
    inputs.iter().map(within).max().unwrap_or_default() as u64
}

/// How many rows the largest input has that a rebuild of some parts looks through.
pub(crate) fn most_rows_read(
    partition: &str,
    inputs: &BTreeMap<TableName, Input>,
    parts: &BTreeSet<Part>,
) -> u64 {
    let whole = |(name, input): (&TableName, &Input)| -> u64 {
        let table = input.table.as_ref().filter(|table| !is_stored_by(table, partition));
        let files = table.map(|table| data_files(name, table).unwrap_or_default());
        files.iter().flatten().map(DataFile::live_rows).sum()
    };
    let whole = inputs.iter().map(whole).max().unwrap_or_default();
    whole.max(most_rows(partition, inputs, parts))
}

/// The rows of each file of an input that is stored by the partition, none of another input.
fn rows_by_part(partition: &str, name: &TableName, input: &Input) -> Vec<(Part, usize)> {
    let Some(table) = input.table.as_ref().filter(|table| is_stored_by(table, partition)) else {
        return Vec::new();
    };
    let files = data_files(name, table).unwrap_or_default().into_iter();
    files.map(|file| (file.part.clone(), file.live_rows() as usize)).collect()
}

/// Pieces of about `rows_max` input rows each; a single partition is never cut.
pub(crate) fn chunks(
    touched: &Touched,
    weights: &BTreeMap<Part, usize>,
    rows_max: usize,
) -> Vec<Chunk> {
    match touched {
        Touched::All if weights.values().sum::<usize>() <= rows_max => vec![Chunk::Everything],
        Touched::All => {
            let known: Vec<Part> = weights.keys().cloned().collect();
            let mut chunks = cut(known.iter(), weights, rows_max);
            chunks.push(Chunk::NoneOf(known));
            chunks
        }
        Touched::Parts(parts) | Touched::Rows(parts, _) => cut(parts.iter(), weights, rows_max),
    }
}

/// The weights of partitions of which only the rows of some keys are read on: that share of all `rows`.
pub(crate) fn narrowed(
    weights: &BTreeMap<Part, usize>,
    keys: usize,
    rows: u64,
) -> BTreeMap<Part, usize> {
    let share = (keys as f64 / rows.max(1) as f64).min(1.0);
    let narrow = |weight: usize| (weight as f64 * share).ceil() as usize;
    weights.iter().map(|(part, weight)| (part.clone(), narrow(*weight))).collect()
}

fn cut<'a>(
    parts: impl Iterator<Item = &'a Part>,
    weights: &BTreeMap<Part, usize>,
    rows_max: usize,
) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut open = Vec::new();
    let mut rows = 0;
    for part in parts {
        let weight = weights.get(part).copied().unwrap_or_default();
        if !open.is_empty() && rows + weight > rows_max {
            chunks.push(Chunk::Of(std::mem::take(&mut open)));
            rows = 0;
        }
        open.push(part.clone());
        rows += weight;
    }
    if !open.is_empty() {
        chunks.push(Chunk::Of(open));
    }
    chunks
}

impl Chunk {
    /// Up to four pieces of about as many partitions each; the same if there is one partition.
    pub(crate) fn quarters(&self) -> Vec<Self> {
        let Self::Of(parts) = self else { return vec![self.clone()] };
        parts.chunks(parts.len().div_ceil(4).max(1)).map(|some| Self::Of(some.to_vec())).collect()
    }

    /// Whether rows with this partition value belong to the piece.
    pub(crate) fn holds(&self, part: &Part) -> bool {
        match self {
            Self::Everything => true,
            Self::Of(parts) => parts.contains(part),
            Self::NoneOf(parts) => !parts.contains(part),
        }
    }

    /// The condition on the partition column, none for all rows.
    pub(crate) fn filter(
        &self,
        model: &Model,
        column: &str,
        data_type: &DataType,
    ) -> Result<Option<Expr>, BuildError> {
        let (parts, is_inside) = match self {
            Self::Everything => return Ok(None),
            Self::Of(parts) => (parts, true),
            Self::NoneOf(parts) => (parts, false),
        };
        let mut values = Vec::with_capacity(parts.len());
        for value in parts.iter().flatten() {
            let value = ScalarValue::try_from_string(value.clone(), data_type);
            values.push(lit(value.map_err(BuildError::rows(&model.name))?));
        }
        // Delta stores an empty text in a partition column as null.
        let mut nothing = ident(column).is_null();
        if *data_type == DataType::Utf8 {
            nothing = nothing.or(ident(column).eq(lit("")));
        }
        let has_null = parts.contains(&None);
        let column = ident(column);
        if is_inside {
            let listed = column.in_list(values, false);
            return Ok(Some(if has_null { listed.or(nothing) } else { listed }));
        }
        let others = column.clone().in_list(values, true);
        Ok(Some(match has_null {
            true => others.and(column.is_not_null()).and(nothing.is_not_true()),
            false => others.or(nothing),
        }))
    }
}

/// Whether a table may be stored by a column of this type.
pub(crate) fn is_partition_type(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Utf8
            | DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::Date32
    )
}

/// The parts that a rebuild replaces.
pub(crate) fn replaced<'a>(
    touched: &Touched,
    standing: impl Iterator<Item = &'a Part>,
    computed: impl Iterator<Item = &'a Part>,
) -> BTreeSet<Part> {
    match touched {
        Touched::All => standing.chain(computed).cloned().collect(),
        Touched::Parts(parts) | Touched::Rows(parts, _) => parts.clone(),
    }
}
