//! Writing lists of result structs.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, ListArray, StringBuilder, StructArray, TimestampMicrosecondBuilder,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::error::Result;

use crate::instants::instant_type;

/// The type of a list of structs with these fields.
pub(super) fn list_of(fields: Fields) -> DataType {
    DataType::List(item(fields))
}

fn item(fields: Fields) -> Arc<Field> {
    Arc::new(Field::new_list_field(DataType::Struct(fields), true))
}

pub(super) fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

pub(super) fn flag(name: &str) -> Field {
    Field::new(name, DataType::Boolean, true)
}

pub(super) fn instant(name: &str) -> Field {
    Field::new(name, instant_type(), true)
}

/// A builder of instants in the warehouse's type.
pub(super) fn instants() -> TimestampMicrosecondBuilder {
    TimestampMicrosecondBuilder::new().with_data_type(instant_type())
}

/// A finished column, ready for [`lists`].
pub(super) trait Finished {
    /// The array built so far.
    fn finished(&mut self) -> ArrayRef;
}

impl Finished for StringBuilder {
    fn finished(&mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

impl Finished for BooleanBuilder {
    fn finished(&mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

impl Finished for TimestampMicrosecondBuilder {
    fn finished(&mut self) -> ArrayRef {
        Arc::new(self.finish())
    }
}

/// The lists: how many structs each row has, and the columns of all of them.
pub(super) fn lists(
    fields: Fields,
    lengths: Vec<usize>,
    columns: Vec<ArrayRef>,
) -> Result<ArrayRef> {
    let structs = StructArray::try_new(fields.clone(), columns, None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(item(fields), offsets, Arc::new(structs), None)?))
}
