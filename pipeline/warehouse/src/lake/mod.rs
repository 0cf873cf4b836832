//! A folder of Delta tables, its one writer and its query engine's resources.
//!
//! The lake knows tables, files and commits. It does not know what a table means: landing rows,
//! building models and querying are the business of the neighbouring modules. A commit is the only
//! way anything changes; a process killed at any point leaves the old version or the new one, and
//! at worst some unreferenced files that `vacuum` removes.

mod commit;
mod deletion_vector;
mod encoding;
mod error;
mod files;
mod history;
mod lock;
mod name;
mod prefix;
mod runs;
mod shortened;
mod size;
mod storable;
mod writer;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::logical_expr::ScalarUDF;
use deltalake::{DeltaTable, DeltaTableBuilder, DeltaTableError, ensure_table_uri};

pub use self::error::LakeError;
pub use self::name::TableName;

pub(crate) use self::commit::{Commit, NewTable, alter};
pub(crate) use self::deletion_vector::{
    RowNumbers, deleted_rows, is_there as has_deletion_vector, read as read_deletion_vector,
};
pub(crate) use self::files::{DataFile, Part, data_files, has_deletions, part_of};
pub(crate) use self::history::{FileChange, Gone, changed_files, data_version, find_back, ids};
pub(crate) use self::prefix::prefix;
pub(crate) use self::runs::RunLength;
pub(crate) use self::shortened::Shortened;
pub(crate) use self::size::bytes_of;
pub(crate) use self::storable::{conform, instant, schema_text, storable_schema, storable_type};
pub(crate) use self::writer::{TableWriter, WrittenFile};

use self::lock::WriterLock;
use crate::landing::KnownKeys;

/// Makes the scalar functions of one build or query, bound to its instant.
pub type FunctionsAt = Arc<dyn Fn(DateTime<Utc>) -> Vec<ScalarUDF> + Send + Sync>;

/// How a lake is opened.
#[derive(Clone)]
pub struct LakeOptions {
    /// The lake's folder; it is made if it does not exist.
    pub root: PathBuf,
    /// The functions that SQL may call; `as_of()` is fixed by the instant they are made for.
    pub functions_at: FunctionsAt,
    /// Changes whenever a function's meaning does; models are then built anew.
    pub functions_version: String,
    /// How much memory sorts, joins and aggregates may take together before they spill.
    pub memory_limit_bytes: usize,
    /// How many threads a query uses.
    pub target_partitions: usize,
    /// Where spilled data goes; it is made if it does not exist.
    pub spill_dir: PathBuf,
    /// How many input rows a partitioned model is rebuilt from at a time.
    pub chunk_rows_max: usize,
    /// What rows that are computed for some keys may take; if they take more, all rows of their partitions are computed and none
    /// is held.
    pub held_bytes_max: usize,
    /// Of a partition with fewer rows no row is replaced without the others.
    pub amended_rows_min: u64,
}

impl LakeOptions {
    /// Options with defaults for everything but the folder: no functions, 1 GiB, two threads.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            functions_at: Arc::new(|_| Vec::new()),
            functions_version: String::new(),
            memory_limit_bytes: MEMORY_LIMIT_BYTES,
            target_partitions: TARGET_PARTITIONS,
            spill_dir: root.join(".spill"),
            chunk_rows_max: CHUNK_ROWS_MAX,
            held_bytes_max: HELD_BYTES_MAX,
            amended_rows_min: AMENDED_ROWS_MIN,
            root,
        }
    }
}

/// Half of the two gigabytes a build may take; decoding and encoding files take the rest.
const MEMORY_LIMIT_BYTES: usize = 1 << 30;

/// Every thread holds its own buffers: few threads keep memory low.
const TARGET_PARTITIONS: usize = 2;

/// Rows of this number and some hundred bytes each fit the memory limit without spilling.
const CHUNK_ROWS_MAX: usize = 1_000_000;

/// Those before and those after a change are held, and for a moment both once more.
const HELD_BYTES_MAX: usize = 128 << 20;

/// So many rows are written in a few milliseconds.
const AMENDED_ROWS_MIN: u64 = 10_000;

/// An opened lake.
///
/// Cheap to share; all methods may be called at the same time. Commits to one table wait for each
/// other.
pub struct Lake {
    options: LakeOptions,
    lock: Option<WriterLock>,
    runtime: Arc<RuntimeEnv>,
    tables: Mutex<HashMap<TableName, DeltaTable>>,
    writers: Mutex<HashMap<TableName, Arc<tokio::sync::Mutex<()>>>>,
    known: Mutex<HashMap<TableName, Arc<KnownKeys>>>,
    looked_up: Mutex<HashSet<TableName>>,
}

impl fmt::Debug for Lake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lake").field("root", &self.options.root).finish_non_exhaustive()
    }
}

impl Lake {
    /// Opens a lake for writing and reading; refused while another process writes it.
    pub fn open(options: LakeOptions) -> Result<Arc<Self>, LakeError> {
        make_folder(&options.root)?;
        let lock = WriterLock::take(&options.root)?;
        Self::with(options, Some(lock))
    }

    /// Opens a lake for reading, beside whoever writes it.
    pub fn open_read_only(options: LakeOptions) -> Result<Arc<Self>, LakeError> {
        Self::with(options, None)
    }

    fn with(mut options: LakeOptions, lock: Option<WriterLock>) -> Result<Arc<Self>, LakeError> {
        if let Ok(root) = options.root.canonicalize() {
            options.root = root;
        }
        make_folder(&options.spill_dir)?;
        let disk = DiskManagerBuilder::default()
            .with_mode(DiskManagerMode::Directories(vec![options.spill_dir.clone()]));
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(options.memory_limit_bytes)))
            .with_disk_manager_builder(disk)
            .build_arc()
            .map_err(|source| LakeError::Engine {
                root: options.root.clone(),
                source: Box::new(source),
            })?;
        Ok(Arc::new(Self {
            options,
            lock,
            runtime,
            tables: Mutex::default(),
            writers: Mutex::default(),
            known: Mutex::default(),
            looked_up: Mutex::default(),
        }))
    }

    /// The lake's folder.
    pub fn root(&self) -> &Path {
        &self.options.root
    }

    /// Every table that has at least one commit, in order of name.
    pub fn table_names(&self) -> Result<Vec<TableName>, LakeError> {
        let mut names = Vec::new();
        for schema in folders(self.root())? {
            for table in folders(&self.root().join(&schema))? {
                let Ok(name) = TableName::new(&schema, &table) else { continue };
                if self.has_log(&name) {
                    names.push(name);
                }
            }
        }
        names.sort();
        Ok(names)
    }

    /// The columns of a table as lines `column type`, none if the table does not exist.
    pub async fn schema_text(&self, name: &TableName) -> Result<Option<String>, LakeError> {
        let Some(table) = self.table(name).await? else { return Ok(None) };
        let snapshot = table.snapshot().map_err(LakeError::delta("read", name))?;
        Ok(Some(schema_text(&snapshot.snapshot().arrow_schema())))
    }

    pub(crate) fn options(&self) -> &LakeOptions {
        &self.options
    }

    pub(crate) fn runtime(&self) -> Arc<RuntimeEnv> {
        Arc::clone(&self.runtime)
    }

    pub(crate) fn table_folder(&self, name: &TableName) -> PathBuf {
        self.root().join(name.schema()).join(name.table())
    }

    pub(crate) fn has_log(&self, name: &TableName) -> bool {
        self.table_folder(name).join("_delta_log").is_dir()
    }

    /// The table at its latest version, none if it has no commit.
    pub(crate) async fn table(&self, name: &TableName) -> Result<Option<DeltaTable>, LakeError> {
        if !self.has_log(name) {
            self.forget(name);
            return Ok(None);
        }
        let cached = locked(&self.tables).get(name).cloned();
        let table = match cached {
            Some(mut table) => {
                table.update_state().await.map_err(LakeError::delta("read", name))?;
                table
            }
            None => {
                let mut table = self.unloaded(name)?;
                match table.load().await {
                    Ok(()) => table,
                    // A process died before the first commit: there is no table yet.
                    Err(DeltaTableError::NotATable(_)) => return Ok(None),
                    Err(source) => return Err(LakeError::delta("read", name)(source)),
                }
            }
        };
        self.remember(name, &table);
        Ok(Some(table))
    }

    /// The table as it stood at `version`.
    pub(crate) async fn table_at(
        &self,
        name: &TableName,
        version: u64,
    ) -> Result<DeltaTable, LakeError> {
        let mut table = self.unloaded(name)?;
        table.load_version(version).await.map_err(LakeError::delta("read", name))?;
        Ok(table)
    }

    /// A handle that has read nothing, for a table that may not exist.
    pub(crate) fn unloaded(&self, name: &TableName) -> Result<DeltaTable, LakeError> {
        let folder = self.table_folder(name);
        ensure_table_uri(folder.to_string_lossy())
            .and_then(DeltaTableBuilder::from_url)
            .and_then(DeltaTableBuilder::build)
            .map_err(LakeError::delta("open", name))
    }

    pub(crate) fn remember(&self, name: &TableName, table: &DeltaTable) {
        locked(&self.tables).insert(name.clone(), table.clone());
    }

    fn forget(&self, name: &TableName) {
        locked(&self.tables).remove(name);
        locked(&self.known).remove(name);
    }

    /// Waits until no other task of this process commits to the table.
    pub(crate) async fn writing(
        &self,
        name: &TableName,
    ) -> Result<tokio::sync::OwnedMutexGuard<()>, LakeError> {
        if self.lock.is_none() {
            return Err(LakeError::ReadOnly { table: name.clone() });
        }
        let writer = Arc::clone(locked(&self.writers).entry(name.clone()).or_default());
        Ok(writer.lock_owned().await)
    }

    /// Whether this process looks up keys of the table for the first time.
    pub(crate) fn is_first_look_up(&self, name: &TableName) -> bool {
        locked(&self.looked_up).insert(name.clone())
    }

    pub(crate) fn known_keys(&self, name: &TableName) -> Option<Arc<KnownKeys>> {
        locked(&self.known).get(name).cloned()
    }

    pub(crate) fn keep_known_keys(&self, name: &TableName, known: Arc<KnownKeys>) {
        locked(&self.known).insert(name.clone(), known);
    }

    pub(crate) fn drop_known_keys(&self, name: &TableName) {
        locked(&self.known).remove(name);
    }
}

/// A poisoned lock guards a cache here: what another thread left there is still valid.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn make_folder(path: &Path) -> Result<(), LakeError> {
    std::fs::create_dir_all(path).map_err(LakeError::file("make folder", path))
}

fn folders(path: &Path) -> Result<Vec<String>, LakeError> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(LakeError::file("list", path)(source)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(LakeError::file("list", path))?;
        if entry.path().is_dir()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    Ok(names)
}
