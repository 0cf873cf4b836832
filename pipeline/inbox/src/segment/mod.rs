//! One file of frames.

mod header;
mod scan;

use std::sync::Arc;

pub(crate) use header::{HEADER_BEGIN_BYTES, SegmentHeader, header_length, read_header};
pub(crate) use scan::{Scan, scan};

use crate::disk::Disk;
use crate::schema::Decoder;

const SUFFIX: &str = ".segment";
/// Enough for a hundred years at a thousand segments a second; keeps names in order.
const NUMBER_DIGITS: usize = 14;

pub(crate) fn name_of(number: u64) -> String {
    format!("{number:0NUMBER_DIGITS$}{SUFFIX}")
}

pub(crate) fn number_of(name: &str) -> Option<u64> {
    name.strip_suffix(SUFFIX)?.parse().ok()
}

/// Where a frame stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) start: u32,
    pub(crate) bytes: u32,
    pub(crate) rows: u32,
}

impl Spot {
    pub(crate) fn end(self) -> u64 {
        u64::from(self.start) + u64::from(self.bytes)
    }
}

/// What is known of a segment: twelve bytes for each of its frames.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) number: u64,
    pub(crate) first_sequence: u64,
    /// The bytes that are durable.
    pub(crate) length: u64,
    pub(crate) spots: Vec<Spot>,
    pub(crate) decoder: Arc<Decoder>,
}

impl Segment {
    pub(crate) fn name(&self) -> String {
        name_of(self.number)
    }

    /// The sequence after its last.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.first_sequence.saturating_add(self.spots.len() as u64)
    }
}

/// Reads a part of a file.
pub(crate) fn read_part(
    disk: &dyn Disk,
    name: &str,
    from: u64,
    to: u64,
) -> std::io::Result<Vec<u8>> {
    let length = usize::try_from(to.saturating_sub(from))
        .map_err(|_| std::io::Error::from(std::io::ErrorKind::FileTooLarge))?;
    let mut bytes = vec![0; length];
    disk.open(name)?.read_at(from, &mut bytes)?;
    Ok(bytes)
}
