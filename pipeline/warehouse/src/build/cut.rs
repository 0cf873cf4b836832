//! Cutting a piece that does not fit into memory, which nobody knows before it was tried.
//!
//! A partition is the smallest piece that is read by itself, and it grows with the company. The side of a join that is held in
//! memory cannot go to the disk. Where memory runs out, the rows of a piece are computed one part after the other,
//! told apart by a column of the answer: any column does, and the one that the partition follows from is found in most
//! of what the query reads, so that the condition on it reaches the scans.

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::prelude::{Expr, ident};

use super::keys::{hash, told};
use crate::graph::Model;

/// Into so many parts a piece is cut at most.
const PARTS_MAX: u32 = 64;

/// The upper half of a hash tells parts apart: partitions may be told apart by the lower one.
const HASH_SHIFT: u32 = 32;

/// A part of a piece: the rows of which the hash of a column, divided by `of`, leaves `rest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Cut {
    rest: u32,
    of: u32,
}

impl Cut {
    /// All of the piece.
    pub(super) const NONE: Self = Self { rest: 0, of: 1 };

    /// All parts of a piece that is cut into so many.
    pub(super) fn all(of: u32) -> impl Iterator<Item = Self> {
        (0..of).map(move |rest| Self { rest, of })
    }

    /// Into how many parts such a piece is cut.
    pub(super) fn of(self) -> u32 {
        self.of
    }

    /// Two halves of this part; none if it is small enough that another half would not help.
    pub(super) fn halves(self) -> Option<[Self; 2]> {
        let of = self.of * 2;
        let half = |rest| Self { rest, of };
        (of <= PARTS_MAX).then(|| [half(self.rest), half(self.rest + self.of)])
    }

    /// The condition on the column; none for all rows.
    pub(super) fn filter(self, column: &str) -> Option<Expr> {
        let signature = Signature::any(1, Volatility::Immutable);
        let is_cut = self != Self::NONE;
        is_cut.then(|| ScalarUDF::from(IsWithin { signature, cut: self }).call(vec![ident(column)]))
    }

    /// Rows without a value are in the first part.
    fn has(self, key: Option<&str>) -> bool {
        let hash = key.map_or(0, |key| hash(key) >> HASH_SHIFT);
        hash % u64::from(self.of) == u64::from(self.rest)
    }
}

/// The column that tells the rows of a piece apart: the one that the partition follows from, else the first of the grain.
pub(super) fn cut_column(model: &Model) -> Option<&str> {
    if let Some(source) = model.partition_source() {
        return Some(source);
    }
    let grain = model.grain.iter().find(|column| Some(*column) != model.partition.as_ref());
    grain.map(String::as_str)
}

/// Whether a key is in a part.
#[derive(Debug, PartialEq, Eq, Hash)]
struct IsWithin {
    signature: Signature,
    cut: Cut,
}

impl ScalarUDFImpl for IsWithin {
    fn name(&self) -> &str {
        "is_within"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        told(&args, |key| Some(self.cut.has(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_have_every_key_of_the_whole_once() {
        let mut parts = vec![Cut::NONE];
        assert!(Cut::all(1).eq(parts.clone()));
        while let Some(halves) = parts.first().and_then(|part| part.halves()) {
            parts.remove(0);
            parts.extend(halves);
            let keys = (0..500).map(|n| n.to_string());
            for key in keys.map(Some).chain([None]) {
                let has = parts.iter().filter(|part| part.has(key.as_deref())).count();
                assert_eq!(has, 1, "{key:?} in {parts:?}");
            }
        }
        assert_eq!(parts.len(), PARTS_MAX as usize);
        let largest = |part: &Cut| (0..6_400).filter(|n| part.has(Some(&n.to_string()))).count();
        let largest = parts.iter().map(largest).max();
        assert!(largest < Some(200), "{largest:?}");
    }
}
