//! What a gate may ask about.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, BooleanArray, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

/// A fact's name, kind and meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactSpec {
    /// As conditions name it.
    pub name: &'static str,
    /// What it holds.
    pub kind: FactKind,
    /// What it says.
    pub text: &'static str,
}

/// What a fact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    /// Yes or no.
    Flag,
    /// A whole number.
    Whole,
    /// A text.
    Text,
}

const fn fact(name: &'static str, kind: FactKind, text: &'static str) -> FactSpec {
    FactSpec { name, kind, text }
}

/// Every fact; one that is not known is null.
pub const FACTS: [FactSpec; 22] = [
    fact("is_commissioned", FactKind::Flag, "a line bound the code to a unit"),
    fact("level", FactKind::Text, "item, case or pallet"),
    fact("product_code", FactKind::Text, "the unit's product"),
    fact("batch_no", FactKind::Text, "the unit's batch"),
    fact("state", FactKind::Text, "the unit's state, for instance in_factory"),
    fact("items", FactKind::Whole, "items the code stands for"),
    fact("holder", FactKind::Text, "dealer that has the unit"),
    fact("is_recalled", FactKind::Flag, "the unit was called back"),
    fact("is_decommissioned", FactKind::Flag, "the code was taken out of use"),
    fact("is_test_code", FactKind::Flag, "the code was printed for tests"),
    fact("batch_inspection", FactKind::Text, "last result of the batch: pass or fail"),
    fact("failed_lots", FactKind::Whole, "material lots of the batch whose last inspection failed"),
    fact("is_order_known", FactKind::Flag, "the ERP has the order"),
    fact("order_status", FactKind::Text, "draft, approved, closed or cancelled"),
    fact("is_order_product", FactKind::Flag, "the order has a line of the unit's product"),
    fact("quantity_left", FactKind::Whole, "items of the product not yet scanned for the order"),
    fact("is_work_order_known", FactKind::Flag, "the ERP has the work order"),
    fact("work_order_status", FactKind::Text, "draft, approved, closed or cancelled"),
    fact("is_material_expected", FactKind::Flag, "the work order uses the material"),
    fact("is_lot_issued", FactKind::Flag, "the lot was issued to the work order"),
    fact("lot_inspection", FactKind::Text, "last result of the lot: pass or fail"),
    fact("is_lot_given", FactKind::Flag, "the check names a lot"),
];

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let field = |spec: &FactSpec| {
        let kind = match spec.kind {
            FactKind::Flag => DataType::Boolean,
            FactKind::Whole => DataType::Int64,
            FactKind::Text => DataType::Utf8,
        };
        Field::new(spec.name, kind, true)
    };
    Arc::new(Schema::new(FACTS.iter().map(field).collect::<Vec<_>>()))
});

pub(crate) fn schema() -> SchemaRef {
    Arc::clone(&SCHEMA)
}

/// A fact's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A text.
    Text(String),
}

impl From<bool> for Fact {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<i64> for Fact {
    fn from(value: i64) -> Self {
        Self::Whole(value)
    }
}

impl From<&str> for Fact {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// What is known in one check; the rest is null.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(BTreeMap<&'static str, Fact>);

impl Facts {
    /// Notes a fact; one that is not known is left out. Answers whether there is such a fact of this
    /// kind.
    pub fn set(&mut self, name: &str, value: Option<impl Into<Fact>>) -> bool {
        let Some(spec) = FACTS.iter().find(|spec| spec.name == name) else { return false };
        let Some(value) = value.map(Into::into) else { return true };
        let fits = matches!(
            (&value, spec.kind),
            (Fact::Flag(_), FactKind::Flag)
                | (Fact::Whole(_), FactKind::Whole)
                | (Fact::Text(_), FactKind::Text)
        );
        if fits {
            self.0.insert(spec.name, value);
        }
        fits
    }

    /// The value of a fact, if it is known.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.0.get(name)
    }

    /// One row of all facts.
    pub(crate) fn row(&self) -> Result<RecordBatch, ArrowError> {
        let columns = FACTS.iter().map(|spec| -> ArrayRef {
            let value = self.0.get(spec.name);
            match spec.kind {
                FactKind::Flag => Arc::new(BooleanArray::from(vec![match value {
                    Some(Fact::Flag(value)) => Some(*value),
                    _ => None,
                }])),
                FactKind::Whole => Arc::new(Int64Array::from(vec![match value {
                    Some(Fact::Whole(value)) => Some(*value),
                    _ => None,
                }])),
                FactKind::Text => Arc::new(StringArray::from(vec![match value {
                    Some(Fact::Text(value)) => Some(value.as_str()),
                    _ => None,
                }])),
            }
        });
        RecordBatch::try_new(schema(), columns.collect())
    }
}
