//! The current version of every row of a stream, over all systems of a kind.

use std::fmt::Write;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::error::DataFusionError;

use super::catalog::view;
use super::session::empty_table;
use super::{CurrentStream, QueryScope};
use crate::lake::{LakeError, TableName, instant, storable_schema};
use crate::landing::stored_schema;

const SYSTEM: &str = "_system";

/// The raw tables behind a stream, with their systems.
pub(crate) fn raw_names(stream: &CurrentStream) -> Result<Vec<(String, TableName)>, LakeError> {
    let name = |system: &String| {
        let name = TableName::new("raw", &format!("{system}__{}", stream.stream))?;
        Ok((system.clone(), name))
    };
    stream.systems.iter().map(name).collect()
}

pub(super) async fn table(
    scope: &QueryScope,
    stream: &CurrentStream,
) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    let external = |error: LakeError| DataFusionError::External(Box::new(error));
    let name = TableName::new("current", &format!("{}__{}", stream.kind, stream.stream))
        .map_err(external)?;
    let mut landed = Vec::new();
    for (system, raw) in raw_names(stream).map_err(external)? {
        let Some(table) = scope.lake().table(&raw).await.map_err(external)? else { continue };
        let schema = stored_schema(&raw, &table).map_err(external)?;
        landed.push((system, raw, schema));
    }
    let schema = columns(&name, stream, &landed).map_err(external)?;
    if landed.is_empty() {
        return empty_table(schema);
    }
    let parts: Vec<String> = landed
        .iter()
        .map(|(system, raw, stored)| newest_rows(system, raw, stored, &schema))
        .collect();
    view(scope, &parts.join("\nunion all\n")).await
}

/// The system, the declared columns, those that only the tables have, the engine's own.
fn columns(
    name: &TableName,
    stream: &CurrentStream,
    landed: &[(String, TableName, SchemaRef)],
) -> Result<SchemaRef, LakeError> {
    let meta = meta_fields();
    let is_meta = |field: &Field| meta.iter().any(|known| known.name() == field.name());
    let mut fields = vec![Field::new(SYSTEM, DataType::Utf8, true)];
    let given = landed.iter().map(|(_, _, schema)| schema);
    for schema in std::iter::once(&stream.schema).chain(given) {
        for field in schema.fields() {
            let is_known = fields.iter().any(|known| known.name() == field.name());
            if !is_known && !is_meta(field) {
                fields.push(field.as_ref().clone());
            }
        }
    }
    fields.extend(meta);
    storable_schema(name, &Schema::new(fields))
}

/// The columns that the engine adds to every row it lands.
fn meta_fields() -> Vec<Field> {
    vec![
        Field::new("_key", DataType::Utf8, true),
        Field::new("_hash", DataType::Utf8, true),
        Field::new("_op", DataType::Utf8, true),
        Field::new("_changed_at", instant(), true),
        Field::new("_landed_at", instant(), true),
        Field::new("_seq", DataType::Int64, true),
    ]
}

fn newest_rows(system: &str, raw: &TableName, stored: &Schema, schema: &Schema) -> String {
    let mut sql = String::from("select");
    for (index, field) in schema.fields().iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        let column = quoted(field.name());
        let value = if field.name() == SYSTEM {
            format!("'{}'", system.replace('\'', "''"))
        } else {
            match stored.field_with_name(field.name()) {
                Ok(known) if known.data_type() == field.data_type() => column.clone(),
                Ok(_) => format!("arrow_cast({column}, '{}')", field.data_type()),
                Err(_) => format!("arrow_cast(null, '{}')", field.data_type()),
            }
        };
        // Writing to a string does not fail.
        let _ = write!(sql, "{separator} {value} as {column}");
    }
    let _ = write!(
        sql,
        " from (select *, row_number() over (partition by \"_key\" order by \"_seq\" desc) \
         as \"_rank\" from raw.{}) where \"_rank\" = 1",
        quoted(raw.table())
    );
    sql
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
