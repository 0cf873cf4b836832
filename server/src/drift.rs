//! What changed in the objects behind the streams of a system, and whom it concerns.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::Utc;
use yuanliu_contract::System;
use yuanliu_engine::drift::{changes, shape_of};
use yuanliu_engine::retry::with_policy;
use yuanliu_engine::{FieldChange, Shape};
use yuanliu_metadata::Metadata;
use yuanliu_warehouse::TableName;

use crate::adapters::SystemClock;
use crate::models::Models;

/// Differences of each stream that has any.
pub(crate) type Drift = BTreeMap<String, Vec<FieldChange>>;

/// Looks at the system's objects now, notes their shapes and answers what nobody has accepted yet.
///
/// The first look is the shape later ones are compared with. An object that is not there any more has
/// lost all its fields.
pub(crate) async fn look(metadata: &Metadata, name: &str, system: &dyn System) -> Result<Drift> {
    let objects = with_policy(&SystemClock, || system.discover()).await?;
    let mut now: BTreeMap<&str, Shape> = BTreeMap::new();
    for object in &objects {
        if let Some(stream) = &object.stream {
            now.entry(stream).or_default().extend(shape_of(object));
        }
    }
    let known = metadata.shapes(name).await?;
    let gone = known.iter().map(|shapes| shapes.stream.as_str());
    let streams: BTreeSet<&str> = now.keys().copied().chain(gone).collect();
    let nothing = Shape::new();
    for stream in streams {
        let shape = serde_json::to_string(now.get(stream).unwrap_or(&nothing))?;
        metadata.note_shape(name, stream, &shape, Utc::now()).await?;
    }
    known_drift(metadata, name).await
}

/// What was seen at the last look and nobody has accepted yet.
pub(crate) async fn known_drift(metadata: &Metadata, name: &str) -> Result<Drift> {
    let mut drift = Drift::new();
    for shapes in metadata.shapes(name).await? {
        let read = |text: &str| -> Result<Shape> {
            serde_json::from_str(text)
                .with_context(|| format!("reading the shape of {name} {}", shapes.stream))
        };
        let found = changes(&read(&shapes.accepted)?, &read(&shapes.seen)?);
        if !found.is_empty() {
            drift.insert(shapes.stream, found);
        }
    }
    Ok(drift)
}

/// The reports whose numbers may change with a field of a stream, `current.<mapping>__<stream>`.
///
/// A field that no model names concerns nobody.
pub(crate) fn affected_reports(
    models: &Models,
    mapping: &str,
    stream: &str,
    field: &str,
) -> Result<Vec<String>> {
    let source = TableName::new("current", &format!("{mapping}__{stream}"))?;
    let first =
        models.graph.models().filter(|m| m.reads.contains(&source) && m.sql.contains(field));
    let first: BTreeSet<TableName> = first.map(|model| model.name.clone()).collect();
    Ok(reports_over(models, &first))
}

/// The reports that read some tables, or what is made of them.
pub(crate) fn reports_over(models: &Models, tables: &BTreeSet<TableName>) -> Vec<String> {
    let affected: Vec<String> =
        models.graph.readers(tables).iter().map(ToString::to_string).collect();
    let reports = models.files.in_folder("reports");
    let concerned = reports.filter(|(_, file)| affected.iter().any(|name| reads(&file.text, name)));
    concerned.map(|(name, _)| name.to_owned()).collect()
}

/// Whether SQL names a table.
pub(crate) fn reads(sql: &str, table: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    sql.match_indices(table).any(|(at, _)| {
        let after = sql.get(at + table.len()..).and_then(|rest| rest.chars().next());
        !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_named_whole() {
        assert!(reads("select * from marts.sighting as s", "marts.sighting"));
        assert!(!reads("select * from marts.sighting_day", "marts.sighting"));
    }
}
