//! Data files as a source of rows, of some of which only some rows are read.
//!
//! delta-rs reads a table with deletion vectors file after file, without leaving out what a condition rules out. Here the rows that
//! are left are told to the engine's own reader, which skips the others wherever it would.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::config::TableParquetOptions;
use datafusion::common::stats::Precision;
use datafusion::common::{ScalarValue, Statistics, ToDFSchema};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::datasource::physical_plan::parquet::{
    CachedParquetFileReaderFactory, ParquetRowSelection,
};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use deltalake::parquet::arrow::RowNumber;
use deltalake::parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use deltalake::{DeltaTable, ObjectMeta, Path};

use super::catalog::external;
use super::pages::rows_of_pages;
use crate::lake::{DataFile, Lake, LakeError, RowNumbers, TableName, deleted_rows};
use crate::landing::stored_schema;

/// The file that a row is in, by its place in the list of files.
const FILE: &str = "_file";

/// The place of a row in its file.
const ROW: &str = "_row";

/// Which rows of a data file are read.
#[derive(Debug, Clone)]
pub(crate) enum ReadRows {
    /// Those that are rows of the table.
    Live,
    /// Of those the ones at these places.
    At(RowNumbers),
}

/// Some data files of a table.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    folder: PathBuf,
    schema: SchemaRef,
    partition: Option<FieldRef>,
    files: Vec<(DataFile, ReadRows)>,
    has_places: bool,
}

impl Files {
    /// Rows with the columns of the table.
    pub(crate) fn new(
        name: &TableName,
        table: &DeltaTable,
        files: Vec<(DataFile, ReadRows)>,
    ) -> Result<Self, LakeError> {
        let schema = stored_schema(name, table)?;
        let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?;
        let partition = snapshot.metadata().partition_columns().first();
        let partition = partition.and_then(|column| schema.field_with_name(column).ok());
        let partition = partition.map(|field| Arc::new(field.clone()));
        let folder = table.table_url().to_file_path().unwrap_or_default();
        Ok(Self { folder, schema, partition, files, has_places: false })
    }

    /// All rows of some files.
    pub(crate) fn live(
        name: &TableName,
        table: &DeltaTable,
        files: Vec<DataFile>,
    ) -> Result<Self, LakeError> {
        Self::new(name, table, files.into_iter().map(|file| (file, ReadRows::Live)).collect())
    }

    /// The same with columns [`FILE`] (`UInt32`) and [`ROW`] (`Int64`), which tell where a row is kept.
    pub(crate) fn with_places(mut self) -> Self {
        let mut fields: Vec<FieldRef> = self.schema.fields().iter().cloned().collect();
        fields.extend([file_field(), row_field()]);
        self.schema = Arc::new(Schema::new(fields));
        self.has_places = true;
        self
    }

    /// Without the pages that hold no value of a column that is looked for: those between whose bounds `any_between` finds none.
    pub(crate) async fn of_pages(
        mut self,
        lake: &Lake,
        column: &str,
        any_between: impl Fn(&[u8], &[u8]) -> bool,
    ) -> Result<Self> {
        let runtime = lake.runtime();
        let store = runtime.object_store(ObjectStoreUrl::local_filesystem())?;
        let cache = runtime.cache_manager.get_file_metadata_cache();
        let (mut chosen, mut all) = (0, 0);
        for (file, rows) in &mut self.files {
            let meta = object_meta(&self.folder, file)?;
            let told = DFParquetMetadata::new(store.as_ref(), &meta)
                .with_file_metadata_cache(Some(Arc::clone(&cache)));
            let of_pages = rows_of_pages(&*told.fetch_metadata().await?, column, &any_between);
            *rows = match rows {
                ReadRows::Live => ReadRows::At(of_pages),
                ReadRows::At(rows) => ReadRows::At(of_pages & &*rows),
            };
            if let ReadRows::At(rows) = rows {
                chosen += rows.len();
            }
            all += file.rows;
        }
        tracing::debug!(table = %self.folder.display(), column, chosen, all, "rows of pages");
        Ok(self)
    }

    /// The columns in the order of the engine's reader: those of files, those of all of a file, the row's place.
    fn read_schema(&self) -> TableSchema {
        let partition = self.partition.as_ref();
        let is_kept = |field: &&FieldRef| {
            let is_place = self.has_places && [FILE, ROW].contains(&field.name().as_str());
            !is_place && partition.is_none_or(|partition| partition.name() != field.name())
        };
        let kept: Vec<FieldRef> = self.schema.fields().iter().filter(is_kept).cloned().collect();
        let mut of_file: Vec<FieldRef> = partition.cloned().into_iter().collect();
        let mut of_row: Vec<FieldRef> = Vec::new();
        if self.has_places {
            of_file.push(file_field());
            of_row.push(row_field());
        }
        TableSchema::builder(Arc::new(Schema::new(kept)))
            .with_table_partition_cols(of_file)
            .with_virtual_columns(of_row)
            .build()
    }

    fn partitioned(
        &self,
        place: usize,
        file: &DataFile,
        rows: &ReadRows,
    ) -> Result<PartitionedFile> {
        let deleted = deleted_rows(&self.folder, file).map_err(external)?;
        let meta = object_meta(&self.folder, file)?;
        let mut values = Vec::new();
        if let Some(partition) = &self.partition {
            values.push(match &file.part {
                Some(text) => ScalarValue::try_from_string(text.clone(), partition.data_type())?,
                None => ScalarValue::try_from(partition.data_type())?,
            });
        }
        if self.has_places {
            values.push(ScalarValue::UInt32(u32::try_from(place).ok()));
        }
        let whole = PartitionedFile::new_from_meta(meta).with_partition_values(values);
        let selection = match (rows, deleted) {
            (ReadRows::Live, None) => return Ok(whole),
            (ReadRows::Live, Some(deleted)) => selection(&deleted, file.rows, false),
            (ReadRows::At(rows), None) => selection(rows, file.rows, true),
            (ReadRows::At(rows), Some(deleted)) => selection(&(rows - deleted), file.rows, true),
        };
        Ok(whole.with_extension(ParquetRowSelection::new(selection)))
    }
}

#[async_trait]
impl TableProvider for Files {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        let supported = |filter: &&Expr| match filter.column_refs().is_empty() {
            true => TableProviderFilterPushDown::Unsupported,
            false => TableProviderFilterPushDown::Inexact,
        };
        Ok(filters.iter().map(supported).collect())
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns =
            projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let read = self.read_schema();
        let all = Arc::clone(read.table_schema());
        let mut live = 0;
        let mut files = Vec::with_capacity(self.files.len());
        for (place, (file, rows)) in self.files.iter().enumerate() {
            live += match rows {
                ReadRows::Live => file.live_rows(),
                ReadRows::At(rows) if rows.is_empty() => continue,
                ReadRows::At(rows) => rows.len(),
            };
            files.push(self.partitioned(place, file, rows)?);
        }
        if files.is_empty() {
            return Ok(Arc::new(EmptyExec::new(Arc::new(self.schema.project(&columns)?))));
        }
        let url = ObjectStoreUrl::local_filesystem();
        let runtime = session.runtime_env();
        let readers = CachedParquetFileReaderFactory::new(
            runtime.object_store(&url)?,
            runtime.cache_manager.get_file_metadata_cache(),
        );
        let options = TableParquetOptions {
            global: session.config_options().execution.parquet.clone(),
            ..TableParquetOptions::default()
        };
        let mut source = ParquetSource::new(read)
            .with_table_parquet_options(options)
            .with_parquet_file_reader_factory(Arc::new(readers));
        if let Some(condition) = conjunction(filters.to_vec()) {
            let condition =
                session.create_physical_expr(condition, &Arc::clone(&all).to_dfschema()?)?;
            source = source.with_predicate(condition).with_pushdown_filters(true);
        }
        let columns = columns.iter().map(|place| all.index_of(self.schema.field(*place).name()));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let statistics = Statistics {
            num_rows: Precision::Inexact(live as usize),
            ..Statistics::new_unknown(&all)
        };
        let groups = FileGroup::new(files).split_files(session.config().target_partitions());
        let scan = FileScanConfigBuilder::new(url, Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(Some(columns))?
            .with_limit(limit.filter(|_| filters.is_empty()));
        Ok(DataSourceExec::from_data_source(scan.build()))
    }
}

/// A file of a table's folder as the store knows it.
fn object_meta(folder: &std::path::Path, file: &DataFile) -> Result<ObjectMeta> {
    let location = Path::from_absolute_path(folder.join(&file.path))
        .map_err(|error| DataFusionError::External(Box::new(error)))?;
    let last_modified = chrono::DateTime::from_timestamp_millis(file.modified_ms);
    Ok(ObjectMeta {
        location,
        last_modified: last_modified.unwrap_or_default(),
        size: file.bytes,
        e_tag: None,
        version: None,
    })
}

fn file_field() -> FieldRef {
    Arc::new(Field::new(FILE, DataType::UInt32, true))
}

fn row_field() -> FieldRef {
    Arc::new(Field::new(ROW, DataType::Int64, true).with_extension_type(RowNumber))
}

/// The rows at some places of a file, or all others.
fn selection(places: &RowNumbers, rows: u64, is_chosen: bool) -> RowSelection {
    let run = |from: u64, to: u64, is_chosen: bool| {
        let count = to.saturating_sub(from) as usize;
        if is_chosen { RowSelector::select(count) } else { RowSelector::skip(count) }
    };
    let mut runs = Vec::new();
    // Places that follow each other make one run.
    let (mut begin, mut end) = (0, 0);
    for place in places.iter().take_while(|place| *place < rows) {
        if place > end {
            runs.push(run(begin, end, is_chosen));
            runs.push(run(end, place, !is_chosen));
            begin = place;
        }
        end = place + 1;
    }
    runs.push(run(begin, end, is_chosen));
    runs.push(run(end, rows, !is_chosen));
    runs.retain(|run| run.row_count > 0);
    RowSelection::from(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(places: &[u64], is_chosen: bool) -> String {
        let selection = selection(&places.iter().copied().collect(), 10, is_chosen);
        let run =
            |run: &RowSelector| format!("{}{}", if run.skip { '-' } else { '+' }, run.row_count);
        selection.iter().map(run).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rows_are_chosen_in_runs() {
        assert_eq!(runs(&[], true), "-10");
        assert_eq!(runs(&[], false), "+10");
        assert_eq!(runs(&[0], true), "+1 -9");
        assert_eq!(runs(&[0, 1, 4, 9], true), "+2 -2 +1 -4 +1");
        assert_eq!(runs(&[0, 1, 4, 9], false), "-2 +2 -1 +4 -1");
        assert_eq!(runs(&[3, 4, 12], false), "+3 -2 +5");
    }
}
