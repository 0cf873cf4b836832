//! Whether what a message says about its body can be so.
//!
//! Arrow takes the offsets, lengths and counts of a message for granted: wrong ones end the thread,
//! or ask for memory that nobody has. What the values are it checks itself.

use arrow::datatypes::{DataType, Field, Schema};
use arrow::ipc::{Buffer, FieldNode, RecordBatch};

/// Whether a batch of these columns and so many rows can be read from a body of so many bytes.
pub(super) fn is_sound(
    message: RecordBatch<'_>,
    columns: &Schema,
    rows: u32,
    body_bytes: usize,
) -> bool {
    let (Some(nodes), Some(buffers)) = (message.nodes(), message.buffers()) else { return false };
    let mut parts = Parts { nodes: nodes.iter(), buffers: buffers.iter(), body_bytes };
    message.length() == i64::from(rows)
        && message.compression().is_none()
        && message.variadicBufferCounts().is_none_or(|counts| counts.is_empty())
        && columns.fields().iter().all(|field| parts.hold(field, Some(rows as usize)).is_some())
}

struct Parts<N, B> {
    nodes: N,
    buffers: B,
    body_bytes: usize,
}

impl<'m, N, B> Parts<N, B>
where
    N: Iterator<Item = &'m FieldNode>,
    B: Iterator<Item = &'m Buffer>,
{
    /// Takes the parts of a column and of those in it; `None` if one of them cannot be.
    fn hold(&mut self, field: &Field, due: Option<usize>) -> Option<()> {
        let node = self.nodes.next()?;
        let rows = usize::try_from(node.length()).ok()?;
        let nulls = usize::try_from(node.null_count()).ok()?;
        // No kind of value takes less than a bit.
        let is_possible = rows.div_ceil(8) <= self.body_bytes && nulls <= rows;
        let validity = self.buffer()?;
        if !is_possible
            || due.is_some_and(|due| due != rows)
            || (nulls > 0 && validity < rows.div_ceil(8))
        {
            return None;
        }
        match field.data_type() {
            DataType::Struct(fields) => fields.iter().try_for_each(|f| self.hold(f, Some(rows))),
            DataType::List(item) | DataType::LargeList(item) => {
                self.buffer()?;
                self.hold(item, None)
            }
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary => {
                self.buffer()?;
                self.buffer().map(drop)
            }
            _ => self.buffer().map(drop),
        }
    }

    /// The length of the next part of the body.
    fn buffer(&mut self) -> Option<usize> {
        let buffer = self.buffers.next()?;
        let offset = usize::try_from(buffer.offset()).ok()?;
        let length = usize::try_from(buffer.length()).ok()?;
        (offset.checked_add(length)? <= self.body_bytes).then_some(length)
    }
}
