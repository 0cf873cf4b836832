//! Finding the frames of a segment.

use super::Spot;
use crate::frame::{proof_of, read_frame};

/// What was found.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) spots: Vec<Spot>,
    /// The end of the last frame or mark.
    pub(crate) end: u64,
    /// The start of the last group, which no later frame proves to have been durable.
    pub(crate) unproven: u64,
    /// What is wrong at `end`, if the bytes go on.
    pub(crate) problem: Option<&'static str>,
    /// Where a later frame stands that proves the one at `end` to have been durable.
    pub(crate) proof: Option<u64>,
}

/// Reads frames from `start` on, the first of which has the sequence `first`.
pub(crate) fn scan(bytes: &[u8], start: u32, first: u64) -> Scan {
    let mut spots: Vec<Spot> = Vec::new();
    let mut at = start as usize;
    let mut unproven = (first, at);
    let mut problem = None;
    let mut expected = first;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let frame = match read_frame(rest) {
            Ok(frame) if frame.sequence == expected => frame,
            Ok(_) => {
                problem = Some("a frame has not the sequence that is due");
                break;
            }
            Err(wrong) => {
                problem = Some(wrong);
                break;
            }
        };
        if frame.group() != unproven.0 || frame.is_mark() {
            unproven = (frame.group(), at);
        }
        if !frame.is_mark() {
            let (Ok(start), Ok(bytes)) = (u32::try_from(at), u32::try_from(frame.bytes())) else {
                problem = Some("a segment is larger than one can be");
                break;
            };
            spots.push(Spot { start, bytes, rows: frame.rows });
            expected = expected.saturating_add(1);
        }
        at += frame.bytes();
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let proof = problem.and_then(|_| proof_of(expected, rest)).map(|offset| (at + offset) as u64);
    Scan { spots, end: at as u64, unproven: unproven.1 as u64, problem, proof }
}
