//! Checking the frames of one segment.

use std::sync::Arc;

use super::{Found, Recoverer, usize_of};
use crate::error::InboxError;
use crate::schema::Decoder;
use crate::segment::{Scan, Segment, SegmentHeader, read_part, scan};

impl Recoverer<'_> {
    /// A segment that another follows: the next one says how much of it was durable.
    ///
    /// What follows was left by a sync that failed; it was not acknowledged and is never read.
    pub(super) fn sealed(&self, one: &Found, next: &SegmentHeader) -> Result<Segment, InboxError> {
        let length = next.previous_length;
        if one.length < length {
            let problem = format!("it ends here, but {length} bytes of it were durable");
            return Err(InboxError::damaged(&one.path, one.length, problem));
        }
        let bytes = read_part(self.disk, &one.name, 0, length)
            .map_err(InboxError::disk("read", &one.path))?;
        let scan = scan(&bytes, one.header_length, one.header.first_sequence);
        if let Some(problem) = scan.problem {
            return Err(InboxError::damaged(&one.path, scan.end, problem));
        }
        let segment = self.segment(one, scan)?;
        if segment.next_sequence() != next.first_sequence {
            let due = next.first_sequence;
            let problem = format!("frame {} follows where {due} is due", segment.next_sequence());
            return Err(InboxError::damaged(&one.path, length, problem));
        }
        Ok(segment)
    }

    /// The last segment: its tail may be torn.
    pub(super) fn last(&mut self, one: &Found) -> Result<Segment, InboxError> {
        let bytes = self.whole(&one.name)?;
        let scan = scan(&bytes, one.header_length, one.header.first_sequence);
        if let (Some(problem), Some(proof)) = (scan.problem, scan.proof) {
            let problem = format!("{problem}; it was durable, as the frame at byte {proof} tells");
            return Err(InboxError::damaged(&one.path, scan.end, problem));
        }
        let cut = bytes.len() as u64 - scan.end;
        // Only a frame proves that the header is stored.
        let from = if scan.spots.is_empty() { 0 } else { scan.unproven };
        let unproven = bytes.get(usize_of(from)..usize_of(scan.end)).unwrap_or_default();
        let mut file = self.disk.open(&one.name).map_err(InboxError::disk("open", &one.path))?;
        if cut > 0 {
            file.set_length(scan.end).map_err(InboxError::disk("cut", &one.path))?;
        }
        // After a sync that failed the system may call pages stored that are not; so what nothing
        // proves to be stored is written again before it counts.
        file.write_at(from, unproven).map_err(InboxError::disk("write", &one.path))?;
        file.sync().map_err(InboxError::disk("sync", &one.path))?;
        self.disk.sync_folder().map_err(InboxError::disk("sync the folder of", &one.path))?;
        self.cut_bytes += cut;
        self.segment(one, scan)
    }

    fn segment(&self, one: &Found, scan: Scan) -> Result<Segment, InboxError> {
        let stored = one.header.schema.clone();
        Ok(Segment {
            number: one.header.number,
            first_sequence: one.header.first_sequence,
            length: scan.end,
            spots: scan.spots,
            decoder: Arc::new(Decoder::between(&one.name, stored, &self.options.schema)?),
        })
    }
}
