//! Reading lists of event structs.

use std::ops::Range;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, ListArray, StringArray, StructArray,
    TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use datafusion::common::exec_err;
use datafusion::error::Result;
use yuanliu_law::{EventType, Moment};

use crate::instants::instant_type;
use crate::scalar::as_text;

/// The lists of one batch and the columns of their structs.
pub(super) struct EventLists {
    lists: ListArray,
    structs: StructArray,
}

impl EventLists {
    pub(super) fn new(argument: &ArrayRef) -> Result<Self> {
        let Some(lists) = argument.as_list_opt::<i32>() else {
            return exec_err!("expected a list of events, found {}", argument.data_type());
        };
        let Some(structs) = lists.values().as_struct_opt() else {
            return exec_err!("expected a list of event structs, found {}", argument.data_type());
        };
        Ok(Self { lists: lists.clone(), structs: structs.clone() })
    }

    /// The positions of each row's events; none where the list is null.
    pub(super) fn rows(&self) -> impl Iterator<Item = Range<usize>> {
        self.lists.offsets().windows(2).enumerate().map(|(row, ends)| {
            let (start, end) = (ends[0] as usize, ends[1] as usize);
            if self.lists.is_null(row) { start..start } else { start..end }
        })
    }

    fn column(&self, name: &str) -> Result<&ArrayRef> {
        match self.structs.column_by_name(name) {
            Some(column) => Ok(column),
            None => exec_err!("the events have no field {name}"),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<StringArray> {
        as_text(self.column(name)?)
    }

    fn integer(&self, name: &str) -> Result<Int64Array> {
        let column = cast(self.column(name)?, &DataType::Int64)?;
        Ok(column.as_primitive::<Int64Type>().clone())
    }

    pub(super) fn flag(&self, name: &str) -> Result<BooleanArray> {
        Ok(cast(self.column(name)?, &DataType::Boolean)?.as_boolean().clone())
    }

    fn instant(&self, name: &str) -> Result<TimestampMicrosecondArray> {
        let column = cast(self.column(name)?, &instant_type())?;
        Ok(column.as_primitive::<TimestampMicrosecondType>().clone())
    }
}

/// What every event has: when, what, which.
pub(super) struct Moments {
    event_id: StringArray,
    content_hash: Int64Array,
    event_type: StringArray,
    event_time: TimestampMicrosecondArray,
}

impl Moments {
    pub(super) fn new(lists: &EventLists) -> Result<Self> {
        Ok(Self {
            event_id: lists.text("event_id")?,
            content_hash: lists.integer("content_hash")?,
            event_type: lists.text("event_type")?,
            event_time: lists.instant("event_time")?,
        })
    }

    /// The event at a position; none without a time or with a type the law does not know.
    pub(super) fn at(&self, position: usize) -> Option<(Moment<'_>, EventType)> {
        let event_type = EventType::parse(text_at(&self.event_type, position)?)?;
        let moment = Moment {
            time_us: self.event_time.is_valid(position).then(|| self.event_time.value(position))?,
            precedence: event_type.precedence(),
            event_id: text_at(&self.event_id, position)?,
            content_hash: self.content_hash.value(position),
        };
        Some((moment, event_type))
    }
}

pub(super) fn text_at(column: &StringArray, position: usize) -> Option<&str> {
    column.is_valid(position).then(|| column.value(position))
}
