//! Giving out frames.

use std::sync::PoisonError;

use arrow::array::RecordBatch;

use crate::error::InboxError;
use crate::frame::read_frame;
use crate::inbox::Shared;
use crate::ledger::Piece;
use crate::segment::read_part;

/// What one read holds besides the batches, unless a single frame is larger.
const READ_BYTES_MAX: u64 = 64 << 20;

impl Shared {
    pub(crate) fn read_after(
        &self,
        sequence: u64,
        rows_max: usize,
    ) -> Result<Vec<(u64, RecordBatch)>, InboxError> {
        // Taken before looking, so that what is found is not removed meanwhile.
        let _reading = self.files.read().unwrap_or_else(PoisonError::into_inner);
        let pieces = self.ledger().pieces(sequence, rows_max, READ_BYTES_MAX);
        let mut batches = Vec::with_capacity(pieces.iter().map(|piece| piece.frames).sum());
        for piece in pieces {
            self.read_piece(&piece, &mut batches)?;
        }
        Ok(batches)
    }

    fn read_piece(
        &self,
        piece: &Piece,
        batches: &mut Vec<(u64, RecordBatch)>,
    ) -> Result<(), InboxError> {
        let path = self.options.folder.join(&piece.name);
        let bytes = read_part(self.disk.as_ref(), &piece.name, piece.from, piece.to)
            .map_err(InboxError::disk("read", &path))?;
        let mut at = 0;
        let mut next = piece.first_sequence;
        let end = piece.first_sequence + piece.frames as u64;
        while next < end {
            let damaged =
                |problem: String| InboxError::damaged(&path, piece.from + at as u64, problem);
            let rest = bytes.get(at..).unwrap_or_default();
            let frame = read_frame(rest).map_err(|problem| damaged(problem.to_owned()))?;
            if frame.sequence != next {
                return Err(damaged(format!(
                    "frame {} stands where {next} is due",
                    frame.sequence
                )));
            }
            if !frame.is_mark() {
                let batch = piece.decoder.decode(frame.payload, frame.rows);
                let batch = batch.map_err(|error| damaged(error.to_string()))?;
                batches.push((next, batch));
                next += 1;
            }
            at += frame.bytes();
        }
        Ok(())
    }
}
