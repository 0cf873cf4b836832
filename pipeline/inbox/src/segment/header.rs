//! The first bytes of a segment.
//!
//! `magic 8 | version u32 | length u32 | number u64 | first sequence u64 | length of the segment
//! before u64 | schema | checksum u64`, little-endian; `length` is that of the whole header.

use std::path::Path;

use arrow::datatypes::Schema;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::InboxError;
use crate::schema;

const MAGIC: &[u8; 8] = b"yl-inbox";
const VERSION: u32 = 1;
const FIXED_BYTES: usize = 40;
const CHECKSUM_BYTES: usize = 8;
/// So many bytes tell how long the header is.
pub(crate) const HEADER_BEGIN_BYTES: usize = 16;
/// No schema of ours comes near.
const HEADER_BYTES_MAX: usize = 4 << 20;
/// Sequences begin at one, and nobody lives to see this one.
const SEQUENCE_MAX: u64 = 1 << 63;

/// What a segment says about itself.
#[derive(Debug)]
pub(crate) struct SegmentHeader {
    pub(crate) number: u64,
    /// The sequence of its first frame.
    pub(crate) first_sequence: u64,
    /// How much of the segment before it was durable when this one was made.
    pub(crate) previous_length: u64,
    pub(crate) schema: Schema,
}

impl SegmentHeader {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let schema = schema::to_bytes(&self.schema);
        let length = FIXED_BYTES + schema.len() + CHECKSUM_BYTES;
        let mut bytes = Vec::with_capacity(length);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.first_sequence.to_le_bytes());
        bytes.extend_from_slice(&self.previous_length.to_le_bytes());
        bytes.extend_from_slice(&schema);
        bytes.extend_from_slice(&xxh3_64(&bytes).to_le_bytes());
        bytes
    }
}

/// How long a header says it is, within bounds.
pub(crate) fn header_length(bytes: &[u8]) -> usize {
    let length = bytes.get(12..).and_then(<[u8]>::first_chunk::<4>);
    let length = length.map_or(0, |length| u32::from_le_bytes(*length) as usize);
    length.clamp(HEADER_BEGIN_BYTES, HEADER_BYTES_MAX)
}

/// The header of a segment and its length.
pub(crate) fn read_header(file: &Path, bytes: &[u8]) -> Result<(SegmentHeader, u32), InboxError> {
    let damaged = |problem: &str| InboxError::damaged(file, 0, problem.to_owned());
    let cut = || damaged("its header is cut off");
    let (magic, rest) = bytes.split_first_chunk::<8>().ok_or_else(cut)?;
    if magic != MAGIC {
        return Err(damaged("it does not begin as a segment does"));
    }
    let (version, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let length = u32::from_le_bytes(*length);
    let at = header_length(bytes);
    if at != length as usize || at < FIXED_BYTES + CHECKSUM_BYTES {
        return Err(damaged("its header claims an impossible length"));
    }
    let (checked, checksum) =
        bytes.get(..at).and_then(<[u8]>::split_last_chunk::<8>).ok_or_else(cut)?;
    if xxh3_64(checked) != u64::from_le_bytes(*checksum) {
        return Err(damaged("its header does not have its checksum"));
    }
    // After the checksum, so that a flipped bit is not taken for another version.
    let version = u32::from_le_bytes(*version);
    if version != VERSION {
        return Err(InboxError::Version { file: file.to_owned(), found: version, known: VERSION });
    }
    let (number, rest) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
    let (first_sequence, rest) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
    let (previous_length, _) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
    let first_sequence = u64::from_le_bytes(*first_sequence);
    if first_sequence == 0 || first_sequence > SEQUENCE_MAX {
        return Err(damaged("its header claims an impossible sequence"));
    }
    let schema = checked.get(FIXED_BYTES..).unwrap_or_default();
    let schema = schema::from_bytes(schema).map_err(|error| damaged(&error.to_string()))?;
    let header = SegmentHeader {
        number: u64::from_le_bytes(*number),
        first_sequence,
        previous_length: u64::from_le_bytes(*previous_length),
        schema,
    };
    Ok((header, length))
}
