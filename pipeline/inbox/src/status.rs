//! How an inbox is doing.

/// The counts of an inbox at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Rows of frames that are durable and not released.
    pub pending_events: u64,
    /// Frames that are durable and not released.
    pub pending_frames: u64,
    /// Their bytes.
    pub pending_bytes: u64,
    /// Bytes of frames that wait for the disk.
    pub queued_bytes: u64,
    /// The first frame that is durable and not released.
    pub oldest_sequence: Option<u64>,
    /// The last sequence that was acknowledged or landed; 0 if there was none.
    pub last_sequence: u64,
    /// Segments on disk.
    pub segments: u64,
    /// Groups of frames that were synced since opening.
    pub syncs: u64,
    /// The last failure of the disk, until an append succeeds again.
    pub disk_error: Option<String>,
    /// A durable frame that could not be read again after a failed sync.
    pub damage: Option<String>,
}
