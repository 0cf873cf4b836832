//! Opening a folder: everything in it is checked, and what a crash tore is cut.

mod frames;
mod headers;

use std::collections::VecDeque;
use std::path::PathBuf;

use crate::disk::Disk;
use crate::error::InboxError;
use crate::ledger::Ledger;
use crate::options::InboxOptions;
use crate::segment::{SegmentHeader, name_of, read_part};

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
