//! Reading a table's log: what was recorded, and what changed between two versions.
//!
//! Compaction rewrites files without changing rows. Everything here looks through it: the version
//! of a table's data is that of the last commit that changed rows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use deltalake::kernel::{Action, Add, DeletionVectorDescriptor, Remove};
use deltalake::logstore::get_actions;
use deltalake::{DeltaTable, DeltaTableError};
use serde_json::Value;

use super::files::{DataFile, Part, data_files, part_of};
use super::{LakeError, TableName};

/// Keys in the record of a commit.
pub(crate) mod ids {
    /// The text of a landing's position.
    pub(crate) const POSITION: &str = "yuanliu.position";
    /// What a model was built from.
    pub(crate) const BUILD: &str = "yuanliu.build";
    /// The version of the data, on commits that do not change it.
    pub(crate) const DATA_VERSION: &str = "yuanliu.data_version";
}

/// What one commit says.
pub(crate) struct Entry {
    pub(crate) version: u64,
    pub(crate) actions: Vec<Action>,
}

impl Entry {
    /// A value from the commit's own record.
    pub(crate) fn metadata(&self, key: &str) -> Option<&Value> {
        self.actions.iter().find_map(|action| match action {
            Action::CommitInfo(info) => info.info.get(key),
            _ => None,
        })
    }

    /// The landing that the commit is.
    pub(crate) fn sequence(&self) -> Option<i64> {
        self.actions.iter().find_map(|action| match action {
            Action::Txn(txn) if txn.app_id == super::commit::APPLICATION => Some(txn.version),
            _ => None,
        })
    }

    fn changes_data(&self) -> bool {
        self.actions.iter().any(|action| match action {
            Action::Add(add) => add.data_change,
            Action::Remove(remove) => remove.data_change,
            _ => false,
        })
    }
}

async fn read(table: &DeltaTable, version: u64) -> Result<Option<Entry>, DeltaTableError> {
    let Some(bytes) = table.log_store().read_commit_entry(version).await? else {
        return Ok(None);
    };
    Ok(Some(Entry { version, actions: get_actions(version, &bytes)? }))
}

/// The first thing `pick` finds, walking back from the latest commit.
pub(crate) async fn find_back<T>(
    table: &DeltaTable,
    mut pick: impl FnMut(&Entry) -> Option<T>,
) -> Result<Option<T>, DeltaTableError> {
    let Some(latest) = table.version() else { return Ok(None) };
    for version in (0..=latest).rev() {
        let Some(entry) = read(table, version).await? else { return Ok(None) };
        if let Some(found) = pick(&entry) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The version of the last commit that changed rows; that of the first one if none did.
pub(crate) async fn data_version(table: &DeltaTable) -> Result<u64, DeltaTableError> {
    let found = find_back(table, |entry| {
        if entry.changes_data() {
            return Some(entry.version);
        }
        entry.metadata(ids::DATA_VERSION).and_then(Value::as_u64)
    });
    Ok(found.await?.unwrap_or_default())
}

/// Files that hold rows which differ between two versions.
#[derive(Debug, Default)]
pub(crate) struct FileChange {
    /// Files of the earlier version of which rows may be gone.
    pub(crate) old: BTreeMap<String, Gone>,
    /// Files of the later version that may hold new rows, with their partition value.
    pub(crate) new: BTreeMap<String, Part>,
}

/// The rows of a file of the earlier version that may be gone.
#[derive(Debug)]
pub(crate) struct Gone {
    /// As it was.
    pub(crate) file: DataFile,
    /// The rows that are deleted by now; none: all of them.
    pub(crate) deleted: Option<DeletionVectorDescriptor>,
}

/// What a live file is made of, as far as the change between two versions is concerned.
#[derive(Clone, Default)]
struct Origin {
    /// Files of the earlier version whose rows are in it.
    old: BTreeSet<String>,
    /// Whether rows came in since.
    is_new: bool,
}

/// Compares a table with the earlier version `since`; none if the log no longer tells.
///
/// A file that compaction made out of old and new ones counts as new as a whole: callers may see
/// more rows than changed, never fewer.
pub(crate) async fn changed_files(
    name: &TableName,
    table: &DeltaTable,
    since: &DeltaTable,
) -> Result<Option<FileChange>, LakeError> {
    let (Some(from), Some(to)) = (since.version(), table.version()) else { return Ok(None) };
    let earlier: BTreeMap<_, _> =
        data_files(name, since)?.into_iter().map(|file| (file.path.clone(), file)).collect();
    let mut replay = Replay::default();
    for (path, file) in &earlier {
        replay.parts.insert(path.clone(), file.part.clone());
        let origin = Origin { old: BTreeSet::from([path.clone()]), is_new: false };
        replay.live.insert(path.clone(), origin);
    }
    for version in from + 1..=to {
        let entry =
            read(table, version).await.map_err(LakeError::delta("read the log of", name))?;
        let Some(entry) = entry else { return Ok(None) };
        replay.apply(&entry);
    }
    Ok(Some(replay.change(earlier)))
}

/// The commits between two versions, put together.
#[derive(Default)]
struct Replay {
    live: HashMap<String, Origin>,
    parts: HashMap<String, Part>,
    /// Files of the earlier version whose rows may all be gone.
    gone: BTreeSet<String>,
    /// Files of the earlier version of which some rows were deleted.
    deleted: BTreeMap<String, DeletionVectorDescriptor>,
}

impl Replay {
    fn apply(&mut self, entry: &Entry) {
        let mut rewritten: HashMap<Part, Origin> = HashMap::new();
        let named_again: HashSet<_> = adds(entry).map(|add| add.path.as_str()).collect();
        for remove in removes(entry) {
            if named_again.contains(remove.path.as_str()) {
                continue;
            }
            let Some(origin) = self.live.remove(&remove.path) else { continue };
            if remove.data_change {
                self.gone.extend(origin.old);
            } else {
                let part = self.parts.get(&remove.path).cloned().unwrap_or_default();
                let merged = rewritten.entry(part).or_default();
                merged.old.extend(origin.old);
                merged.is_new |= origin.is_new;
            }
        }
        for add in adds(entry) {
            if let Some(origin) = self.live.get_mut(&add.path) {
                let Some(deleted) = &add.deletion_vector else { continue };
                if origin.old.iter().eq([&add.path]) {
                    self.deleted.insert(add.path.clone(), deleted.clone());
                } else if !origin.old.is_empty() {
                    // Where its rows were before is not known.
                    self.gone.append(&mut origin.old);
                    origin.is_new = true;
                }
                continue;
            }
            let part = part_of(add.partition_values.clone());
            let origin = if add.data_change {
                Origin { old: BTreeSet::new(), is_new: true }
            } else {
                rewritten.get(&part).cloned().unwrap_or_default()
            };
            self.parts.insert(add.path.clone(), part);
            self.live.insert(add.path.clone(), origin);
        }
    }

    fn change(self, earlier: BTreeMap<String, DataFile>) -> FileChange {
        let Self { live, parts, gone, mut deleted } = self;
        let gone = earlier.into_iter().filter_map(|(path, file)| {
            let deleted = deleted.remove(&path);
            let is_concerned = deleted.is_some() || gone.contains(&path);
            let deleted = deleted.filter(|_| !gone.contains(&path));
            is_concerned.then_some((path, Gone { file, deleted }))
        });
        let new = live.into_iter().filter(|(_, origin)| origin.is_new).map(|(path, _)| {
            let part = parts.get(&path).cloned().unwrap_or_default();
            (path, part)
        });
        FileChange { old: gone.collect(), new: new.collect() }
    }
}

fn adds(entry: &Entry) -> impl Iterator<Item = &Add> {
    entry.actions.iter().filter_map(|action| match action {
        Action::Add(add) => Some(add),
        _ => None,
    })
}

fn removes(entry: &Entry) -> impl Iterator<Item = &Remove> {
    entry.actions.iter().filter_map(|action| match action {
        Action::Remove(remove) => Some(remove),
        _ => None,
    })
}
