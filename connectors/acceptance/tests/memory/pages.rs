//! Keyset pages over the shelf, then a pass over rows without a change value.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, Decimal128Array, StringArray, TimestampMicrosecondArray};
use arrow::record_batch::RecordBatch;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use yuanliu_acceptance::Fault;
use yuanliu_contract::{
    ConnectorError, Cursor, DecodedRows, ErrorKind, Page, RejectedRow, Result, Source,
};

use crate::memory::source::schema;
use crate::memory::{Defect, PAGE_ROWS, Shared, Stored};

/// The last change value read with its key; within the pass over nulls also the last key there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    pub v: u32,
    changed: Option<DateTime<Utc>>,
    key: (i64, i64),
    null_key: Option<(i64, i64)>,
}

impl Default for Position {
    fn default() -> Self {
        Self { v: 1, changed: None, key: (0, 0), null_key: None }
    }
}

pub struct MemoryPages {
    start: Position,
    position: Position,
    fence: DateTime<Utc>,
    in_nulls: bool,
    offset: usize,
    shelf: Shared,
    defect: Option<Defect>,
    leaked: Option<String>,
}

impl MemoryPages {
    pub fn after(
        mut position: Position,
        look_back: Duration,
        fence: DateTime<Utc>,
        shelf: Shared,
        defect: Option<Defect>,
        leaked: Option<String>,
    ) -> Self {
        if look_back > Duration::ZERO && defect != Some(Defect::NoLookBack) {
            position.changed = position.changed.map(|changed| changed - look_back);
            position.key = (0, 0);
        }
        position.null_key = None;
        Self {
            start: position.clone(),
            position,
            fence,
            in_nulls: false,
            offset: 0,
            shelf,
            defect,
            leaked,
        }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defect == Some(defect)
    }

    fn take_keyed(&self) -> Vec<Stored> {
        let shelf = self.shelf.lock();
        let mut rows: Vec<_> = shelf
            .rows
            .values()
            .filter(|row| {
                row.changed_at.is_some_and(|at| at < self.fence || self.has(Defect::NoFence))
            })
            .cloned()
            .collect();
        rows.sort_by_key(|row| (row.changed_at, row.id, row.line));
        if self.has(Defect::PagesByOffset) {
            let rows = rows.into_iter().filter(|row| row.changed_at > self.start.changed);
            return rows.skip(self.offset).take(PAGE_ROWS).collect();
        }
        let is_after = |row: &Stored| {
            if self.has(Defect::ResumesByChangeOnly) {
                return row.changed_at > self.position.changed;
            }
            (row.changed_at, (row.id, row.line)) > (self.position.changed, self.position.key)
        };
        rows.into_iter().filter(is_after).take(PAGE_ROWS).collect()
    }

    fn take_nulls(&self) -> Vec<Stored> {
        let shelf = self.shelf.lock();
        let after = self.position.null_key.unwrap_or_default();
        let rows = shelf.rows.values().filter(|row| row.changed_at.is_none());
        rows.filter(|row| (row.id, row.line) > after).take(PAGE_ROWS).cloned().collect()
    }

    fn fail(&mut self, fault: Fault) -> Result<Option<Page>> {
        if self.has(Defect::SkipsPageAfterError) {
            let skipped = self.take_keyed();
            self.pass(&skipped);
        }
        let error = |kind| ConnectorError::new(kind, "reading document from memory");
        let error = match fault {
            Fault::SessionLost => error(ErrorKind::SessionExpired),
            Fault::RateLimitedSeconds(_) | Fault::RateLimitedDate(_)
                if self.has(Defect::IgnoresRetryAfter) =>
            {
                error(ErrorKind::RateLimited)
            }
            Fault::RateLimitedSeconds(seconds) => {
                error(ErrorKind::RateLimited).with_retry_after(Duration::from_secs(seconds))
            }
            Fault::RateLimitedDate(at) => {
                let now = self.fence + yuanliu_acceptance::trial::SAFETY_LAG;
                let wait = (at - now).to_std().unwrap_or_default();
                error(ErrorKind::RateLimited).with_retry_after(wait)
            }
            Fault::ErrorInside200 if self.has(Defect::ErrorIsEmptyPage) => return Ok(None),
            Fault::ErrorInside200 => error(ErrorKind::Refused),
            Fault::MalformedPage => error(ErrorKind::Malformed),
            Fault::EmptyPage => return Ok(None),
            Fault::Timeout => error(ErrorKind::Timeout),
            Fault::ConnectionReset => error(ErrorKind::Unreachable),
            Fault::Busy => error(ErrorKind::Busy),
        };
        match &self.leaked {
            Some(secret) => Err(error.with_detail(format!("password={secret}"))),
            None => Err(error),
        }
    }

    fn pass(&mut self, rows: &[Stored]) {
        self.offset += rows.len();
        let Some(last) = rows.last() else { return };
        if self.in_nulls {
            self.position.null_key = Some((last.id, last.line));
        } else {
            self.position.changed = last.changed_at;
            self.position.key = (last.id, last.line);
        }
    }
}

#[async_trait]
impl Source for MemoryPages {
    async fn next_page(&mut self) -> Result<Option<Page>> {
        let fault = self.shelf.lock().faults.pop_front();
        if let Some(fault) = fault {
            return self.fail(fault);
        }
        let mut rows = if self.in_nulls { Vec::new() } else { self.take_keyed() };
        if rows.is_empty() && !self.has(Defect::NoNullPass) {
            self.in_nulls = true;
            rows = self.take_nulls();
        }
        if rows.is_empty() {
            return Ok(None);
        }
        self.pass(&rows);
        let payloads: Vec<_> = rows.iter().map(to_json).collect();
        let mut decoded = decode_all(&payloads);
        if self.has(Defect::DropsBadRows) {
            decoded.rejects.clear();
        }
        Ok(Some(Page::new(decoded, Cursor::encode(&self.position)?)))
    }
}

pub fn to_json(row: &Stored) -> String {
    let changed_at = row.changed_at.map(|at| at.timestamp_micros());
    json!({"id": row.id, "line": row.line, "changed_at": changed_at, "note": row.note, "amount": row.amount})
        .to_string()
}

pub fn decode_all(payloads: &[String]) -> DecodedRows {
    let (mut good, mut amounts, mut rejects) = (Vec::<Value>::new(), Vec::new(), Vec::new());
    for payload in payloads {
        let row: Value = serde_json::from_str(payload).unwrap();
        match row["amount"].as_str().unwrap().parse::<f64>() {
            Ok(amount) => {
                amounts.push((amount * 100.0) as i128 * 100_000_000);
                good.push(row);
            }
            Err(_) => rejects.push(RejectedRow {
                reason: "bad_decimal",
                message: "amount is no number".to_owned(),
                payload: payload.clone(),
                position: format!("key={}/{}", row["id"], row["line"]),
            }),
        }
    }
    let number = |name: &str| -> ArrayRef {
        Arc::new(good.iter().map(|row| Some(row[name].to_string())).collect::<StringArray>())
    };
    let changed = good.iter().map(|row| row["changed_at"].as_i64());
    let columns: Vec<ArrayRef> = vec![
        number("id"),
        number("line"),
        Arc::new(changed.collect::<TimestampMicrosecondArray>().with_timezone("UTC")),
        Arc::new(good.iter().map(|row| row["note"].as_str()).collect::<StringArray>()),
        Arc::new(Decimal128Array::from(amounts).with_precision_and_scale(28, 10).unwrap()),
    ];
    DecodedRows { batch: RecordBatch::try_new(schema(), columns).unwrap(), rejects }
}
