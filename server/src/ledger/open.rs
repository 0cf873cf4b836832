//! Opening the ledger and bringing its index up to it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, mpsc};
use yuanliu_inbox::{Inbox, InboxOptions};
use yuanliu_scans::raw_event_schema;
use yuanliu_trace_index::{IndexError, IndexOptions, Progress, TraceIndex};

use super::accept::{Acceptor, DELIVERIES_MAX};
use super::compact::Compactor;
use super::indexer::{GROUPS_MAX, Indexer};
use super::position::{ScanPosition, scan_position};
use super::rebuild::rebuild;
use super::{Ledger, Unbuilt, inbox_folder, index_folder};
use crate::config::HubConfig;
use crate::hub::{Hub, scan_rules};

/// Of the memory of the index, besides it: the larger they are, the less often an entry is written.
const MEMTABLES_PART_OF_CACHE: u64 = 4;

/// What a ledger may hold in memory and wait for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    cache_bytes: u64,
    memtables_bytes: u64,
    /// Codes will be asked for, and what is left of orders.
    is_asked: bool,
}

impl Bounds {
    /// For a server: with the default the filters of 10^8 codes stay in memory.
    pub(crate) fn server(config: &HubConfig) -> Self {
        Self {
            cache_bytes: config.index_cache_mib << 20,
            memtables_bytes: (config.index_cache_mib << 20) / MEMTABLES_PART_OF_CACHE,
            is_asked: true,
        }
    }

    /// For a command that takes a file and ends.
    pub(crate) const COMMAND: Self =
        Self { cache_bytes: 16 << 20, memtables_bytes: 8 << 20, is_asked: false };
}

impl Ledger {
    /// Opens the ledger of a hub that writes its lake.
    ///
    /// What a crash left in the inbox is applied to the index. An index that is missing, damaged, of
    /// another format, or that lacks events of the lake is built anew first, which is told.
    pub(crate) async fn open(hub: &Hub, bounds: Bounds) -> Result<Self> {
        let data = &hub.config.hub.data;
        let (sequence, said) = scan_position(&hub.lake).await?;
        let mut options = InboxOptions::new(inbox_folder(data), raw_event_schema());
        options.landed_through = said.inbox;
        let inbox = tokio::task::spawn_blocking(move || Inbox::open(options));
        let (inbox, recovery) = inbox.await.context("opening the inbox")??;
        tracing::info!(events = recovery.events, cut_bytes = recovery.cut_bytes, "inbox opened");
        let index = Arc::new(Self::open_index(hub, bounds, sequence, &said).await?);
        let unbuilt = Arc::new(Unbuilt::new(bounds.is_asked));
        let (to_indexer, work) = std::sync::mpsc::sync_channel(GROUPS_MAX);
        let indexer = Indexer { inbox: inbox.clone(), index: Arc::clone(&index) };
        let acceptor = Acceptor {
            inbox: inbox.clone(),
            index: Arc::clone(&index),
            unbuilt: Arc::clone(&unbuilt),
            runtime: Handle::current(),
            indexer: to_indexer,
            unindexed: VecDeque::new(),
        };
        let (deliveries, queue) = mpsc::channel(DELIVERIES_MAX);
        let opened = tokio::task::spawn_blocking(move || -> Result<_> {
            indexer.catch_up()?;
            acceptor.recall_unbuilt()?;
            Ok(vec![
                thread("ledger", move || acceptor.run(queue))?,
                thread("indexer", move || indexer.run(work))?,
            ])
        });
        let threads = opened.await.context("opening the ledger")??;
        let compactor = Compactor::start(Arc::clone(&index), bounds.is_asked)?;
        let lake = Arc::clone(&hub.lake);
        let deliveries = Some(deliveries);
        let (landing, metrics) = (Mutex::default(), hub.metrics.clone());
        Ok(Self {
            lake,
            inbox,
            index,
            unbuilt,
            deliveries,
            threads,
            landing,
            metrics,
            _compactor: compactor,
        })
    }

    async fn open_index(
        hub: &Hub,
        bounds: Bounds,
        sequence: i64,
        said: &ScanPosition,
    ) -> Result<TraceIndex> {
        let folder = index_folder(&hub.config.hub.data);
        let options = options(hub, bounds)?;
        let opening = (folder.clone(), options.clone());
        let opened = tokio::task::spawn_blocking(move || TraceIndex::open(opening.0, opening.1));
        let why = match opened.await.context("opening the trace index")? {
            Ok(index) if is_complete(index.progress()?, sequence, said) => return Ok(index),
            Ok(_) => "it lacks events of the lake".to_owned(),
            Err(
                error @ (IndexError::Format { .. }
                | IndexError::Unfinished { .. }
                | IndexError::Damaged { .. }),
            ) => error.to_string(),
            Err(error) => return Err(error.into()),
        };
        tracing::warn!(why, "building the trace index anew");
        Ok(rebuild(hub, options).await?.0)
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let builder = std::thread::Builder::new().name(name.to_owned());
    builder.spawn(work).with_context(|| format!("starting the thread {name}"))
}

/// The index's bounds and the codes that never join.
pub(super) fn options(hub: &Hub, bounds: Bounds) -> Result<IndexOptions> {
    let rules = scan_rules(&hub.config)?;
    let placeholders = hub.config.rules.placeholders.iter();
    Ok(IndexOptions {
        cache_bytes: bounds.cache_bytes,
        memtables_bytes: bounds.memtables_bytes,
        placeholders: placeholders.map(|code| rules.codes().normalize(code).into_owned()).collect(),
        ..IndexOptions::default()
    })
}

/// Whether an index has every event that the lake had at a landing.
///
/// Landings since the first that came from the inbox all did, and a frame is let go of only when the
/// index has it.
fn is_complete(progress: Progress, sequence: i64, said: &ScanPosition) -> bool {
    let has_frames = said.inbox.is_some_and(|landed| progress.inbox_sequence >= landed.max(1));
    progress.lake_sequence >= sequence || has_frames
}
