//! Turning written files into a new version of a table.

use std::collections::HashMap;

use arrow::datatypes::SchemaRef;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake::kernel::{
    Action, DeletionVectorDescriptor, MetadataExt, StructType, Transaction, new_metadata,
};
use deltalake::operations::create::CreateBuilder;
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::{DeltaTable, DeltaTableError};
use serde_json::Value;

use super::deletion_vector::{self, RowNumbers};
use super::writer::{indexed_columns, sync, sync_files};
use super::{Lake, LakeError, TableName, WrittenFile};

/// The application under which landings are counted in a table's log.
pub(crate) const APPLICATION: &str = "yuanliu";

/// Positions and build records live in the log, so the log is kept for a century.
const LOG_RETENTION: &str = "interval 36500 days";

/// The columns of a table that does not exist yet, or is to be given others.
pub(crate) struct NewTable {
    pub(crate) schema: SchemaRef,
    pub(crate) partition: Option<String>,
}

/// Everything that becomes visible at once.
#[derive(Default)]
pub(crate) struct Commit {
    /// Removes and metadata changes.
    pub(crate) actions: Vec<Action>,
    /// New files.
    pub(crate) files: Vec<WrittenFile>,
    /// Kept in the commit's own record.
    pub(crate) metadata: Vec<(String, Value)>,
    /// The landing that this is.
    pub(crate) sequence: Option<i64>,
    /// Whether earlier rows are replaced.
    pub(crate) is_overwrite: bool,
}

impl Commit {
    fn properties(&self) -> CommitProperties {
        let mut properties = CommitProperties::default()
            .with_metadata(self.metadata.clone())
            .with_cleanup_expired_logs(Some(false));
        if let Some(sequence) = self.sequence {
            properties =
                properties.with_application_transaction(Transaction::new(APPLICATION, sequence));
        }
        properties
    }
}

impl Lake {
    /// Makes a table whose first version holds the commit's files.
    pub(crate) async fn create(
        &self,
        name: &TableName,
        new: &NewTable,
        commit: Commit,
    ) -> Result<DeltaTable, LakeError> {
        self.sync_before(name, &commit).await?;
        let properties = commit.properties();
        let log_store = self.unloaded(name)?.log_store();
        let table = create_builder(new)
            .map_err(LakeError::delta("create", name))?
            .with_log_store(log_store)
            .with_table_name(name.to_string())
            .with_actions(commit.files.into_iter().map(Action::Add))
            .with_commit_properties(properties)
            .await
            .map_err(LakeError::delta("create", name))?;
        self.sync_after(name, &table).await?;
        self.remember(name, &table);
        Ok(table)
    }

    /// Adds a version to a table.
    pub(crate) async fn commit(
        &self,
        name: &TableName,
        mut table: DeltaTable,
        mut commit: Commit,
    ) -> Result<DeltaTable, LakeError> {
        self.sync_before(name, &commit).await?;
        let properties = commit.properties();
        let mut actions = std::mem::take(&mut commit.actions);
        actions.extend(commit.files.into_iter().map(Action::Add));
        let mode = if commit.is_overwrite { SaveMode::Overwrite } else { SaveMode::Append };
        let failed = || LakeError::delta("commit to", name);
        let finalized = {
            let snapshot = table.snapshot().map_err(failed())?;
            let columns = snapshot.metadata().partition_columns().to_vec();
            let operation = DeltaOperation::Write {
                mode,
                partition_by: (!columns.is_empty()).then_some(columns),
                predicate: None,
            };
            CommitBuilder::from(properties)
                .with_actions(actions)
                .build(Some(snapshot), table.log_store(), operation)
                .await
                .map_err(failed())?
        };
        table.state = Some(finalized.snapshot());
        self.sync_after(name, &table).await?;
        self.remember(name, &table);
        Ok(table)
    }

    /// Writes down which rows of files are deleted, and answers how a commit names each of the vectors.
    pub(crate) async fn write_deletion_vectors(
        &self,
        name: &TableName,
        vectors: Vec<RowNumbers>,
    ) -> Result<Vec<DeletionVectorDescriptor>, LakeError> {
        let folder = self.table_folder(name);
        blocking(move || deletion_vector::write(&folder, &vectors)).await
    }

    async fn sync_before(&self, name: &TableName, commit: &Commit) -> Result<(), LakeError> {
        let folder = self.table_folder(name);
        let files = commit.files.clone();
        blocking(move || sync_files(&folder, &files)).await
    }

    async fn sync_after(&self, name: &TableName, table: &DeltaTable) -> Result<(), LakeError> {
        let folder = self.table_folder(name);
        let root = self.root().to_owned();
        let version = table.version().unwrap_or_default();
        blocking(move || {
            let log = folder.join("_delta_log");
            sync(&log.join(format!("{version:020}.json")))?;
            sync(&log)?;
            if version > 0 {
                return Ok(());
            }
            // A new table is also a new entry in the folders above.
            let above = folder.ancestors().take_while(|path| path.starts_with(&root));
            above.into_iter().try_for_each(sync)
        })
        .await
    }
}

/// Runs file system calls that may wait for the disk beside the async workers.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LakeError> + Send + 'static,
) -> Result<T, LakeError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(LakeError::file("write to disk", "")(std::io::Error::other(error))),
    }
}

fn struct_type(schema: &SchemaRef) -> Result<StructType, DeltaTableError> {
    Ok(schema.as_ref().try_into_kernel()?)
}

fn configuration(schema: &SchemaRef) -> HashMap<String, Option<String>> {
    let mut configuration = indexed_columns(schema);
    configuration.extend([
        ("delta.logRetentionDuration".to_owned(), Some(LOG_RETENTION.to_owned())),
        ("delta.enableExpiredLogCleanup".to_owned(), Some("false".to_owned())),
    ]);
    configuration
}

fn create_builder(new: &NewTable) -> Result<CreateBuilder, DeltaTableError> {
    let schema = struct_type(&new.schema)?;
    Ok(CreateBuilder::new()
        .with_columns(schema.fields().cloned())
        .with_partition_columns(new.partition.clone())
        .with_configuration(configuration(&new.schema))
        .with_save_mode(SaveMode::ErrorIfExists))
}

/// The action that gives a table other columns; its identity and settings stay.
pub(crate) fn alter(table: &DeltaTable, new: &NewTable) -> Result<Action, DeltaTableError> {
    let configuration = table.snapshot()?.metadata().configuration().clone();
    described(table, &struct_type(&new.schema)?, new.partition.clone(), configuration)
}

/// The actions after which commits to a table may delete single rows of its files; none if they may already.
///
/// A table that never needs it stays readable for programs that do not know deletion vectors (Delta protocol,
/// "Table Features").
pub(crate) fn allow_deletion_vectors(table: &DeltaTable) -> Result<Vec<Action>, DeltaTableError> {
    let snapshot = table.snapshot()?;
    let metadata = snapshot.metadata();
    let mut configuration = metadata.configuration().clone();
    let set = configuration.insert("delta.enableDeletionVectors".to_owned(), "true".to_owned());
    if set.is_some() {
        return Ok(Vec::new());
    }
    // Those of the versions before there were features are named once features are.
    let protocol = serde_json::from_value(serde_json::json!({
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": ["deletionVectors"],
        "writerFeatures": ["appendOnly", "deletionVectors", "invariants"],
    }))
    .map_err(DeltaTableError::generic)?;
    let partition = metadata.partition_columns().first().cloned();
    let described = described(table, &snapshot.schema(), partition, configuration)?;
    Ok(vec![Action::Protocol(protocol), described])
}

fn described(
    table: &DeltaTable,
    schema: &StructType,
    partition: Option<String>,
    configuration: HashMap<String, String>,
) -> Result<Action, DeltaTableError> {
    let old = table.snapshot()?.metadata();
    let metadata = new_metadata(schema, partition, configuration)?
        .with_table_id(old.id().to_owned())?
        .with_name(old.name().unwrap_or_default().to_owned())?;
    Ok(Action::Metadata(metadata))
}
