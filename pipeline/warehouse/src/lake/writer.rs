//! Writing data files that no commit names yet.

use std::collections::HashMap;
use std::num::NonZeroU64;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use deltalake::DeltaTable;
use deltalake::datafile::writer::{DeltaWriter, WriterConfig};
use deltalake::kernel::Add;
use deltalake::operations::get_num_idx_cols_and_stats_columns;
use deltalake::parquet::basic::Compression;
use deltalake::parquet::file::properties::WriterProperties;

use super::{LakeError, TableName, conform};

/// A file is closed at about this size, so that readers can share the work.
const FILE_BYTES_TARGET: NonZeroU64 = match NonZeroU64::new(128 << 20) {
    Some(bytes) => bytes,
    None => NonZeroU64::MIN,
};

/// An open file holds one group of rows in memory, and a build has one file open per partition.
const ROW_GROUP_ROWS_MAX: usize = 64 * 1024;

/// A file that has been written and waits for its commit.
pub(crate) type WrittenFile = Add;

/// Streams batches into the data files of one table.
pub(crate) struct TableWriter {
    table: TableName,
    schema: SchemaRef,
    writer: DeltaWriter,
}

impl TableWriter {
    /// Files go to the table's folder, by partition if there is one.
    pub(crate) fn new(
        table: &TableName,
        handle: &DeltaTable,
        schema: SchemaRef,
        partition: Option<&str>,
    ) -> Self {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS_MAX))
            .build();
        let (indexed, _) = get_num_idx_cols_and_stats_columns(None, HashMap::new());
        let config = WriterConfig::new(
            schema.clone(),
            partition.map(str::to_owned).into_iter().collect(),
            Some(properties),
            Some(FILE_BYTES_TARGET),
            None,
            indexed,
            None,
        );
        let writer = DeltaWriter::new(handle.object_store(), config);
        Self { table: table.clone(), schema, writer }
    }

    /// Writes one batch, brought to the table's schema.
    pub(crate) async fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let batch =
            conform(batch, &self.schema).map_err(LakeError::arrow("convert", &self.table))?;
        self.writer.write(&batch).await.map_err(LakeError::delta("write files of", &self.table))
    }

    /// Finishes all files.
    pub(crate) async fn close(self) -> Result<Vec<WrittenFile>, LakeError> {
        self.writer.close().await.map_err(LakeError::delta("write files of", &self.table))
    }
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
