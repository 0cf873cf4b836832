//! What an inbox may hold, and where.

use std::path::PathBuf;

use arrow::datatypes::SchemaRef;

use crate::error::InboxError;

/// Offsets of frames are kept in four bytes; a segment is also read as a whole on opening.
const SEGMENT_BYTES_LIMIT: u64 = 1 << 30;

/// The bounds of an inbox.
#[derive(Debug, Clone)]
pub struct InboxOptions {
    /// Where the segments are; made if absent. One process at a time.
    pub folder: PathBuf,
    /// The schema of every batch. Segments of an older schema are converted by column name.
    pub schema: SchemaRef,
    /// A new segment begins when the last one would grow beyond so many bytes; at most 1 GiB.
    pub segment_bytes: u64,
    /// The most bytes of frames that may be queued or durable and not released.
    pub pending_bytes_max: u64,
    /// The most calls of append that may wait for the disk.
    pub queue_calls_max: usize,
    /// The most bytes of frames that may wait for the disk: the memory of the queue.
    pub queue_bytes_max: u64,
    /// The last sequence that is known to be where it belongs, so that the inbox starts after it.
    ///
    /// Frames up to it are released on opening, and no later frame gets its number or a lower one
    /// even if the folder was lost. `None`: not known, everything in the folder is pending.
    pub landed_through: Option<u64>,
}

impl InboxOptions {
    /// The default bounds: segments of 64 MiB, 512 MiB pending, 1,024 calls or 64 MiB queued.
    pub fn new(folder: impl Into<PathBuf>, schema: SchemaRef) -> Self {
        Self {
            folder: folder.into(),
            schema,
            segment_bytes: 64 << 20,
            pending_bytes_max: 512 << 20,
            queue_calls_max: 1_024,
            queue_bytes_max: 64 << 20,
            landed_through: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), InboxError> {
        let problem = if !(1..=SEGMENT_BYTES_LIMIT).contains(&self.segment_bytes) {
            format!("segment_bytes is {}: give 1 to {SEGMENT_BYTES_LIMIT}", self.segment_bytes)
        } else if self.queue_calls_max == 0 {
            "queue_calls_max is 0: give at least 1".to_owned()
        } else if self.pending_bytes_max == 0 || self.queue_bytes_max == 0 {
            "pending_bytes_max and queue_bytes_max must not be 0".to_owned()
        } else {
            return Ok(());
        };
        Err(InboxError::Options { problem })
    }
}
