//! Writing data files that no commit names yet.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use deltalake::DeltaTable;
use deltalake::datafile::writer::{DeltaWriter, WriterConfig};
use deltalake::kernel::Add;
use deltalake::operations::get_num_idx_cols_and_stats_columns;

use super::runs::{Run, RunLength};
use super::{LakeError, TableName, conform, encoding};

/// A file is closed at about this size, so that readers can share the work.
const FILE_BYTES_TARGET: NonZeroU64 = match NonZeroU64::new(128 << 20) {
    Some(bytes) => bytes,
    None => NonZeroU64::MIN,
};

/// Columns of raw tables whose bounds tell which files a look-up must read.
const BOUNDED: [&str; 3] = ["_key", "_changed_at", "_seq"];

/// For how many leading columns a table without settings has bounds.
const INDEXED_COLUMNS_DEFAULT: usize = 32;

/// A file that has been written and waits for its commit.
pub(crate) type WrittenFile = Add;

/// Streams batches into the data files of one table.
pub(crate) struct TableWriter {
    table: TableName,
    schema: SchemaRef,
    partition: Option<String>,
    handle: DeltaTable,
    /// Made with the first rows, which tell how to encode the columns.
    writer: Option<DeltaWriter>,
    /// The rows that are put in order before they are written.
    run: Option<Run>,
}

impl TableWriter {
    /// Files go to the table's folder, by partition if there is one.
    pub(crate) fn new(
        table: &TableName,
        handle: &DeltaTable,
        schema: SchemaRef,
        partition: Option<&str>,
    ) -> Self {
        Self {
            table: table.clone(),
            schema,
            partition: partition.map(str::to_owned),
            handle: handle.clone(),
            writer: None,
            run: None,
        }
    }

    /// Rows are written in runs of some length that are ordered by a column, if the table has it.
    pub(crate) fn in_runs_by(mut self, column: &str, length: RunLength) -> Self {
        self.run = Run::by(column, &self.schema, length);
        self
    }

    /// Writes one batch, brought to the table's schema.
    pub(crate) async fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let batch =
            conform(batch, &self.schema).map_err(LakeError::arrow("convert", &self.table))?;
        if self.writer.is_none() {
            self.writer = Some(self.begin(&batch));
        }
        let Some(run) = &mut self.run else { return self.append(&batch).await };
        if run.add(batch) {
            self.write_run().await?;
        }
        Ok(())
    }

    /// Writes the rows of the open run.
    async fn write_run(&mut self) -> Result<(), LakeError> {
        let Some(run) = &mut self.run else { return Ok(()) };
        for batch in run.sorted() {
            let batch = batch.map_err(LakeError::arrow("sort", &self.table))?;
            self.append(&batch).await?;
        }
        Ok(())
    }

    async fn append(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write(batch).await.map_err(LakeError::delta("write files of", &self.table))
    }

    fn begin(&self, first: &RecordBatch) -> DeltaWriter {
        let (indexed, _) = get_num_idx_cols_and_stats_columns(None, indexed_columns(&self.schema));
        let config = WriterConfig::new(
            self.schema.clone(),
            self.partition.iter().cloned().collect(),
            Some(encoding::properties(first, self.run.is_some())),
            Some(FILE_BYTES_TARGET),
            None,
            indexed,
            None,
        );
        DeltaWriter::new(self.handle.object_store(), config)
    }

    /// Finishes all files, and has them brought to the disk while others are written: their commit waits for it.
    pub(crate) async fn close(mut self) -> Result<Vec<WrittenFile>, LakeError> {
        self.write_run().await?;
        let Some(writer) = self.writer else { return Ok(Vec::new()) };
        let files =
            writer.close().await.map_err(LakeError::delta("write files of", &self.table))?;
        if let Ok(folder) = self.handle.table_url().to_file_path() {
            let files = files.clone();
            // The commit syncs them once more, and tells if that fails.
            tokio::task::spawn_blocking(move || sync_files(&folder, &files).ok());
        }
        Ok(files)
    }
}

/// The setting of a table so wide that its log would not keep the bounds that look-ups leave files
/// out by (Delta protocol, table properties, `delta.dataSkippingNumIndexedCols`).
pub(crate) fn indexed_columns(schema: &Schema) -> HashMap<String, Option<String>> {
    let last = BOUNDED.iter().filter_map(|column| schema.index_of(column).ok()).max();
    let beyond = last.filter(|last| *last >= INDEXED_COLUMNS_DEFAULT);
    let setting =
        |last: usize| ("delta.dataSkippingNumIndexedCols".to_owned(), Some((last + 1).to_string()));
    beyond.map(setting).into_iter().collect()
}

/// Waits until files are on the disk itself, so that a commit never outlives what it names.
pub(crate) fn sync_files(folder: &Path, files: &[WrittenFile]) -> Result<(), LakeError> {
    for file in files {
        sync(&folder.join(&file.path))?;
    }
    Ok(())
}

pub(crate) fn sync(path: &Path) -> Result<(), LakeError> {
    std::fs::File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(LakeError::file("write to disk", path))
}
