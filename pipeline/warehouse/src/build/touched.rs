//! Which partitions of a model a change of its inputs touches.
//!
//! A model with `partition: p` promises that its rows with value v of `p` follow from
//! - the rows with value v of every input that has a column `p`, and
//! - all rows of every other input,
//!
//! unless its `touched` query says otherwise for the inputs it names as `changed.<schema>__<table>`.
//! A query that yields a second column, one of the model's, names the rows: of the touched partitions those with other
//! values of that column stay as they are. It has to follow every change then; what it does not name
//! touches whole partitions.
//! Changed rows are those in files added or removed since the last build: all that changed and
//! some that did not, never fewer. Where files were replaced by others they are compared ([`super::net`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::prelude::{DataFrame, ident};
use futures::StreamExt;

use super::BuildError;
use super::changed::{Change, change, changed_rows};
use super::chunks::most_rows_read;
use super::inputs::Input;
use super::keys::{Keys, KeysFound};
use super::net::NetChanges;
use super::record::Record;
use super::storage::is_stored_by;
use crate::graph::{Model, changed_name};
use crate::lake::{LakeError, Part, TableName};
use crate::landing::stored_schema;
use crate::query::{QueryScope, bare_session, empty_table};

/// With fewer rows for each key all of a partition are computed in the time it takes to tell them apart.
const ROWS_OF_A_KEY: u64 = 2;

/// What has to be computed anew.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// Everything.
    All,
    /// The rows with one of these values of the partition column.
    Parts(BTreeSet<Part>),
    /// Of those the rows with these keys.
    Rows(BTreeSet<Part>, Keys),
}

/// What the changes since `record` touch.
pub(crate) async fn touched(
    scope: &QueryScope,
    model: &Model,
    record: &Record,
    inputs: &BTreeMap<TableName, Input>,
    net: &NetChanges,
) -> Result<Touched, BuildError> {
    let Some(partition) = &model.partition else { return Ok(Touched::All) };
    if !record.inputs.keys().eq(inputs.keys()) {
        return Ok(Touched::All);
    }
    let mut changes = BTreeMap::new();
    for (name, input) in inputs {
        let recorded = record.inputs.get(name).map(String::as_str).unwrap_or_default();
        if recorded == input.version {
            continue;
        }
        match change(scope, model, name, input, recorded).await? {
            Some(change) => changes.insert(name.clone(), change),
            None => return Ok(Touched::All),
        };
    }
    let (mut parts, mut keys) = (BTreeSet::new(), None);
    let mut named = BTreeSet::new();
    if let Some(sql) = &model.touched {
        for helper in &model.helpers_read {
            named.extend(changed_name(helper).into_iter().flat_map(|n| scope.graph().expand(&n)));
        }
        if changes.keys().any(|name| named.contains(name)) {
            keys = by_query(scope, model, sql, inputs, &changes, net, &mut parts).await?;
        }
    }
    let mut whole = BTreeSet::new();
    for (name, change) in changes.iter().filter(|(name, _)| !named.contains(*name)) {
        // Behind a view the column may have another name.
        let is_direct = inputs.get(name).is_some_and(|input| input.is_direct);
        if !is_direct || !by_column(scope, model, partition, name, change, net, &mut whole).await? {
            return Ok(Touched::All);
        }
    }
    let rows = record.content.rows_of(&parts).max(most_rows_read(partition, inputs, &parts));
    let is_worth_it = |keys: &Keys| !parts.is_empty() && keys.len() as u64 * ROWS_OF_A_KEY <= rows;
    match keys.filter(is_worth_it) {
        Some(keys) if whole.is_empty() => Ok(Touched::Rows(parts, keys)),
        _ => {
            parts.append(&mut whole);
            Ok(Touched::Parts(parts))
        }
    }
}

/// Adds the parts that one change touches by the general rule; false if that is everything.
async fn by_column(
    scope: &QueryScope,
    model: &Model,
    partition: &str,
    name: &TableName,
    change: &Change<'_>,
    net: &NetChanges,
    parts: &mut BTreeSet<Part>,
) -> Result<bool, BuildError> {
    if is_stored_by(change.now, partition) {
        let gone = change.files.old.values().map(|gone| &gone.file.part);
        parts.extend(gone.chain(change.files.new.values()).cloned());
        return Ok(true);
    }
    let schema = stored_schema(name, change.now).map_err(BuildError::lake(&model.name))?;
    if schema.field_with_name(partition).is_err() {
        return Ok(false);
    }
    let frame = changed_rows(scope, model, name, change, net).await?;
    let frame = frame
        .select(vec![ident(partition)])
        .and_then(DataFrame::distinct)
        .map_err(BuildError::rows(&model.name))?;
    collect(model, frame, parts, None).await?;
    Ok(true)
}

/// Adds the parts that the model's own query names; answers the keys if it names some.
async fn by_query(
    scope: &QueryScope,
    model: &Model,
    sql: &str,
    inputs: &BTreeMap<TableName, Input>,
    changes: &BTreeMap<TableName, Change<'_>>,
    net: &NetChanges,
    parts: &mut BTreeSet<Part>,
) -> Result<Option<Keys>, BuildError> {
    let mut extras: HashMap<TableName, Arc<dyn TableProvider>> = HashMap::new();
    for helper in &model.helpers_read {
        let Some(table) = changed_name(helper) else { continue };
        let mut union: Option<DataFrame> = None;
        for member in scope.graph().expand(&table) {
            let frame = match changes.get(&member) {
                Some(change) => changed_rows(scope, model, &member, change, net).await?,
                None => no_rows(scope, model, &member, inputs.get(&member)).await?,
            };
            union = Some(match union {
                Some(union) => union.union_by_name(frame).map_err(BuildError::rows(&model.name))?,
                None => frame,
            });
        }
        if let Some(union) = union {
            extras.insert(helper.clone(), union.into_view());
        }
    }
    let frame = scope.with_extras(extras).frame(sql, Vec::new()).await;
    let frame = frame.map_err(BuildError::query("touched", &model.name))?;
    let key = frame.schema().fields().get(1).map(|key| key.name().clone());
    let Some(key) = key else {
        collect(model, frame, parts, None).await?;
        return Ok(None);
    };
    // Of sums it is a column of what is summed.
    if model.sums.is_empty() && !model.columns.iter().any(|column| column.name == key) {
        return Err(BuildError::Key { model: model.name.clone(), key });
    }
    let mut keys = KeysFound::of(&key);
    collect(model, frame, parts, Some(&mut keys)).await?;
    Ok(keys.all())
}

async fn no_rows(
    scope: &QueryScope,
    model: &Model,
    name: &TableName,
    input: Option<&Input>,
) -> Result<DataFrame, BuildError> {
    let context = bare_session(scope.lake());
    let table = input.and_then(|input| input.table.as_ref());
    let schema = match table {
        Some(table) => stored_schema(name, table).map_err(BuildError::lake(&model.name))?,
        None => {
            let sql = format!("select * from {}.\"{}\" limit 0", name.schema(), name.table());
            let frame = scope.frame(&sql, Vec::new()).await;
            let frame = frame.map_err(BuildError::query("touched", &model.name))?;
            Arc::clone(frame.schema().inner())
        }
    };
    empty_table(schema)
        .and_then(|table| context.read_table(table))
        .map_err(BuildError::rows(&model.name))
}

async fn collect(
    model: &Model,
    frame: DataFrame,
    parts: &mut BTreeSet<Part>,
    mut keys: Option<&mut KeysFound>,
) -> Result<(), BuildError> {
    let failed = || BuildError::rows(&model.name);
    let mut rows = frame.execute_stream().await.map_err(failed())?;
    while let Some(batch) = rows.next().await {
        let batch = batch.map_err(failed())?;
        let values = cast(batch.column(0), &DataType::Utf8)
            .map_err(|error| LakeError::arrow("read the partitions of", &model.name)(error));
        let values = values.map_err(BuildError::lake(&model.name))?;
        let values = values.as_string::<i32>();
        for row in 0..values.len() {
            let value = values.is_valid(row).then(|| values.value(row));
            let value = value.filter(|value| !value.is_empty());
            parts.insert(value.map(str::to_owned));
        }
        if let Some(keys) = &mut keys {
            keys.add(batch.column(1)).map_err(failed())?;
        }
    }
    Ok(())
}
