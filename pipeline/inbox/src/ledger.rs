//! What the inbox holds, kept in memory: twelve bytes for each frame on disk, and the counts.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::error::InboxError;
use crate::options::InboxOptions;
use crate::schema::Decoder;
use crate::segment::Segment;
use crate::status::Status;

/// A queue drains as fast as the disk syncs.
const QUEUE_RETRY_AFTER: Duration = Duration::from_millis(200);
/// What is pending drains when the lake is flushed, every five seconds unless configured.
const PENDING_RETRY_AFTER: Duration = Duration::from_secs(5);

/// Segments, positions and bounds; everything here is durable but the reservations.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// By number, without gaps.
    pub(crate) segments: VecDeque<Segment>,
    /// The number of the next segment.
    pub(crate) next_number: u64,
    pub(crate) last_sequence: u64,
    /// Nothing up to here is given out any more.
    pub(crate) released: u64,
    /// Segments nobody needs, not yet removed.
    pub(crate) removable: Vec<String>,
    pub(crate) status: Counts,
    pending_bytes_max: u64,
    queue_bytes_max: u64,
}

/// The part of the status that is counted, not derived.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) pending_events: u64,
    pub(crate) pending_bytes: u64,
    pub(crate) queued_bytes: u64,
    pub(crate) syncs: u64,
    pub(crate) disk_error: Option<String>,
    pub(crate) damage: Option<String>,
}

/// Frames to read from one segment.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) name: String,
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) first_sequence: u64,
    pub(crate) frames: usize,
    pub(crate) decoder: Arc<Decoder>,
}

impl Ledger {
    /// Everything in `segments` after `released` is pending.
    pub(crate) fn new(
        options: &InboxOptions,
        segments: VecDeque<Segment>,
        next_number: u64,
        released: u64,
    ) -> Self {
        let last = segments.back().map_or(0, |last| last.next_sequence().saturating_sub(1));
        let before = segments.front().map_or(0, |first| first.first_sequence.saturating_sub(1));
        let mut ledger = Self {
            next_number,
            last_sequence: last.max(released),
            released: before,
            removable: Vec::new(),
            status: Counts::default(),
            pending_bytes_max: options.pending_bytes_max,
            queue_bytes_max: options.queue_bytes_max,
            segments,
        };
        for segment in &ledger.segments {
            let rows = segment.spots.iter().map(|spot| u64::from(spot.rows));
            ledger.status.pending_events += rows.sum::<u64>();
            let bytes = segment.spots.iter().map(|spot| u64::from(spot.bytes));
            ledger.status.pending_bytes += bytes.sum::<u64>();
        }
        ledger.release(released.max(before));
        ledger
    }

    /// Whether one call of so many bytes fits, or when to come again.
    pub(crate) fn check_room(&self, bytes: u64) -> Result<(), InboxError> {
        let counts = &self.status;
        let pending_bytes = counts.pending_bytes.saturating_add(counts.queued_bytes);
        let full = |retry_after| Err(InboxError::Full { pending_bytes, retry_after });
        if pending_bytes.saturating_add(bytes) > self.pending_bytes_max {
            return full(PENDING_RETRY_AFTER);
        }
        // A call larger than the queue may still go through when it is alone.
        if counts.queued_bytes > 0
            && counts.queued_bytes.saturating_add(bytes) > self.queue_bytes_max
        {
            return full(QUEUE_RETRY_AFTER);
        }
        Ok(())
    }

    /// Sets bytes aside for one call.
    pub(crate) fn reserve(&mut self, bytes: u64) -> Result<(), InboxError> {
        self.check_room(bytes)?;
        self.status.queued_bytes += bytes;
        Ok(())
    }

    pub(crate) fn queue_is_full(&self) -> InboxError {
        let pending_bytes = self.status.pending_bytes.saturating_add(self.status.queued_bytes);
        InboxError::Full { pending_bytes, retry_after: QUEUE_RETRY_AFTER }
    }

    pub(crate) fn unreserve(&mut self, bytes: u64) {
        self.status.queued_bytes = self.status.queued_bytes.saturating_sub(bytes);
    }

    /// Gives no frame up to `sequence` out any more, and notes the segments nobody needs.
    ///
    /// The last segment stays even if it is released: it carries the sequence on.
    pub(crate) fn release(&mut self, sequence: u64) {
        for segment in &self.segments {
            let from = self.released.saturating_add(1).max(segment.first_sequence);
            let to = sequence.saturating_add(1).min(segment.next_sequence());
            for released in from..to {
                let at = (released - segment.first_sequence) as usize;
                let Some(spot) = segment.spots.get(at) else { break };
                let counts = &mut self.status;
                counts.pending_bytes = counts.pending_bytes.saturating_sub(u64::from(spot.bytes));
                counts.pending_events = counts.pending_events.saturating_sub(u64::from(spot.rows));
            }
        }
        self.released = self.released.max(sequence);
        while self.segments.len() > 1
            && self.segments.front().is_some_and(|s| s.next_sequence() <= self.released + 1)
        {
            self.removable.extend(self.segments.pop_front().map(|segment| segment.name()));
        }
    }

    /// Which frames after `sequence` to read: at least one if there is one, else at most `rows_max`
    /// rows and `bytes_max` bytes.
    pub(crate) fn pieces(&self, sequence: u64, rows_max: usize, bytes_max: u64) -> Vec<Piece> {
        let after = sequence.max(self.released);
        let (mut rows, mut bytes) = (0_usize, 0_u64);
        let mut pieces: Vec<Piece> = Vec::new();
        for segment in &self.segments {
            let skip = after.saturating_add(1).saturating_sub(segment.first_sequence);
            let skip = usize::try_from(skip).unwrap_or(usize::MAX);
            let mut piece: Option<Piece> = None;
            for (at, spot) in segment.spots.iter().enumerate().skip(skip) {
                rows = rows.saturating_add(spot.rows as usize);
                bytes += u64::from(spot.bytes);
                let is_first = piece.is_none() && pieces.is_empty();
                if !is_first && (rows > rows_max || bytes > bytes_max) {
                    pieces.extend(piece);
                    return pieces;
                }
                let piece = piece.get_or_insert_with(|| Piece {
                    name: segment.name(),
                    from: u64::from(spot.start),
                    to: spot.end(),
                    first_sequence: segment.first_sequence + at as u64,
                    frames: 0,
                    decoder: Arc::clone(&segment.decoder),
                });
                (piece.to, piece.frames) = (spot.end(), piece.frames + 1);
            }
            pieces.extend(piece);
        }
        pieces
    }

    pub(crate) fn status(&self) -> Status {
        let counts = &self.status;
        let frames = self.last_sequence.saturating_sub(self.released);
        Status {
            pending_events: counts.pending_events,
            pending_frames: frames,
            pending_bytes: counts.pending_bytes,
            queued_bytes: counts.queued_bytes,
            oldest_sequence: (frames > 0).then_some(self.released + 1),
            last_sequence: self.last_sequence,
            segments: self.segments.len() as u64,
            syncs: counts.syncs,
            disk_error: counts.disk_error.clone(),
            damage: counts.damage.clone(),
        }
    }
}
