//! Reading a table's log: what was recorded, and what changed between two versions.
//!
//! Compaction rewrites files without changing rows. Everything here looks through it: the version
//! of a table's data is that of the last commit that changed rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use deltalake::kernel::{Action, Add, Remove};
use deltalake::logstore::get_actions;
use deltalake::{DeltaTable, DeltaTableError};
use serde_json::Value;

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
    /// Files of the earlier version whose rows may be gone, with their partition value.
    pub(crate) old: BTreeMap<String, Option<String>>,
    /// Files of the later version that may hold new rows, with their partition value.
    pub(crate) new: BTreeMap<String, Option<String>>,
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
    table: &DeltaTable,
    since: &DeltaTable,
) -> Result<Option<FileChange>, DeltaTableError> {
    let (Some(from), Some(to)) = (since.version(), table.version()) else { return Ok(None) };
    let mut live: HashMap<String, Origin> = HashMap::new();
    let mut partitions: HashMap<String, Option<String>> = HashMap::new();
    for file in since.snapshot()?.log_data().iter() {
        let path = file.path().into_owned();
        partitions.insert(path.clone(), single(&file.partition_values_map()));
        live.insert(path.clone(), Origin { old: BTreeSet::from([path]), is_new: false });
    }
    let mut gone = BTreeSet::new();
    for version in from + 1..=to {
        let Some(entry) = read(table, version).await? else { return Ok(None) };
        apply(&entry, &mut live, &mut partitions, &mut gone);
    }
    let with_partition =
        |path: String| (path.clone(), partitions.get(&path).cloned().unwrap_or_default());
    let new = live.into_iter().filter(|(_, origin)| origin.is_new).map(|(path, _)| path);
    Ok(Some(FileChange {
        new: new.map(with_partition).collect(),
        old: gone.into_iter().map(with_partition).collect(),
    }))
}

fn apply(
    entry: &Entry,
    live: &mut HashMap<String, Origin>,
    partitions: &mut HashMap<String, Option<String>>,
    gone: &mut BTreeSet<String>,
) {
    let mut rewritten: HashMap<Option<String>, Origin> = HashMap::new();
    for remove in removes(entry) {
        let Some(origin) = live.remove(&remove.path) else { continue };
        if remove.data_change {
            gone.extend(origin.old);
        } else {
            let partition = partitions.get(&remove.path).cloned().unwrap_or_default();
            let merged = rewritten.entry(partition).or_default();
            merged.old.extend(origin.old);
            merged.is_new |= origin.is_new;
        }
    }
    for add in adds(entry) {
        let partition = single(&add.partition_values);
        let origin = if add.data_change {
            Origin { old: BTreeSet::new(), is_new: true }
        } else {
            rewritten.get(&partition).cloned().unwrap_or_default()
        };
        partitions.insert(add.path.clone(), partition);
        live.insert(add.path.clone(), origin);
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

/// The value of the one partition column; none without such a column and for its nulls, which Delta
/// may write as an empty text.
fn single(values: &HashMap<String, Option<String>>) -> Option<String> {
    values.values().next().cloned().flatten().filter(|value| !value.is_empty())
}
