//! A source in memory with every fault and, if asked, one defect.

mod pages;
mod source;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use arrow::array::{Array, AsArray};
use arrow::datatypes::TimestampMicrosecondType;
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use yuanliu_acceptance::{Applicability, Expectations, Fault, FixedSecrets, SourceRow, Subject};
use yuanliu_contract::Connector;

use crate::memory::source::MemoryConnector;

pub const PAGE_ROWS: usize = 3;
pub const SECRET: &str = "s3cr3t-value";

/// What a careless connector gets wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    ResumesByChangeOnly,
    PagesByOffset,
    NoLookBack,
    NoNullPass,
    NoFence,
    ErrorIsEmptyPage,
    SkipsPageAfterError,
    IgnoresRetryAfter,
    DropsBadRows,
    ShowsSecret,
}

/// What the source holds. `amount` is text because a source may hold anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    pub id: i64,
    pub line: i64,
    pub changed_at: Option<DateTime<Utc>>,
    pub note: String,
    pub amount: String,
}

#[derive(Default)]
pub struct Shelf {
    pub rows: BTreeMap<(i64, i64), Stored>,
    pub faults: VecDeque<Fault>,
}

#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Shelf>>);

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap()
    }
}

pub struct MemorySubject {
    shelf: Shared,
    defect: Option<Defect>,
}

impl MemorySubject {
    pub fn new(defect: Option<Defect>) -> Self {
        Self { shelf: Shared::default(), defect }
    }

    fn insert(&self, row: Stored) {
        self.shelf.lock().rows.insert((row.id, row.line), row);
    }
}

#[async_trait]
impl Subject for MemorySubject {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(MemoryConnector { shelf: self.shelf.clone(), defect: self.defect })
    }

    fn config(&self) -> toml::Table {
        toml::from_str("user = 'reader'\npassword = 'env:MEMORY_PASSWORD'").unwrap()
    }

    fn secrets(&self) -> FixedSecrets {
        FixedSecrets::default().with("env:MEMORY_PASSWORD", SECRET)
    }

    fn stream(&self) -> &str {
        "document"
    }

    fn expectations(&self) -> Expectations {
        Expectations { page_rows: PAGE_ROWS, has_lines: true, has_fence: true }
    }

    async fn put(&self, rows: &[SourceRow]) {
        for row in rows {
            self.insert(Stored {
                id: row.id.parse().unwrap(),
                line: row.line.as_ref().unwrap().parse().unwrap(),
                changed_at: row.changed_at,
                note: row.note.clone(),
                amount: "1.50".to_owned(),
            });
        }
    }

    async fn delete(&self, id: &str) {
        let id: i64 = id.parse().unwrap();
        self.shelf.lock().rows.retain(|key, _| key.0 != id);
    }

    async fn put_bad_row(&self, id: &str, changed_at: DateTime<Utc>) -> Applicability {
        self.insert(Stored {
            id: id.parse().unwrap(),
            line: 1,
            changed_at: Some(changed_at),
            note: String::new(),
            amount: "plenty".to_owned(),
        });
        Applicability::Applied
    }

    async fn inject(&self, fault: Fault) -> Applicability {
        self.shelf.lock().faults.push_back(fault);
        Applicability::Applied
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
        let (ids, lines, notes) = (text("id"), text("line"), text("note"));
        let changed = batch.column_by_name("changed_at").unwrap();
        let changed = changed.as_primitive::<TimestampMicrosecondType>();
        let at = |row| changed.is_valid(row).then(|| changed.value(row));
        (0..batch.num_rows())
            .map(|row| SourceRow {
                id: ids.value(row).to_owned(),
                line: Some(lines.value(row).to_owned()),
                changed_at: at(row).and_then(DateTime::from_timestamp_micros),
                note: notes.value(row).to_owned(),
            })
            .collect()
    }
}
