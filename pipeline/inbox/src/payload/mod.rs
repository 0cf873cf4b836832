//! A batch as the payload of a frame.
//!
//! Columns without any value are left out, which for one event is most of them; a bit per column
//! says which are there. `bits | message length u32 | Arrow IPC message | body`. The schema is in
//! the header of the segment.

mod soundness;

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::buffer::Buffer;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use arrow::ipc::reader::read_record_batch;
use arrow::ipc::root_as_message;
use arrow::ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions};

use crate::error::InboxError;
use crate::frame::PAYLOAD_BYTES_MAX;
use soundness::is_sound;

/// What a body is padded to; decimals need more and are copied by the reader.
const ALIGNMENT_BYTES: usize = 8;

/// The most rows of a payload: columns without a value have no bytes that would bound them.
const ROWS_MAX: u32 = 1 << 20;

/// A batch on its way to the disk.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: u32,
}

/// Encodes a batch whose schema was checked.
pub(crate) fn encode(batch: &RecordBatch) -> Result<Payload, InboxError> {
    let too_large = |bytes: usize| InboxError::TooLarge {
        bytes: bytes as u64,
        bytes_max: PAYLOAD_BYTES_MAX as u64,
    };
    let rows = u32::try_from(batch.num_rows())
        .ok()
        .filter(|rows| *rows <= ROWS_MAX)
        .ok_or(InboxError::TooManyRows { rows: batch.num_rows(), rows_max: ROWS_MAX as usize })?;
    let kept: Vec<usize> = (0..batch.num_columns())
        .filter(|at| batch.column(*at).null_count() < batch.num_rows())
        .collect();
    let mut bytes = vec![0_u8; batch.num_columns().div_ceil(8)];
    for at in &kept {
        if let Some(bits) = bytes.get_mut(at / 8) {
            *bits |= 1 << (at % 8);
        }
    }
    let (message, body) = message_of(batch, &kept).map_err(InboxError::arrow("encode"))?;
    let length = bytes.len() + 4 + message.len() + body.len();
    if length > PAYLOAD_BYTES_MAX {
        return Err(too_large(length));
    }
    bytes.reserve_exact(length - bytes.len());
    bytes.extend_from_slice(&u32::try_from(message.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(&message);
    bytes.extend_from_slice(&body);
    Ok(Payload { bytes, rows })
}

fn message_of(batch: &RecordBatch, kept: &[usize]) -> Result<(Vec<u8>, Vec<u8>), ArrowError> {
    let version = arrow::ipc::MetadataVersion::V5;
    let options = IpcWriteOptions::try_new(ALIGNMENT_BYTES, false, version)?;
    let (_, encoded) = IpcDataGenerator::default().encode(
        &batch.project(kept)?,
        &mut DictionaryTracker::new(true),
        &options,
        &mut IpcWriteContext::default(),
    )?;
    Ok((encoded.ipc_message, encoded.arrow_data))
}

/// Decodes a payload of this schema and so many rows.
pub(crate) fn decode(
    payload: &[u8],
    schema: &Arc<Schema>,
    rows: u32,
) -> Result<RecordBatch, ArrowError> {
    let cut = || ArrowError::IpcError("the payload of a frame is cut off".to_owned());
    let (bits, rest) =
        payload.split_at_checked(schema.fields().len().div_ceil(8)).ok_or_else(cut)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let (message, body) =
        rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(cut)?;
    let is_kept = |at: &usize| bits.get(at / 8).is_some_and(|byte| byte & (1 << (at % 8)) != 0);
    let kept: Vec<usize> = (0..schema.fields().len()).filter(is_kept).collect();
    let message =
        root_as_message(message).map_err(|error| ArrowError::IpcError(error.to_string()))?;
    let header = message
        .header_as_record_batch()
        .ok_or_else(|| ArrowError::IpcError("a frame holds no batch".to_owned()))?;
    let columns = Arc::new(schema.project(&kept)?);
    if rows > ROWS_MAX || !is_sound(header, &columns, rows, body.len()) {
        return Err(ArrowError::IpcError("a frame says of its batch what cannot be".to_owned()));
    }
    let some = read_record_batch(
        &Buffer::from(body),
        header,
        columns,
        &HashMap::new(),
        None,
        &message.version(),
    )?;
    let rows = some.num_rows();
    let mut given = some.columns().iter();
    let columns = schema.fields().iter().enumerate().map(|(at, field)| {
        let given = is_kept(&at).then(|| given.next()).flatten();
        given.cloned().unwrap_or_else(|| new_null_array(field.data_type(), rows))
    });
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns.collect(), &options)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, Decimal128Array, Int64Array, ListArray, RecordBatch, StringArray,
    };
    use arrow::datatypes::{Int32Type, Schema};

    use super::{decode, encode};

    fn batch() -> RecordBatch {
        let lists =
            ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None]), None]);
        let amounts =
            Decimal128Array::from(vec![Some(-7), None]).with_precision_and_scale(28, 10).unwrap();
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("id", Arc::new(Int64Array::from(vec![1, 2]))),
            ("none", Arc::new(StringArray::from(vec![None::<&str>, None]))),
            ("text", Arc::new(StringArray::from(vec![None, Some("上海")]))),
            ("list", Arc::new(lists)),
            ("amount", Arc::new(amounts)),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true)))
            .unwrap()
    }

    #[test]
    fn batches_come_back_as_they_were() {
        let whole = batch();
        for batch in [whole.clone(), whole.slice(1, 1), whole.slice(0, 1), whole.slice(1, 0)] {
            let payload = encode(&batch).unwrap();
            assert_eq!(payload.rows as usize, batch.num_rows());
            assert_eq!(decode(&payload.bytes, &batch.schema(), payload.rows).unwrap(), batch);
        }
        let nothing = RecordBatch::new_empty(Arc::new(Schema::empty()));
        let payload = encode(&nothing).unwrap();
        assert!(!payload.bytes.is_empty());
        assert_eq!(decode(&payload.bytes, &nothing.schema(), 0).unwrap(), nothing);
    }

    #[test]
    fn a_payload_that_is_cut_is_an_error() {
        let batch = batch();
        let payload = encode(&batch).unwrap();
        for length in 0..12 {
            assert!(decode(&payload.bytes[..length], &batch.schema(), 2).is_err(), "{length}");
        }
    }
}
