//! Building the columns that are more than a plain value.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Builder, ListArray, StringBuilder, StructArray, TimestampMicrosecondBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field as Column};
use arrow::error::ArrowError;

use crate::decimal::{PRECISION, SCALE};
use crate::event::Input;
use crate::schema::input_fields;

/// An empty list is null: the record said nothing.
#[derive(Debug, Default)]
pub(crate) struct TextLists {
    lengths: Vec<usize>,
    values: StringBuilder,
}

impl TextLists {
    pub(crate) fn append<'v>(&mut self, values: impl Iterator<Item = &'v str>) {
        let mut length = 0;
        for value in values {
            self.values.append_value(value);
            length += 1;
        }
        self.lengths.push(length);
    }

    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let values = Arc::new(self.values.finish());
        list(std::mem::take(&mut self.lengths), DataType::Utf8, values)
    }
}

/// The lists of inputs.
#[derive(Debug)]
pub(crate) struct InputLists {
    lengths: Vec<usize>,
    material_code: StringBuilder,
    lot_no: StringBuilder,
    qty: Decimal128Builder,
    unit: StringBuilder,
}

impl InputLists {
    pub(crate) fn new() -> Self {
        Self {
            lengths: Vec::new(),
            material_code: StringBuilder::new(),
            lot_no: StringBuilder::new(),
            qty: quantities(),
            unit: StringBuilder::new(),
        }
    }

    pub(crate) fn append(&mut self, inputs: &[Input]) {
        for input in inputs {
            self.material_code.append_value(&input.material_code);
            self.lot_no.append_option(input.lot_no.as_deref());
            self.qty.append_option(input.qty);
            self.unit.append_option(input.unit.as_deref());
        }
        self.lengths.push(inputs.len());
    }

    pub(crate) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.material_code.finish()),
            Arc::new(self.lot_no.finish()),
            Arc::new(self.qty.finish()),
            Arc::new(self.unit.finish()),
        ];
        let values = StructArray::try_new(input_fields(), columns, None)?;
        let item = DataType::Struct(input_fields());
        list(std::mem::take(&mut self.lengths), item, Arc::new(values))
    }
}

fn list(lengths: Vec<usize>, item: DataType, values: ArrayRef) -> Result<ArrayRef, ArrowError> {
    let given: NullBuffer = lengths.iter().map(|length| *length > 0).collect();
    let offsets = OffsetBuffer::from_lengths(lengths);
    let item = Arc::new(Column::new_list_field(item, true));
    Ok(Arc::new(ListArray::try_new(item, offsets, values, Some(given))?))
}

pub(crate) fn quantities() -> Decimal128Builder {
    Decimal128Builder::new().with_data_type(DataType::Decimal128(PRECISION, SCALE))
}

pub(crate) fn instants() -> TimestampMicrosecondBuilder {
    TimestampMicrosecondBuilder::new().with_timezone("UTC")
}
