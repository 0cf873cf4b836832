//! Telling new events from duplicates and collisions.

use std::collections::HashMap;

use arrow::array::{AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

/// The ids of events with the contents seen under each.
///
/// The caller puts in what the lake holds for the ids of one batch, or all of it: about 60 bytes for
/// each event.
#[derive(Debug, Clone, Default)]
pub struct KnownEvents(HashMap<u64, Contents>);

/// Nearly every id has one content; only collisions have more.
#[derive(Debug, Clone)]
struct Contents {
    first: i64,
    others: Vec<i64>,
}

/// What is known about one content under one id.
enum Seen {
    New,
    Same,
    Other,
}

impl KnownEvents {
    /// Notes a content under its event's id.
    pub fn insert(&mut self, event_id: &str, content_hash: i64) {
        self.see(id_hash(Some(event_id)), content_hash);
    }

    /// Notes every event of a batch.
    pub fn extend(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let (ids, contents) = keys(batch)?;
        for (id, &content) in ids.iter().zip(contents) {
            self.see(id_hash(id), content);
        }
        Ok(())
    }

    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn seen(&self, id_hash: u64, content_hash: i64) -> Seen {
        match self.0.get(&id_hash) {
            None => Seen::New,
            Some(contents) if contents.has(content_hash) => Seen::Same,
            Some(_) => Seen::Other,
        }
    }

    fn see(&mut self, id_hash: u64, content_hash: i64) -> Seen {
        let seen = self.seen(id_hash, content_hash);
        match seen {
            Seen::Same => {}
            Seen::New => {
                self.0.insert(id_hash, Contents { first: content_hash, others: Vec::new() });
            }
            Seen::Other => {
                if let Some(contents) = self.0.get_mut(&id_hash) {
                    contents.others.push(content_hash);
                }
            }
        }
        seen
    }
}

impl Contents {
    fn has(&self, content_hash: i64) -> bool {
        self.first == content_hash || self.others.contains(&content_hash)
    }
}

/// An accepted event whose id was there already with other content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Collision {
    /// The id.
    pub event_id: String,
    /// The line of the event that came second.
    pub source_line: Option<i64>,
}

/// A batch without its duplicates.
#[derive(Debug, Clone)]
pub struct Classified {
    /// The events to keep, in their order.
    pub accepted: RecordBatch,
    /// How many were there already, in `known` or earlier in the batch.
    pub duplicate: u64,
    /// Those kept although their id was there already.
    pub collisions: Vec<Collision>,
}

/// Splits a batch of [`raw_event_schema`](crate::raw_event_schema) by what is known; pure.
///
/// Holds one entry per row of the batch besides the batch and its copy.
pub fn classify(batch: &RecordBatch, known: &KnownEvents) -> Result<Classified, ArrowError> {
    let (ids, contents) = keys(batch)?;
    let lines = batch.column_by_name("source_line").and_then(|c| c.as_primitive_opt::<Int64Type>());
    let mut within = KnownEvents(HashMap::with_capacity(batch.num_rows()));
    let mut collisions = Vec::new();
    let mut keep = Vec::with_capacity(batch.num_rows());
    for (row, (id, &content)) in ids.iter().zip(contents).enumerate() {
        let id_hash = id_hash(id);
        let seen = match (known.seen(id_hash, content), within.see(id_hash, content)) {
            (Seen::Same, _) | (_, Seen::Same) => Seen::Same,
            (Seen::Other, _) | (_, Seen::Other) => Seen::Other,
            (Seen::New, Seen::New) => Seen::New,
        };
        keep.push(!matches!(seen, Seen::Same));
        if matches!(seen, Seen::Other) {
            let source_line = lines.map(|lines| lines.value(row));
            collisions.push(Collision { event_id: id.unwrap_or_default().to_owned(), source_line });
        }
    }
    let duplicate = keep.iter().filter(|keep| !**keep).count() as u64;
    let accepted = match duplicate {
        0 => batch.clone(),
        _ => filter_record_batch(batch, &BooleanArray::from(keep))?,
    };
    Ok(Classified { accepted, duplicate, collisions })
}

fn id_hash(id: Option<&str>) -> u64 {
    xxh3_64(id.unwrap_or_default().as_bytes())
}

fn keys(batch: &RecordBatch) -> Result<(&StringArray, &[i64]), ArrowError> {
    let missing = |name: &str| ArrowError::SchemaError(format!("no column `{name}` of events"));
    let ids = batch.column_by_name("event_id").and_then(|column| column.as_string_opt());
    let contents = batch
        .column_by_name("content_hash")
        .and_then(|column| column.as_primitive_opt::<Int64Type>());
    Ok((
        ids.ok_or_else(|| missing("event_id"))?,
        contents.ok_or_else(|| missing("content_hash"))?.values(),
    ))
}
