//! Which Arrow types the lake stores, and how batches are brought to them.
//!
//! Every column of the lake is nullable, text is `Utf8`, times are microseconds in UTC. Query
//! results come in many more types (views, dictionaries, unsigned counters); they are cast on the
//! way in, and a cast that would lose a value is an error, not a null.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;

use super::{LakeError, TableName};

/// The type of times in the lake.
pub(crate) fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The schema in which rows of `schema` are stored.
pub(crate) fn storable_schema(table: &TableName, schema: &Schema) -> Result<SchemaRef, LakeError> {
    let mut seen = HashSet::new();
    let mut fields = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        if !seen.insert(field.name().to_lowercase()) {
            let column = field.name().clone();
            return Err(LakeError::DuplicateColumn { table: table.clone(), column });
        }
        let stored = storable_type(field.data_type()).ok_or_else(|| LakeError::Unstorable {
            table: table.clone(),
            column: field.name().clone(),
            given: Box::new(field.data_type().clone()),
        })?;
        fields.push(Field::new(field.name(), stored, true));
    }
    Ok(Arc::new(Schema::new(fields)))
}

/// The type in which values of `given` are stored, none if there is none.
pub(crate) fn storable_type(given: &DataType) -> Option<DataType> {
    let stored = match given {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => DataType::Binary,
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Float32
        | DataType::Float64
        | DataType::Date32 => given.clone(),
        DataType::UInt8 => DataType::Int16,
        DataType::UInt16 => DataType::Int32,
        DataType::UInt32 | DataType::UInt64 => DataType::Int64,
        DataType::Float16 => DataType::Float32,
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale)
            if *precision <= 38 && *scale >= 0 =>
        {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Date64 => DataType::Date32,
        DataType::Timestamp(_, _) => instant(),
        DataType::Dictionary(_, value) => storable_type(value)?,
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => {
            let item = storable_type(item.data_type())?;
            // Delta calls the item of a list `element`; another name would not match its files.
            DataType::List(Arc::new(Field::new("element", item, true)))
        }
        DataType::Struct(fields) => {
            let fields: Option<Vec<FieldRef>> = fields
                .iter()
                .map(|field| {
                    let stored = storable_type(field.data_type())?;
                    Some(Arc::new(Field::new(field.name(), stored, true)))
                })
                .collect();
            DataType::Struct(fields?.into())
        }
        _ => return None,
    };
    Some(stored)
}

/// Brings a batch to a stored schema: columns by name, missing ones null.
pub(crate) fn conform(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    if batch.schema_ref() == schema {
        return Ok(batch.clone());
    }
    let options = CastOptions { safe: false, ..Default::default() };
    let mut columns = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let column = match batch.column_by_name(field.name()) {
            None => new_null_array(field.data_type(), batch.num_rows()),
            Some(column) if column.data_type() == field.data_type() => Arc::clone(column),
            Some(column) => cast_with_options(column, field.data_type(), &options)?,
        };
        columns.push(column);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}

/// The schema as lines `column type`, for a reviewed snapshot.
pub(crate) fn schema_text(schema: &Schema) -> String {
    let mut text = String::new();
    for field in schema.fields() {
        text.push_str(field.name());
        text.push(' ');
        push_type(&mut text, field.data_type());
        text.push('\n');
    }
    text
}

fn push_type(text: &mut String, data_type: &DataType) {
    match data_type {
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => text.push_str("timestamp"),
        DataType::Decimal128(precision, scale) => {
            text.push_str(&format!("decimal({precision}, {scale})"));
        }
        DataType::List(item) => {
            text.push_str("list<");
            push_type(text, item.data_type());
            text.push('>');
        }
        DataType::Struct(fields) => {
            text.push_str("struct<");
            for (index, field) in fields.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push_str(field.name());
                text.push(' ');
                push_type(text, field.data_type());
            }
            text.push('>');
        }
        other => text.push_str(&other.to_string().to_lowercase()),
    }
}
