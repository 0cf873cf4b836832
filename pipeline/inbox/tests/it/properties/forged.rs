//! One segment of any bytes.

use arrow::array::{Array, RecordBatch};
use xxhash_rust::xxh3::xxh3_64;
use yuanliu_inbox::{InboxError, InboxOptions};

use super::{assert_told, stored};
use crate::batches::open;
use crate::disk::Sim;

const HEADER_LENGTH_AT: usize = 12;
const FRAME_HEADER_BYTES: usize = 28;
const FIRST_SEQUENCE_AT: usize = 24;

pub(super) fn check(segment: Vec<u8>) {
    let whole = whole_frames(&segment);
    let disk = Sim::default();
    disk.put(stored::NAME, segment);
    let bounds = InboxOptions { schema: stored::schema(), ..crate::batches::options() };
    let opened = open(&disk, bounds);
    assert_eq!(disk.reads_beyond(), 0, "more is asked of a file than it holds");
    let (inbox, recovery) = match opened {
        Ok(opened) => opened,
        Err(error) => return assert_told(&error),
    };
    assert_eq!(recovery.frames, whole, "of those that are whole");
    let mut after = 0;
    loop {
        match inbox.read_after(after, 1) {
            Ok(read) if read.is_empty() => break,
            Ok(read) => {
                for (sequence, batch) in read {
                    check_batch(&batch);
                    after = sequence;
                }
            }
            Err(InboxError::Damaged { .. }) => break,
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Arrow's own rules, in full.
fn check_batch(batch: &RecordBatch) {
    assert_eq!(batch.schema(), stored::schema());
    for column in batch.columns() {
        assert_eq!(column.len(), batch.num_rows());
        column.to_data().validate_full().expect("a batch that is given out is sound");
    }
}

/// How many frames follow each other without damage from the header on, marks left out.
fn whole_frames(segment: &[u8]) -> u64 {
    let number = |at: usize, bytes: usize| {
        let part = segment.get(at..at + bytes)?;
        Some(part.iter().rev().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte)))
    };
    let (Some(header), Some(first)) = (number(HEADER_LENGTH_AT, 4), number(FIRST_SEQUENCE_AT, 8))
    else {
        return 0;
    };
    let mut at = header as usize;
    let mut frames = 0;
    while let (Some(checksum), Some(length), Some(sequence)) =
        (number(at, 8), number(at + 8, 4), number(at + 20, 8))
    {
        let end = at + FRAME_HEADER_BYTES + length as usize;
        let Some(checked) = segment.get(at + 8..end) else { break };
        if xxh3_64(checked) != checksum || sequence != first.saturating_add(frames) {
            break;
        }
        frames += u64::from(length > 0);
        at = end;
    }
    frames
}

/// The segment with the checksums that its bytes ask for.
pub(crate) fn sealed(mut segment: Vec<u8>) -> Vec<u8> {
    let length_at = |segment: &[u8], at: usize| {
        let length = segment.get(at..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*length) as usize)
    };
    let Some(mut at) = length_at(&segment, HEADER_LENGTH_AT) else { return segment };
    if at < 8 || at > segment.len() {
        return segment;
    }
    let checksum = xxh3_64(&segment[..at - 8]);
    segment[at - 8..at].copy_from_slice(&checksum.to_le_bytes());
    while let Some(length) = length_at(&segment, at + 8) {
        let end = at.saturating_add(FRAME_HEADER_BYTES + length);
        let Some(checked) = segment.get(at + 8..end) else { break };
        let checksum = xxh3_64(checked);
        segment[at..at + 8].copy_from_slice(&checksum.to_le_bytes());
        at = end;
    }
    segment
}
