//! What a stream is and which part of it to read.

use std::time::Duration;

use arrow::datatypes::SchemaRef;
use chrono::{DateTime, Utc};

/// One readable object of a system, for instance sales orders with their lines.
#[derive(Debug, Clone)]
pub struct StreamSpec {
    /// Snake case, unique within the system; the raw table is `raw.<system>__<name>`.
    pub name: String,
    /// What the ERP's users call it.
    pub title: String,
    /// The system's own fields, typed. Field names are the raw table's columns.
    pub schema: SchemaRef,
    /// Columns of the schema that name a row. A null counts as an empty part of the key; a row whose
    /// whole key is null is a reject.
    pub key: Vec<String>,
    /// The column that moves when a row changes, if the system has one.
    pub change: Option<String>,
    /// A run that reads zero rows of such a stream from the beginning is not green.
    pub expects_rows: bool,
    /// What else the hub does with landed rows than to model them.
    pub feeds: Feeds,
}

/// What a stream's rows are to the hub.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Feeds {
    /// Masters and documents, which staging models read.
    #[default]
    Models,
    /// Scan records as well: columns are named as the fields of the record in the design's section
    /// 5, and rows take the same way as those of a scan file.
    ScanEvents,
}

/// Which part of a stream a run reads.
#[derive(Debug, Clone, Default)]
pub struct ReadRange {
    /// Only rows changed at or after; a backfill, not a position.
    pub changed_from: Option<DateTime<Utc>>,
    /// Only rows changed before.
    pub changed_to: Option<DateTime<Utc>>,
    /// How far behind its position a run starts again, for rows committed late.
    pub look_back: Duration,
    /// How far behind the source's clock the upper fence stays.
    pub safety_lag: Duration,
    /// Only the key columns are wanted, of every row and without a fence: the run looks for rows
    /// that vanished. Other columns may be left null where that spares the source.
    pub keys_only: bool,
}
