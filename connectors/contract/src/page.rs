//! Rows on their way from a system to the lake.

use arrow::record_batch::RecordBatch;

use crate::cursor::Cursor;

/// A row that could not be typed, kept whole so that nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Stable reason code, snake case, for instance `bad_decimal`.
    pub reason: &'static str,
    /// What is wrong with which field, and what would be right.
    pub message: String,
    /// The row as received, as JSON text (or the raw line for files).
    pub payload: String,
    /// Where it stood: `key=100231/200872`, or `product.csv:17:base_unit`.
    pub position: String,
}

/// Typed rows and the rows that could not be typed.
#[derive(Debug, Clone)]
pub struct DecodedRows {
    /// Rows in the stream's schema.
    pub batch: RecordBatch,
    /// Rows that need a mapping fix.
    pub rejects: Vec<RejectedRow>,
}

/// One page of a stream. Rows read = `rows.batch.num_rows() + rows.rejects.len()`, and one for each
/// deleted key.
#[derive(Debug, Clone)]
pub struct Page {
    /// What the page held.
    pub rows: DecodedRows,
    /// The position after the page's last row.
    pub cursor: Cursor,
    /// Keys of rows that the system itself says were deleted: the stream's key columns, in the
    /// order of its key. A row of `rows` with the same key is newer than its deletion.
    pub deleted: Option<RecordBatch>,
}

impl Page {
    /// A page of a system that does not report deletions.
    pub fn new(rows: DecodedRows, cursor: Cursor) -> Self {
        Self { rows, cursor, deleted: None }
    }
}

/// The first rows of a stream for a person to look at.
#[derive(Debug, Clone)]
pub struct Preview {
    /// As received, JSON text per row.
    pub raw: Vec<String>,
    /// As typed.
    pub rows: DecodedRows,
}
