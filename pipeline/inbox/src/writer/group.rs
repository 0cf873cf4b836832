//! Frames that are written with one write and synced with one sync.

use super::Call;
use crate::frame::{Frame, put_frame};
use crate::segment::Spot;

/// The bytes of a group and where its frames stand in them.
#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) bytes: Vec<u8>,
    pub(crate) spots: Vec<Spot>,
}

impl Group {
    /// Holds the frames of these calls, the first with the sequence `first`, and nothing else.
    pub(crate) fn fill(&mut self, first: u64, calls: &[Call]) {
        self.bytes.clear();
        self.spots.clear();
        let payloads = calls.iter().flat_map(|call| &call.frames);
        for (position, payload) in (0_u32..).zip(payloads) {
            let start = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
            let frame = Frame {
                sequence: first.saturating_add(u64::from(position)),
                rows: payload.rows,
                position,
                payload: &payload.bytes,
            };
            let bytes = u32::try_from(frame.bytes()).unwrap_or(u32::MAX);
            self.spots.push(Spot { start, bytes, rows: payload.rows });
            put_frame(&mut self.bytes, frame);
        }
    }

    pub(crate) fn shrink(&mut self, kept: usize) {
        self.bytes.clear();
        self.bytes.shrink_to(kept);
    }
}
