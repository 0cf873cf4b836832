//! The columns a segment was written with, and those the inbox has.

mod storable;

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions, new_null_array};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::convert::{IpcSchemaEncoder, fb_to_schema};
use arrow::ipc::root_as_schema;

use crate::error::InboxError;
use crate::payload::decode;
use storable::{is_readable, is_storable};

/// Checks that batches of a schema can be kept.
pub(crate) fn check_storable(schema: &Schema) -> Result<(), InboxError> {
    match schema.fields().iter().find(|field| !is_storable(field.data_type())) {
        None => Ok(()),
        Some(field) => Err(InboxError::Schema {
            what: "the schema".to_owned(),
            problem: format!("column {} is of a kind that is not kept; cast it", show(field)),
        }),
    }
}

/// Checks that a batch has the columns of the inbox; metadata does not matter.
pub(crate) fn check_same(batch: &Schema, inbox: &Schema) -> Result<(), InboxError> {
    let differs = |(given, wanted): &(&Arc<Field>, &Arc<Field>)| !is_same(given, wanted);
    let (given, wanted) = (batch.fields(), inbox.fields());
    let problem = match given.iter().zip(wanted).find(differs) {
        Some((given, wanted)) => {
            format!("column {} where {} is expected", show(given), show(wanted))
        }
        None if given.len() == wanted.len() => return Ok(()),
        None => format!("{} columns where {} are expected", given.len(), wanted.len()),
    };
    Err(InboxError::Schema { what: "a batch".to_owned(), problem })
}

fn is_same(one: &Field, other: &Field) -> bool {
    one.name() == other.name()
        && one.is_nullable() == other.is_nullable()
        && one.data_type().equals_datatype(other.data_type())
}

fn show(field: &Field) -> String {
    format!("`{}` of type {}", field.name(), field.data_type())
}

pub(crate) fn to_bytes(schema: &Schema) -> Vec<u8> {
    // Only the columns: metadata has no order, and nobody asks for it.
    let plain = Schema::new(schema.fields().clone());
    IpcSchemaEncoder::new().schema_to_fb(&plain).finished_data().to_vec()
}

pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Schema, ArrowError> {
    let schema = root_as_schema(bytes).map_err(|error| ArrowError::IpcError(error.to_string()))?;
    if !is_readable(schema) {
        return Err(ArrowError::IpcError("its schema has columns that are not kept".to_owned()));
    }
    Ok(fb_to_schema(schema))
}

/// Reads the payloads of one segment as batches of the inbox.
#[derive(Debug)]
pub(crate) struct Decoder {
    stored: SchemaRef,
    wanted: SchemaRef,
    /// For each wanted column the stored one, if the two differ.
    sources: Option<Vec<Option<usize>>>,
}

impl Decoder {
    /// For segments this program writes.
    pub(crate) fn same(schema: &SchemaRef) -> Self {
        Self { stored: Arc::clone(schema), wanted: Arc::clone(schema), sources: None }
    }

    /// For a segment of an earlier version: columns that were added since are null.
    pub(crate) fn between(
        segment: &str,
        stored: Schema,
        wanted: &SchemaRef,
    ) -> Result<Self, InboxError> {
        if check_same(&stored, wanted).is_ok() {
            return Ok(Self::same(wanted));
        }
        let refuse = |problem: String| {
            let advice = "start the version that wrote it, let it land everything, then this one";
            let what = format!("segment {segment}");
            Err(InboxError::Schema { what, problem: format!("{problem}; {advice}") })
        };
        for field in stored.fields() {
            match wanted.field_with_name(field.name()) {
                Err(_) => return refuse(format!("it holds {}, which is not known", show(field))),
                Ok(now) if !now.data_type().equals_datatype(field.data_type()) => {
                    return refuse(format!("it holds {}, expected is {}", show(field), show(now)));
                }
                Ok(now) if field.is_nullable() && !now.is_nullable() => {
                    return refuse(format!("it may hold no value in {}", show(now)));
                }
                Ok(_) => {}
            }
        }
        let mut sources = Vec::with_capacity(wanted.fields().len());
        for field in wanted.fields() {
            let source = stored.index_of(field.name()).ok();
            if source.is_none() && !field.is_nullable() {
                return refuse(format!("it lacks {}", show(field)));
            }
            sources.push(source);
        }
        let wanted = Arc::clone(wanted);
        Ok(Self { stored: Arc::new(stored), wanted, sources: Some(sources) })
    }

    /// Whether frames of this program may follow in the segment.
    pub(crate) fn is_current(&self) -> bool {
        self.sources.is_none()
    }

    /// The batch of a payload that is to have so many rows.
    pub(crate) fn decode(&self, payload: &[u8], rows: u32) -> Result<RecordBatch, ArrowError> {
        let batch = decode(payload, &self.stored, rows)?;
        let Some(sources) = &self.sources else {
            return Ok(batch);
        };
        let rows = batch.num_rows();
        let column = |(source, field): (&Option<usize>, &Arc<Field>)| match source {
            Some(at) => Arc::clone(batch.column(*at)),
            None => new_null_array(field.data_type(), rows),
        };
        let columns = sources.iter().zip(self.wanted.fields()).map(column).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.wanted), columns, &options)
    }
}
