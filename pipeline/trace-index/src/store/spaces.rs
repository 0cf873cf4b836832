//! The spaces of the store: one sorted map each.

use std::path::Path;
use std::sync::Arc;

use fjall::compaction::Leveled;
use fjall::config::{
    BlockSizePolicy, BloomConstructionPolicy, CompressionPolicy, FilterPolicy, FilterPolicyEntry,
    PartitioningPolicy,
};
use fjall::{AbstractTree, CompressionType, Database, Keyspace, KeyspaceCreateOptions, Snapshot};

use super::STORE_FOLDER;
use super::codes::{CodeSpaces, Codes, empty};
use crate::error::IndexError;
use crate::options::IndexOptions;

/// A sorted map of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Space {
    /// Hash of an event id → the hashes of the contents under it.
    Id,
    /// Hash of a corrected event's id → the time of its earliest correction.
    Void,
    /// Event → the record of an event of several codes.
    Event,
    /// Hash → the texts that many events share.
    Setting,
    /// Where the index stands.
    Meta,
    /// Code, role, event → as its own: the record, if the event has no other code; as a container:
    /// what was put in; as another carrier: of what. Several keyspaces, see [`Codes`].
    Code,
}

impl Space {
    pub(crate) const ALL: [Self; 6] =
        [Self::Id, Self::Void, Self::Event, Self::Setting, Self::Meta, Self::Code];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Void => "void",
            Self::Code => "code",
            Self::Event => "event",
            Self::Setting => "setting",
            Self::Meta => "meta",
        }
    }

    /// What is read by range only needs no filters.
    const fn is_read_by_range(self) -> bool {
        matches!(self, Self::Code)
    }
}

/// Earlier formats kept here what no answer reads any more: the codes of batches, work orders and lines.
const FORMER: [&str; 2] = ["scope", "made"];

/// The open store.
pub(crate) struct Spaces {
    pub(crate) database: Database,
    /// Of all but the codes.
    keyspaces: [Keyspace; Space::ALL.len() - 1],
    pub(crate) codes: Codes,
}

/// Of two, the first hands the compaction that the second is at back and forth for as long as that
/// takes, at the price of a processor.
const WORKERS: usize = 1;
/// The journals are read again when the index is opened: some three seconds for a hundred megabytes.
/// Small spaces fill their memtables slowly and would keep half a gigabyte of them.
const JOURNALS_BYTES_MIN: u64 = 64 << 20;
/// Once the journals are full all memtables are written out, so they hold more than those do.
const JOURNALS_PER_MEMTABLES: u64 = 2;
/// The first level is four tables large, and all of it is written anew with every fourth memtable. A
/// space keeps what it was made with.
const TABLE_BYTES: u64 = 32 << 20;
const MEMTABLES_BYTES_MIN: u64 = 1 << 20;
/// Small enough for a point read, large enough that neighbours compress each other.
const BLOCK_BYTES: u32 = 4 << 10;
/// One absent id in a hundred is looked for on disk.
const FILTER_BITS_PER_KEY: f32 = 10.0;

impl Spaces {
    pub(crate) fn open(folder: &Path, options: &IndexOptions) -> Result<Self, IndexError> {
        let journals_bytes = options.memtables_bytes.saturating_mul(JOURNALS_PER_MEMTABLES);
        let journals_bytes = journals_bytes.max(JOURNALS_BYTES_MIN);
        let database = Database::builder(folder.join(STORE_FOLDER))
            .cache_size(options.cache_bytes)
            .worker_threads(WORKERS)
            .max_journaling_size(journals_bytes)
            .open()
            .map_err(|source| match source {
                fjall::Error::Locked => IndexError::Locked { folder: folder.to_owned() },
                source => IndexError::Store { doing: "open", folder: folder.to_owned(), source },
            })?;
        let open = |space: Space| database.keyspace(space.name(), || layout(space));
        let keyspaces = || -> fjall::Result<_> {
            for name in FORMER.into_iter().filter(|name| database.keyspace_exists(name)) {
                empty(&database.keyspace(name, KeyspaceCreateOptions::default)?)?;
            }
            Ok([
                open(Space::Id)?,
                open(Space::Void)?,
                open(Space::Event)?,
                open(Space::Setting)?,
                open(Space::Meta)?,
            ])
        };
        let keyspaces = keyspaces().map_err(|source| IndexError::Store {
            doing: "open",
            folder: folder.to_owned(),
            source,
        })?;
        let meta = &keyspaces[Space::Meta as usize];
        let codes = Codes::open(&database, meta, folder, options.compaction_bytes_min)?;
        Ok(Self { database, keyspaces, codes })
    }

    /// Has the largest memtable written out once all of them take more than so many bytes.
    ///
    /// The store would do it by itself, but each at the size the index was made with and not the one it
    /// was opened with, and only once its worker has time: until then it takes any number of
    /// entries. A bound of each would let eight spaces fill up, most of them slowly.
    pub(crate) fn rotate_largest(&self, memtables_bytes: u64) -> fjall::Result<()> {
        let size = |keyspace: &Keyspace| keyspace.tree.active_memtable().size();
        let all: u64 = self.keyspaces().map(size).sum();
        if all > memtables_bytes.max(MEMTABLES_BYTES_MIN)
            && let Some(largest) = self.keyspaces().max_by_key(|keyspace| size(keyspace))
        {
            largest.rotate_memtable()?;
        }
        Ok(())
    }

    /// The keyspace that entries of a space are written to, and but for the codes where all of them
    /// are.
    pub(crate) fn of(&self, space: Space) -> Keyspace {
        match self.keyspaces.get(space as usize) {
            Some(keyspace) => keyspace.clone(),
            None => self.codes.current().newest().keyspace.clone(),
        }
    }

    /// A moment of the store, with the keyspaces that have all codes of it.
    pub(crate) fn snapshot(&self) -> (Snapshot, Arc<CodeSpaces>) {
        self.codes.snapshot()
    }

    /// Bytes on disk, without the journal.
    pub(crate) fn disk_bytes(&self, space: Space) -> u64 {
        match self.keyspaces.get(space as usize) {
            Some(keyspace) => keyspace.disk_space(),
            None => self.codes.current().disk_bytes(),
        }
    }

    fn keyspaces(&self) -> impl Iterator<Item = &Keyspace> {
        self.keyspaces.iter().chain(self.codes.keyspaces())
    }

    /// How many memtables at most wait for one keyspace to be written to disk.
    pub(crate) fn sealed_memtables(&self) -> usize {
        self.keyspaces().map(Keyspace::sealed_memtable_count).max().unwrap_or(0)
    }

    /// Whether anything was written that the store has not put into its place yet.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.keyspaces().any(|keyspace| keyspace.l0_table_count() > 0)
    }
}

/// The same in every level, because a bulk build writes what it will read straight away.
pub(super) fn layout(space: Space) -> KeyspaceCreateOptions {
    let filter = if space.is_read_by_range() {
        FilterPolicyEntry::None
    } else {
        FilterPolicyEntry::Bloom(BloomConstructionPolicy::BitsPerKey(FILTER_BITS_PER_KEY))
    };
    KeyspaceCreateOptions::default()
        // See `rotate_largest`. The store would ask its worker for it with every commit, until the queue
        // of the worker is full and the worker waits for itself.
        .max_memtable_size(u64::MAX)
        .compaction_strategy(Arc::new(Leveled::default().with_table_target_size(TABLE_BYTES)))
        .data_block_size_policy(BlockSizePolicy::all(BLOCK_BYTES))
        .data_block_compression_policy(CompressionPolicy::all(CompressionType::Lz4))
        .filter_policy(FilterPolicy::all(filter))
        .filter_block_partitioning_policy(PartitioningPolicy::all(true))
        .index_block_partitioning_policy(PartitioningPolicy::all(true))
}
