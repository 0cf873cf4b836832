//! The part of each input that a piece of a rebuild reads.
//!
//! By the promise of [`super::touched`] rows of a piece follow from the rows of the same piece of
//! every input that is stored by the same column, except those whose changes the `touched` query
//! spreads to other pieces. Reading only the files of the piece is the same answer with less held
//! in memory. `slice` in a model's header adds inputs that its `touched` query names and its select
//! nevertheless reads piece by piece.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use datafusion::catalog::TableProvider;

use super::BuildError;
use super::chunks::Chunk;
use super::inputs::Input;
use super::storage::{files_of, is_stored_by};
use crate::graph::{Model, changed_name};
use crate::lake::{DataFile, TableName};
use crate::query::{QueryScope, provider_of_files};

/// The inputs of `model` that `chunk` reads in part, as tables of that part.
pub(crate) fn slices(
    scope: &QueryScope,
    model: &Model,
    inputs: &BTreeMap<TableName, Input>,
    chunk: &Chunk,
) -> Result<HashMap<TableName, Arc<dyn TableProvider>>, BuildError> {
    let mut slices = HashMap::new();
    for (name, files) in sliced_files(scope, model, inputs, chunk)? {
        let Some(table) = inputs.get(&name).and_then(|input| input.table.as_ref()) else {
            continue;
        };
        let slice =
            provider_of_files(&name, table, files).map_err(BuildError::lake(&model.name))?;
        slices.insert(name, slice);
    }
    Ok(slices)
}

/// The files of the inputs of `model` that `chunk` reads in part.
pub(super) fn sliced_files(
    scope: &QueryScope,
    model: &Model,
    inputs: &BTreeMap<TableName, Input>,
    chunk: &Chunk,
) -> Result<BTreeMap<TableName, Vec<DataFile>>, BuildError> {
    let mut sliced = BTreeMap::new();
    let (Some(partition), false) = (&model.partition, *chunk == Chunk::Everything) else {
        return Ok(sliced);
    };
    let spread = spread(scope, model);
    for (name, input) in inputs {
        let Some(table) = input.table.as_ref().filter(|_| input.is_direct) else { continue };
        let is_whole = spread.contains(name) && !model.slice.contains(name);
        if is_whole || !is_stored_by(table, partition) {
            continue;
        }
        let files = files_of(name, table, chunk).map_err(BuildError::lake(&model.name))?;
        sliced.insert(name.clone(), files);
    }
    Ok(sliced)
}

/// The inputs whose changes the `touched` query follows into other pieces.
fn spread(scope: &QueryScope, model: &Model) -> BTreeSet<TableName> {
    let named = model.helpers_read.iter().filter_map(changed_name);
    named.flat_map(|name| scope.graph().expand(&name)).collect()
}
