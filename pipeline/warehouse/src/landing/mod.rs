//! Appending rows to a raw table together with the position they were read to.
//!
//! One Delta commit holds the rows, the landing's sequence (as an application transaction) and the
//! position's text (in the commit's record). Delta-rs does not refuse a transaction it has seen
//! before, so the sequence is compared here, under the table's own lock.
//!
//! A landing's sequence is any number greater than that of the landing before; the `_seq` of rows
//! is the caller's and is not derived from it. Neither is interpreted here.

mod known;
mod lookup;
mod prune;

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use deltalake::DeltaTable;
use serde_json::Value;

pub(crate) use self::known::KnownKeys;

use crate::lake::{
    Commit, Lake, LakeError, NewTable, TableName, TableWriter, data_version, find_back, ids,
    storable_schema,
};

/// How far a table has been landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Rises with every landing.
    pub sequence: i64,
    /// What the reader needs to go on from here; kept as it is.
    pub text: String,
}

impl Lake {
    /// The position of the last landing, none if nothing was landed yet.
    pub async fn position(&self, name: &TableName) -> Result<Option<Position>, LakeError> {
        match self.table(name).await? {
            Some(table) => position(name, &table).await,
            None => Ok(None),
        }
    }

    /// Appends rows and moves the position: both or neither, on the disk when this returns.
    ///
    /// A position whose sequence is not above the last one is refused with
    /// [`LakeError::AlreadyLanded`]. Columns the table lacks are added and are null in earlier
    /// rows; columns the batches lack are null. A landing without rows only moves the position.
    pub async fn append(
        &self,
        name: &TableName,
        batches: Vec<RecordBatch>,
        position: Position,
    ) -> Result<(), LakeError> {
        let _writing = self.writing(name).await?;
        let table = self.table(name).await?;
        if let Some(table) = &table {
            refuse_repeated(name, table, &position).await?;
        }
        let given = union_schema(name, &batches)?;
        let stored = match &table {
            Some(table) => Some(stored_schema(name, table)?),
            None => None,
        };
        let schema = match (&stored, &given) {
            (Some(stored), Some(given)) => evolve(name, stored, given)?,
            (Some(stored), None) => Arc::clone(stored),
            (None, Some(given)) => Arc::clone(given),
            (None, None) => return Err(LakeError::NoSchema { table: name.clone() }),
        };
        let handle = match &table {
            Some(table) => table.clone(),
            None => self.unloaded(name)?,
        };
        let mut writer = TableWriter::new(name, &handle, Arc::clone(&schema), None);
        for batch in &batches {
            writer.write(batch).await?;
        }
        let mut commit = Commit {
            files: writer.close().await?,
            metadata: vec![(ids::POSITION.to_owned(), Value::String(position.text))],
            sequence: Some(position.sequence),
            ..Commit::default()
        };
        let new = NewTable { schema: Arc::clone(&schema), partition: None };
        match table {
            None => {
                self.create(name, &new, commit).await?;
            }
            Some(table) => {
                if stored.is_some_and(|stored| stored != schema) {
                    let action = crate::lake::alter(&table, &new)
                        .map_err(LakeError::delta("add columns to", name))?;
                    commit.actions.push(action);
                }
                if commit.files.is_empty() {
                    let version = data_version(&table)
                        .await
                        .map_err(LakeError::delta("read the log of", name))?;
                    commit.metadata.push((ids::DATA_VERSION.to_owned(), version.into()));
                }
                self.commit(name, table, commit).await?;
            }
        }
        self.note_landed(name, &batches);
        Ok(())
    }
}

/// The last position in a table's log.
pub(crate) async fn position(
    name: &TableName,
    table: &DeltaTable,
) -> Result<Option<Position>, LakeError> {
    find_back(table, |entry| {
        let text = entry.metadata(ids::POSITION)?.as_str()?.to_owned();
        Some(Position { sequence: entry.sequence()?, text })
    })
    .await
    .map_err(LakeError::delta("read the log of", name))
}

async fn refuse_repeated(
    name: &TableName,
    table: &DeltaTable,
    next: &Position,
) -> Result<(), LakeError> {
    match position(name, table).await? {
        Some(last) if next.sequence <= last.sequence => Err(LakeError::AlreadyLanded {
            table: name.clone(),
            sequence: next.sequence,
            last: last.sequence,
        }),
        _ => Ok(()),
    }
}

pub(crate) fn stored_schema(name: &TableName, table: &DeltaTable) -> Result<SchemaRef, LakeError> {
    let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?;
    storable_schema(name, &snapshot.snapshot().arrow_schema())
}

fn union_schema(name: &TableName, batches: &[RecordBatch]) -> Result<Option<SchemaRef>, LakeError> {
    let mut union: Option<SchemaRef> = None;
    for batch in batches {
        let schema = storable_schema(name, batch.schema_ref())?;
        union = Some(match union {
            Some(union) => evolve(name, &union, &schema)?,
            None => schema,
        });
    }
    Ok(union)
}

/// The stored columns, then those that are new.
fn evolve(name: &TableName, stored: &Schema, given: &Schema) -> Result<SchemaRef, LakeError> {
    let mut fields: Vec<Arc<Field>> = stored.fields().iter().cloned().collect();
    for field in given.fields() {
        match stored.field_with_name(field.name()) {
            Ok(known) if known.data_type() == field.data_type() => {}
            Ok(known) => {
                return Err(LakeError::TypeChanged {
                    table: name.clone(),
                    column: field.name().clone(),
                    stored: Box::new(known.data_type().clone()),
                    given: Box::new(field.data_type().clone()),
                });
            }
            Err(_) => fields.push(Arc::clone(field)),
        }
    }
    // Delta compares names without regard to case.
    storable_schema(name, &Schema::new(fields))
}
