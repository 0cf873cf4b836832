//! The form of a frame in a segment.
//!
//! `checksum u64 | length u32 | rows u32 | position u32 | sequence u64 | payload`, little-endian;
//! the checksum is the xxh3 of everything after it. `position` counts the frames before this one in
//! its group. A mark is a frame without a payload that carries the next sequence: everything before
//! it was durable when it was written. It belongs to no batch.

use xxhash_rust::xxh3::xxh3_64;

/// The bytes before the payload.
pub(crate) const FRAME_HEADER_BYTES: usize = 28;
/// The largest payload, and the most of one call; a reader holds one.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 64 << 20;

/// A frame that reads as it was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) sequence: u64,
    pub(crate) rows: u32,
    pub(crate) position: u32,
    pub(crate) payload: &'a [u8],
}

impl Frame<'_> {
    /// The first sequence of its group: all before it was durable when this was written.
    pub(crate) fn group(&self) -> u64 {
        self.sequence.saturating_sub(u64::from(self.position))
    }

    pub(crate) fn is_mark(&self) -> bool {
        self.payload.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        FRAME_HEADER_BYTES + self.payload.len()
    }
}

/// Appends a frame to `buffer`; `payload` is not longer than [`PAYLOAD_BYTES_MAX`].
pub(crate) fn put_frame(buffer: &mut Vec<u8>, frame: Frame<'_>) {
    let start = buffer.len();
    let length = u32::try_from(frame.payload.len()).unwrap_or(u32::MAX);
    buffer.extend_from_slice(&[0; 8]);
    buffer.extend_from_slice(&length.to_le_bytes());
    buffer.extend_from_slice(&frame.rows.to_le_bytes());
    buffer.extend_from_slice(&frame.position.to_le_bytes());
    buffer.extend_from_slice(&frame.sequence.to_le_bytes());
    buffer.extend_from_slice(frame.payload);
    let checksum = buffer.get(start + 8..).map_or(0, xxh3_64);
    if let Some(place) = buffer.get_mut(start..start + 8) {
        place.copy_from_slice(&checksum.to_le_bytes());
    }
}

/// The frame that starts with these bytes, or what is wrong with them.
pub(crate) fn read_frame(bytes: &[u8]) -> Result<Frame<'_>, &'static str> {
    const CUT: &str = "a frame is cut off";
    let (checksum, checked) = bytes.split_first_chunk::<8>().ok_or(CUT)?;
    let (length, rest) = checked.split_first_chunk::<4>().ok_or(CUT)?;
    let (rows, rest) = rest.split_first_chunk::<4>().ok_or(CUT)?;
    let (position, rest) = rest.split_first_chunk::<4>().ok_or(CUT)?;
    let (sequence, rest) = rest.split_first_chunk::<8>().ok_or(CUT)?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > PAYLOAD_BYTES_MAX {
        return Err("a frame claims more bytes than a frame may have");
    }
    let payload = rest.get(..length).ok_or(CUT)?;
    let checked = checked.get(..FRAME_HEADER_BYTES - 8 + length).ok_or(CUT)?;
    if xxh3_64(checked) != u64::from_le_bytes(*checksum) {
        return Err("a frame does not have its checksum");
    }
    Ok(Frame {
        sequence: u64::from_le_bytes(*sequence),
        rows: u32::from_le_bytes(*rows),
        position: u32::from_le_bytes(*position),
        payload,
    })
}

/// Where in `bytes` a frame stands that proves frame `expected` to have been durable.
///
/// Looks at every byte, for what is damaged need not have kept its length. A group that a crash
/// tore has no such frame after it, even if the disk wrote its later parts first.
pub(crate) fn proof_of(expected: u64, bytes: &[u8]) -> Option<usize> {
    let plausible = expected..=expected.saturating_add((bytes.len() / FRAME_HEADER_BYTES) as u64);
    (0..bytes.len().saturating_sub(FRAME_HEADER_BYTES - 1)).find(|at| {
        let sequence = bytes.get(at + 20..).and_then(<[u8]>::first_chunk::<8>);
        sequence.is_some_and(|sequence| plausible.contains(&u64::from_le_bytes(*sequence)))
            && bytes
                .get(*at..)
                .and_then(|bytes| read_frame(bytes).ok())
                .is_some_and(|frame| frame.group() > expected)
    })
}
