//! DataFusion sessions as the lake needs them.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use deltalake::DeltaTable;
use deltalake::delta_datafusion::{DeltaScanConfig, DeltaScanNext, FileSelection};

use super::QueryScope;
use super::catalog::LakeCatalog;
use super::files::Files;
use super::rules::optimizer_rules;
use super::table::LakeTable;
use crate::lake::{DataFile, Lake, LakeError, TableName, data_files, has_deletions};

const CATALOG: &str = "lake";
const DEFAULT_SCHEMA: &str = "marts";

/// Whether a scan looks for what the other side of a join has.
const JOIN_KEYS_PUSHED_DOWN: &str = "datafusion.optimizer.enable_join_dynamic_filter_pushdown";

fn config(lake: &Lake) -> SessionConfig {
    SessionConfig::new()
        .with_target_partitions(lake.options().target_partitions)
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema(CATALOG, DEFAULT_SCHEMA)
        .with_information_schema(true)
        // The lake stores plain text columns; views would leak into every comparison and export.
        .set_bool("datafusion.execution.parquet.schema_force_view_types", false)
        .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false)
}

/// A session without names, for reading tables by handle.
pub(crate) fn bare_session(lake: &Lake) -> SessionContext {
    context(lake, config(lake))
}

fn context(lake: &Lake, config: SessionConfig) -> SessionContext {
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(lake.runtime())
        .with_default_features()
        .with_physical_optimizer_rules(optimizer_rules());
    SessionContext::new_with_state(state.build())
}

pub(super) fn session(scope: &QueryScope) -> SessionContext {
    let lake = scope.lake();
    let config = config(lake)
        .with_target_partitions(scope.inner.threads)
        .set_bool(JOIN_KEYS_PUSHED_DOWN, !scope.inner.reads_whole_tables)
        .set_bool("datafusion.execution.parquet.pushdown_filters", scope.inner.seeks_few_rows);
    let context = context(lake, config);
    context.register_catalog(CATALOG, Arc::new(LakeCatalog::new(scope.clone())));
    for function in (lake.options().functions_at)(scope.inner.as_of) {
        context.register_udf(function);
    }
    context
}

/// A table as a source of rows.
pub(crate) fn provider(
    name: &TableName,
    table: &DeltaTable,
) -> Result<Arc<dyn TableProvider>, LakeError> {
    if has_deletions(name, table)? {
        return Ok(Arc::new(Files::live(name, table, data_files(name, table)?)?));
    }
    Ok(Arc::new(LakeTable(scan(name, table)?)))
}

/// Some files of a table as a source of rows.
pub(crate) fn provider_of_files(
    name: &TableName,
    table: &DeltaTable,
    files: Vec<DataFile>,
) -> Result<Arc<dyn TableProvider>, LakeError> {
    if files.is_empty() || files.iter().any(|file| file.deleted.is_some()) {
        return Ok(Arc::new(Files::live(name, table, files)?));
    }
    let selection = FileSelection::from_file_paths(files.into_iter().map(|file| file.path));
    Ok(Arc::new(LakeTable(scan(name, table)?.with_file_selection(selection))))
}

fn scan(name: &TableName, table: &DeltaTable) -> Result<DeltaScanNext, LakeError> {
    let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?.snapshot().clone();
    let mut config = DeltaScanConfig::new().with_wrap_partition_values(false);
    config.schema_force_view_types = false;
    DeltaScanNext::new(snapshot, config).map_err(LakeError::scan("read", name))
}

/// A table without rows.
pub(crate) fn empty_table(schema: SchemaRef) -> Result<Arc<dyn TableProvider>, DataFusionError> {
    Ok(Arc::new(MemTable::try_new(schema, vec![vec![]])?))
}
