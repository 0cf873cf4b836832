//! Keeping tables quick to read: fewer, larger files, and no files that nothing names.
//!
//! Neither changes a row, and builds do not take them for changes.

use std::num::NonZeroU64;
use std::sync::Arc;

use chrono::Duration;
use deltalake::kernel::transaction::CommitProperties;
use deltalake::operations::vacuum::VacuumMode;

use crate::lake::{Lake, LakeError, TableName, data_version, ids};
use crate::query::bare_session;

/// Files up to this size are put together.
const COMPACTED_FILE_BYTES: NonZeroU64 = match NonZeroU64::new(128 << 20) {
    Some(bytes) => bytes,
    None => NonZeroU64::MIN,
};

/// What maintenance did to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintenanceReport {
    /// The table.
    pub table: TableName,
    /// How many small files were put together.
    pub files_compacted: u64,
    /// How many files that nothing names were deleted.
    pub files_deleted: usize,
}

impl Lake {
    /// Puts a table's small files together and answers how many there were.
    pub async fn compact(&self, name: &TableName) -> Result<u64, LakeError> {
        let _writing = self.writing(name).await?;
        let Some(table) = self.table(name).await? else { return Ok(0) };
        let properties = self.unchanged_data(name, &table).await?;
        let (table, metrics) = table
            .optimize()
            .with_target_size(COMPACTED_FILE_BYTES)
            .with_max_concurrent_tasks(1)
            .with_session_state(Arc::new(bare_session(self).state()))
            .with_commit_properties(properties)
            .await
            .map_err(LakeError::delta("compact", name))?;
        self.remember(name, &table);
        Ok(metrics.num_files_removed)
    }

    /// Deletes files that no version younger than `retention` names, and answers how many.
    ///
    /// A reader that has been at work for longer than `retention` may fail.
    pub async fn vacuum(&self, name: &TableName, retention: Duration) -> Result<usize, LakeError> {
        let _writing = self.writing(name).await?;
        let Some(table) = self.table(name).await? else { return Ok(0) };
        let properties = self.unchanged_data(name, &table).await?;
        let (table, metrics) = table
            .vacuum()
            .with_retention_period(retention)
            .with_enforce_retention_duration(false)
            .with_mode(VacuumMode::Full)
            .with_commit_properties(properties)
            .await
            .map_err(LakeError::delta("vacuum", name))?;
        self.remember(name, &table);
        Ok(metrics.files_deleted.len())
    }

    /// Compacts and vacuums every table.
    pub async fn maintain(&self, retention: Duration) -> Result<Vec<MaintenanceReport>, LakeError> {
        let mut reports = Vec::new();
        for table in self.table_names()? {
            let files_compacted = self.compact(&table).await?;
            let files_deleted = self.vacuum(&table, retention).await?;
            reports.push(MaintenanceReport { table, files_compacted, files_deleted });
        }
        Ok(reports)
    }

    async fn unchanged_data(
        &self,
        name: &TableName,
        table: &deltalake::DeltaTable,
    ) -> Result<CommitProperties, LakeError> {
        let version =
            data_version(table).await.map_err(LakeError::delta("read the log of", name))?;
        Ok(CommitProperties::default()
            .with_metadata([(ids::DATA_VERSION.to_owned(), version.into())])
            .with_cleanup_expired_logs(Some(false)))
    }
}
