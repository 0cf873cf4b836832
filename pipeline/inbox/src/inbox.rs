//! The inbox as its users see it.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use tokio::sync::{oneshot, watch};

use crate::disk::{Disk, FolderDisk};
use crate::error::InboxError;
use crate::frame::{FRAME_HEADER_BYTES, PAYLOAD_BYTES_MAX};
use crate::ledger::Ledger;
use crate::options::InboxOptions;
use crate::payload::{Payload, encode};
use crate::recovery::{Recovery, recover};
use crate::schema::{check_same, check_storable};
use crate::status::Status;
use crate::writer::{Call, Writer};

/// A durable, bounded log of batches; see the crate.
///
/// Cheap to clone. When the last clone is dropped the writer writes what is queued and ends; the
/// folder is free then.
#[derive(Clone)]
pub struct Inbox(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    /// `None` only while dropping.
    queue: Option<SyncSender<Call>>,
    writer: Option<JoinHandle<()>>,
}

/// What the writer and the readers share.
pub(crate) struct Shared {
    pub(crate) options: InboxOptions,
    pub(crate) disk: Arc<dyn Disk>,
    ledger: Mutex<Ledger>,
    /// Held for reading while frames are read, for writing while segments are removed.
    pub(crate) files: RwLock<()>,
    pub(crate) last: watch::Sender<u64>,
}

impl Shared {
    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Counts are only changed by code that cannot panic half-way.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox {
    /// Opens the folder, checks everything in it, and cuts what a crash tore.
    ///
    /// Blocks; reads all segments, holding one. Another process that has the folder is an error.
    pub fn open(options: InboxOptions) -> Result<(Self, Recovery), InboxError> {
        let disk = FolderDisk::open(&options.folder)?;
        Self::open_on(Arc::new(disk), options)
    }

    /// Opens an inbox on another disk; the folder is used for messages only.
    pub fn open_on(
        disk: Arc<dyn Disk>,
        options: InboxOptions,
    ) -> Result<(Self, Recovery), InboxError> {
        options.check()?;
        check_storable(&options.schema)?;
        let (ledger, recovery) = recover(disk.as_ref(), &options)?;
        let (queue, calls) = sync_channel(options.queue_calls_max);
        let (last, _) = watch::channel(ledger.last_sequence);
        let files = RwLock::new(());
        let shared = Arc::new(Shared { options, disk, ledger: Mutex::new(ledger), files, last });
        let writer = Writer::new(Arc::clone(&shared));
        let writer = std::thread::Builder::new()
            .name("inbox".to_owned())
            .spawn(move || writer.run(&calls))
            .map_err(InboxError::disk("start the writer of", Path::new(&shared.options.folder)))?;
        let inbox = Self(Arc::new(Handle { shared, queue: Some(queue), writer: Some(writer) }));
        // What was released before the last end may still be there.
        inbox.remove_released()?;
        Ok((inbox, recovery))
    }

    /// The schema every batch must have.
    pub fn schema(&self) -> &SchemaRef {
        &self.0.shared.options.schema
    }

    /// Keeps a batch and returns its sequence once it is durable.
    ///
    /// [`InboxError::Full`] comes at once. Encodes on the calling thread: some microseconds for an
    /// event, milliseconds for thousands. If the future is dropped on the way, the batch may or may
    /// not be kept.
    pub async fn append(&self, batch: RecordBatch) -> Result<u64, InboxError> {
        Ok(*self.append_many(&[batch]).await?.end())
    }

    /// Keeps several batches, each with a sequence of its own, in one group: all or none of them.
    ///
    /// Returns their sequences, an empty range for none. Otherwise as [`Inbox::append`].
    pub async fn append_many(
        &self,
        batches: &[RecordBatch],
    ) -> Result<RangeInclusive<u64>, InboxError> {
        let shared = &self.0.shared;
        if batches.is_empty() {
            let last = shared.ledger().last_sequence;
            return Ok(last + 1..=last);
        }
        // A full inbox is told from what it holds, without the work of encoding.
        shared.ledger().check_room(FRAME_HEADER_BYTES as u64)?;
        let frames = self.encode_all(batches)?;
        let count = frames.len() as u64;
        let bytes =
            frames.iter().map(|frame| (frame.bytes.len() + FRAME_HEADER_BYTES) as u64).sum();
        let bytes_max = shared.options.pending_bytes_max.min(PAYLOAD_BYTES_MAX as u64);
        if bytes > bytes_max {
            return Err(InboxError::TooLarge { bytes, bytes_max });
        }
        shared.ledger().reserve(bytes)?;
        let (answer, answered) = oneshot::channel();
        let queue = self.0.queue.as_ref().ok_or(InboxError::Closed)?;
        if let Err(error) = queue.try_send(Call { frames, bytes, answer }) {
            let mut ledger = shared.ledger();
            ledger.unreserve(bytes);
            return Err(match error {
                TrySendError::Full(_) => ledger.queue_is_full(),
                TrySendError::Disconnected(_) => InboxError::Closed,
            });
        }
        let first = answered.await.map_err(|_| InboxError::Closed)??;
        Ok(first..=first + count - 1)
    }

    fn encode_all(&self, batches: &[RecordBatch]) -> Result<Vec<Payload>, InboxError> {
        let mut frames = Vec::with_capacity(batches.len());
        for batch in batches {
            check_same(batch.schema_ref(), self.schema())?;
            frames.push(encode(batch)?);
        }
        Ok(frames)
    }

    /// The batches after `sequence` with their sequences, in order.
    ///
    /// At least one if there is one, else at most `rows_max` rows and 64 MiB; released frames are
    /// not given out. Blocks while it reads; a frame that does not read as it was written is
    /// [`InboxError::Damaged`].
    pub fn read_after(
        &self,
        sequence: u64,
        rows_max: usize,
    ) -> Result<Vec<(u64, RecordBatch)>, InboxError> {
        self.0.shared.read_after(sequence, rows_max)
    }

    /// Lets go of all frames up to `sequence`; call it only when they are durable elsewhere.
    ///
    /// Removes the segments that are wholly released, but for the last. Blocks on the disk. On an
    /// error the frames count as released, and the next release removes the files.
    pub fn release_through(&self, sequence: u64) -> Result<(), InboxError> {
        {
            let mut ledger = self.0.shared.ledger();
            if sequence > ledger.last_sequence {
                return Err(InboxError::Unknown { sequence, last: ledger.last_sequence });
            }
            ledger.release(sequence);
        }
        self.remove_released()
    }

    fn remove_released(&self) -> Result<(), InboxError> {
        self.0.shared.remove_released()
    }

    /// The counts at this moment.
    pub fn status(&self) -> Status {
        self.0.shared.ledger().status()
    }

    /// Tells the last durable sequence whenever it changes, so that a reader need not ask.
    pub fn last_sequence(&self) -> watch::Receiver<u64> {
        self.0.shared.last.subscribe()
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("folder", &self.0.shared.options.folder)
            .field("status", &self.status())
            .finish()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(writer) = self.writer.take() {
            // It ends when the queue does; a panic of it was told to whoever waited.
            let _ = writer.join();
        }
    }
}
