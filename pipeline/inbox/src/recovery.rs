//! Opening a folder: everything in it is checked, and what a crash tore is cut.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::disk::Disk;
use crate::error::InboxError;
use crate::frame::read_frame;
use crate::ledger::Ledger;
use crate::options::InboxOptions;
use crate::schema::Decoder;
use crate::segment::{
    HEADER_BEGIN_BYTES, Scan, Segment, SegmentHeader, header_length, name_of, number_of,
    read_header, read_part, scan,
};

/// What was found on opening.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Rows that are pending.
    pub events: u64,
    /// Frames that are pending.
    pub frames: u64,
    /// Segments that were kept.
    pub segments: u64,
    /// Bytes that were cut because nothing in them was acknowledged.
    pub cut_bytes: u64,
}

/// A segment whose header was read.
struct Found {
    name: String,
    path: PathBuf,
    header: SegmentHeader,
    header_length: u32,
    length: u64,
}

struct Recoverer<'a> {
    disk: &'a dyn Disk,
    options: &'a InboxOptions,
    cut_bytes: u64,
}

pub(crate) fn recover(
    disk: &dyn Disk,
    options: &InboxOptions,
) -> Result<(Ledger, Recovery), InboxError> {
    let mut recoverer = Recoverer { disk, options, cut_bytes: 0 };
    let mut found = recoverer.headers()?;
    let next_number = found.last().map_or(1, |last| last.header.number.saturating_add(1));
    recoverer.remove_landed(&mut found)?;
    recoverer.check_order(&found)?;
    let mut segments = VecDeque::with_capacity(found.len());
    let mut found = found.into_iter().peekable();
    while let Some(one) = found.next() {
        segments.push_back(match found.peek() {
            Some(next) => recoverer.sealed(&one, &next.header)?,
            None => recoverer.last(&one)?,
        });
    }
    let landed = options.landed_through.unwrap_or(0);
    if segments.back().is_some_and(|last| last.next_sequence() <= landed) {
        // The sequence goes on after what landed, so nothing may follow in these.
        for segment in segments.drain(..) {
            recoverer.remove(&segment.name())?;
        }
    }
    let ledger = Ledger::new(options, segments, next_number, landed);
    let status = ledger.status();
    let recovery = Recovery {
        events: status.pending_events,
        frames: status.pending_frames,
        segments: status.segments,
        cut_bytes: recoverer.cut_bytes,
    };
    Ok((ledger, recovery))
}

impl Recoverer<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.options.folder.join(name)
    }

    /// The headers of all segments by number.
    fn headers(&mut self) -> Result<Vec<Found>, InboxError> {
        let listed =
            self.disk.list().map_err(InboxError::disk("list the folder", &self.options.folder))?;
        let mut numbers: Vec<u64> = listed
            .iter()
            .filter_map(|name| number_of(name).filter(|number| name_of(*number) == *name))
            .collect();
        numbers.sort_unstable();
        let mut found = Vec::with_capacity(numbers.len());
        for (at, number) in numbers.iter().enumerate() {
            let name = name_of(*number);
            let path = self.path(&name);
            let (bytes, length) =
                self.head(&name).map_err(InboxError::disk("read the header of", &path))?;
            match read_header(&path, &bytes) {
                Ok((header, _)) if header.number != *number => {
                    let problem = format!("it is segment {} under another name", header.number);
                    return Err(InboxError::damaged(&path, 0, problem));
                }
                Ok((header, header_length)) => {
                    found.push(Found { name, path, header, header_length, length });
                }
                Err(InboxError::Damaged { .. })
                    if at + 1 == numbers.len() && self.is_unborn(*number, at, &name, length)? =>
                {
                    self.cut_bytes += length;
                    self.remove(&name)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// Enough bytes to hold the header, and the length of the file.
    fn head(&self, name: &str) -> io::Result<(Vec<u8>, u64)> {
        let mut file = self.disk.open(name)?;
        let length = file.length()?;
        let mut bytes = vec![0; HEADER_BEGIN_BYTES.min(usize_of(length))];
        file.read_at(0, &mut bytes)?;
        bytes.resize(header_length(&bytes).min(usize_of(length)), 0);
        file.read_at(0, &mut bytes)?;
        Ok((bytes, length))
    }

    /// Whether a last segment without a header is one that a crash kept from being made.
    ///
    /// A header is durable before the first frame is written, and before an earlier segment, which
    /// carries the sequence, is removed.
    fn is_unborn(
        &self,
        number: u64,
        earlier: usize,
        name: &str,
        length: u64,
    ) -> Result<bool, InboxError> {
        let is_sequence_known = earlier > 0 || number == 1 || self.options.landed_through.is_some();
        let schema = self.options.schema.as_ref().clone();
        let header = SegmentHeader { number, first_sequence: 0, previous_length: 0, schema };
        if !is_sequence_known || length > header.to_bytes().len() as u64 {
            return Ok(false);
        }
        let bytes = self.whole(name)?;
        let mut rests = (0..bytes.len()).filter_map(|at| bytes.get(at..));
        Ok(!rests.any(|rest| read_frame(rest).is_ok()))
    }

    /// Removes the segments before the last one that begins with a landed frame or right after.
    fn remove_landed(&mut self, found: &mut Vec<Found>) -> Result<(), InboxError> {
        let Some(landed) = self.options.landed_through else {
            return Ok(());
        };
        let begins_landed = |one: &Found| one.header.first_sequence <= landed.saturating_add(1);
        let keep = found.iter().rposition(begins_landed);
        if keep.is_none()
            && let Some(first) = found.first()
        {
            let last = first.header.first_sequence.saturating_sub(1);
            let missing = format!("the frames {} to {last}, which have not landed", landed + 1);
            return Err(InboxError::Missing { folder: self.options.folder.clone(), missing });
        }
        for one in found.drain(..keep.unwrap_or(0)) {
            self.remove(&one.name)?;
        }
        Ok(())
    }

    fn check_order(&self, found: &[Found]) -> Result<(), InboxError> {
        for pair in found.windows(2) {
            if let [one, next] = pair
                && next.header.number != one.header.number.saturating_add(1)
            {
                let missing = name_of(one.header.number.saturating_add(1));
                return Err(InboxError::Missing { folder: self.options.folder.clone(), missing });
            }
        }
        Ok(())
    }

    /// A segment that another follows: the next one says how much of it was durable.
    ///
    /// What follows was left by a sync that failed; it was not acknowledged and is never read.
    fn sealed(&self, one: &Found, next: &SegmentHeader) -> Result<Segment, InboxError> {
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
    fn last(&mut self, one: &Found) -> Result<Segment, InboxError> {
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

    fn whole(&self, name: &str) -> Result<Vec<u8>, InboxError> {
        let path = self.path(name);
        let read = || {
            let length = self.disk.open(name)?.length()?;
            read_part(self.disk, name, 0, length)
        };
        read().map_err(InboxError::disk("read", &path))
    }

    fn remove(&self, name: &str) -> Result<(), InboxError> {
        let path = self.path(name);
        self.disk.remove(name).map_err(InboxError::disk("remove", &path))?;
        self.disk.sync_folder().map_err(InboxError::disk("sync the folder of", &path))
    }
}

fn usize_of(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
