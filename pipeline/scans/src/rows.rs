//! Events as an Arrow batch.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::error::ArrowError;
use chrono::{DateTime, Utc};

use crate::columns::{InputLists, TextLists, instants, quantities};
use crate::event::ScanEvent;
use crate::fields::{FIELDS, Field, Kind};
use crate::schema::raw_event_schema;

/// Collects events of one source into a batch of [`raw_event_schema`].
///
/// The caller bounds how many it pushes before [`EventRows::finish`].
#[derive(Debug)]
pub struct EventRows {
    columns: Vec<(Field, ColumnRows)>,
    printed_codes: TextLists,
    content_hash: Int64Builder,
    source_file: String,
    source_line: Vec<i64>,
    landed_at_us: i64,
}

#[derive(Debug)]
enum ColumnRows {
    Text(StringBuilder),
    Instant(TimestampMicrosecondBuilder),
    Codes(TextLists),
    Measure(Float64Builder),
    Quantity(Decimal128Builder),
    Inputs(Box<InputLists>),
}

impl EventRows {
    /// No events yet, of `source_file`.
    pub fn new(source_file: impl Into<String>, landed_at: DateTime<Utc>) -> Self {
        Self {
            columns: FIELDS.iter().map(|spec| (spec.field, ColumnRows::of(spec.kind))).collect(),
            printed_codes: TextLists::default(),
            content_hash: Int64Builder::new(),
            source_file: source_file.into(),
            source_line: Vec::new(),
            landed_at_us: landed_at.timestamp_micros(),
        }
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.source_line.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.source_line.is_empty()
    }

    /// Adds an event that starts on `line` of the source.
    pub fn push(&mut self, event: &ScanEvent<'_>, line: u64) {
        for (field, rows) in &mut self.columns {
            match rows {
                ColumnRows::Text(rows) => rows.append_option(text_of(event, *field)),
                ColumnRows::Instant(rows) => rows.append_option(match field {
                    Field::EventTime => event.event_time_us,
                    _ => Some(event.recorded_at_us),
                }),
                ColumnRows::Codes(rows) => match field {
                    Field::Aliases => rows.append(event.aliases.iter().map(AsRef::as_ref)),
                    _ => rows.append(event.codes.iter().map(|code| code.normal.as_ref())),
                },
                ColumnRows::Measure(rows) => rows.append_option(event.measure(*field)),
                ColumnRows::Quantity(rows) => rows.append_option(event.quantity),
                ColumnRows::Inputs(rows) => rows.append(&event.inputs),
            }
        }
        self.printed_codes.append(event.codes.iter().map(|code| code.printed));
        self.content_hash.append_value(event.content_hash);
        self.source_line.push(i64::try_from(line).unwrap_or(i64::MAX));
    }

    /// Hands over the batch and starts anew.
    pub fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let rows = self.len();
        let mut arrays = Vec::with_capacity(FIELDS.len() + 5);
        for (field, column) in &mut self.columns {
            arrays.push(column.finish()?);
            if *field == Field::Codes {
                arrays.push(self.printed_codes.finish()?);
            }
        }
        let mut source_file = StringBuilder::with_capacity(rows, rows * self.source_file.len());
        let mut landed_at = instants();
        for _ in 0..rows {
            source_file.append_value(&self.source_file);
            landed_at.append_value(self.landed_at_us);
        }
        let mut source_line = Int64Builder::with_capacity(rows);
        source_line.append_slice(&std::mem::take(&mut self.source_line));
        arrays.push(Arc::new(self.content_hash.finish()));
        arrays.push(Arc::new(source_file.finish()));
        arrays.push(Arc::new(source_line.finish()));
        arrays.push(Arc::new(landed_at.finish()));
        RecordBatch::try_new(raw_event_schema(), arrays)
    }
}

fn text_of<'e>(event: &'e ScanEvent<'_>, field: Field) -> Option<&'e str> {
    match field {
        Field::EventId => Some(&event.event_id),
        Field::EventType => Some(event.event_type.as_str()),
        Field::ParentCode => event.parent_code.as_deref(),
        Field::Attributes => event.attributes.as_deref(),
        _ => event.text(field),
    }
}

impl ColumnRows {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Head | Kind::Code | Kind::Text | Kind::Word(_) | Kind::Attributes => {
                Self::Text(StringBuilder::new())
            }
            Kind::Instant => Self::Instant(instants()),
            Kind::Codes => Self::Codes(TextLists::default()),
            Kind::Measure { .. } => Self::Measure(Float64Builder::new()),
            Kind::Quantity => Self::Quantity(quantities()),
            Kind::Inputs => Self::Inputs(Box::new(InputLists::new())),
        }
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(rows) => Arc::new(rows.finish()),
            Self::Instant(rows) => Arc::new(rows.finish()),
            Self::Codes(rows) => rows.finish()?,
            Self::Measure(rows) => Arc::new(rows.finish()),
            Self::Quantity(rows) => Arc::new(rows.finish()),
            Self::Inputs(rows) => rows.finish()?,
        })
    }
}
