//! The connector's run of the acceptance suite, over one CSV file.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use arrow::array::{Array, AsArray};
use arrow::datatypes::TimestampMicrosecondType;
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tempfile::TempDir;
use yuanliu_acceptance::{Applicability, Expectations, Fault, SourceRow, Subject, run_all};
use yuanliu_contract::Connector;
use yuanliu_files::FilesConnector;

struct Folder {
    folder: TempDir,
    rows: Mutex<BTreeMap<String, (String, String)>>,
}

impl Folder {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), rows: Mutex::default() }
    }

    /// Writes under another name and renames, as the README advises.
    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, (String, String)>)) {
        let mut rows = self.rows.lock().unwrap();
        change(&mut rows);
        let mut text = "order_no,ordered_at,ship_to_address\n".to_owned();
        for (id, (ordered_at, note)) in rows.iter() {
            text.push_str(&format!("{id},{ordered_at},{note}\n"));
        }
        let (draft, file) = ("sales_order.csv.part", "sales_order.csv");
        fs::write(self.folder.path().join(draft), text).unwrap();
        fs::rename(self.folder.path().join(draft), self.folder.path().join(file)).unwrap();
    }
}

#[async_trait]
impl Subject for Folder {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(FilesConnector)
    }

    fn config(&self) -> toml::Table {
        let folder = self.folder.path().to_str().unwrap();
        toml::Table::from_iter([("folder".to_owned(), toml::Value::from(folder))])
    }

    fn stream(&self) -> &str {
        "sales_order"
    }

    fn expectations(&self) -> Expectations {
        Expectations { page_rows: 4_096, has_lines: false, has_fence: false }
    }

    async fn put(&self, rows: &[SourceRow]) {
        self.change(|file| {
            for row in rows {
                let ordered_at = row.changed_at.map(|at| at.to_rfc3339()).unwrap_or_default();
                file.insert(row.id.clone(), (ordered_at, row.note.clone()));
            }
        });
    }

    async fn delete(&self, id: &str) {
        self.change(|file| {
            file.remove(id);
        });
    }

    async fn put_bad_row(&self, id: &str, _changed_at: DateTime<Utc>) -> Applicability {
        self.change(|file| {
            file.insert(id.to_owned(), ("soon".to_owned(), String::new()));
        });
        Applicability::Applied
    }

    async fn inject(&self, _fault: Fault) -> Applicability {
        Applicability::NotApplicable
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<SourceRow> {
        let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
        let (ids, notes) = (text("order_no"), text("ship_to_address"));
        let changed = batch.column_by_name("ordered_at").unwrap();
        let changed = changed.as_primitive::<TimestampMicrosecondType>();
        let at = |row| changed.is_valid(row).then(|| changed.value(row));
        (0..batch.num_rows())
            .map(|row| SourceRow {
                id: ids.value(row).to_owned(),
                line: None,
                changed_at: at(row).and_then(DateTime::from_timestamp_micros),
                note: notes.value(row).to_owned(),
            })
            .collect()
    }
}

#[tokio::test]
async fn acceptance() {
    let report = run_all(async || Folder::new()).await;
    assert!(report.is_ok(), "{report}");
    // A folder has no secrets, no change column and no wire.
    assert_eq!(
        report.not_applicable(),
        [
            "secrets_are_never_shown",
            "fence_is_respected",
            "session_is_renewed",
            "retry_after_seconds",
            "retry_after_date",
            "error_inside_200_is_error",
            "malformed_page_recovers",
            "empty_page_ends",
            "timeout_recovers",
            "reset_connection_recovers",
            "busy_source_recovers",
        ]
    );
}
