//! Whether the trace index says what the lake says.

use anyhow::{Context, Result};
use arrow::array::AsArray;
use chrono::Utc;
use futures::StreamExt;
use serde_json::{Value, json};
use yuanliu_law::EventType;
use yuanliu_trace_index::UnitHistory;
use yuanliu_warehouse::ScalarValue;

use super::Ledger;
use crate::hub::Hub;
use crate::knowledge::Knowledge;
use crate::models::Models;

/// Differences shown one by one.
const EXAMPLES_MAX: usize = 10;

/// What the lake says of a unit, in the order of the query.
const PARTS: [&str; 4] = ["origin", "custody", "inside", "shipped"];

/// What a comparison found.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) compared: u64,
    pub(crate) different: u64,
    pub(crate) examples: Vec<Value>,
}

impl Ledger {
    /// Compares the index with the core tables, all units or about `codes` of them, from all buckets.
    ///
    /// The models must be up to date, or newer events show as differences.
    pub(crate) async fn check_index(&self, hub: &Hub, codes: Option<u64>) -> Result<Checked> {
        let models = Models::load(hub)?;
        let now = Utc::now();
        let scope = models.scope(hub, now);
        let known = Knowledge::load(&models.files, &scope).await?;
        let sql = models.files.text("lookup/unit_text.sql")?;
        let buckets = yuanliu_functions::buckets();
        let of_bucket = codes.map(|codes| codes.div_ceil(buckets.len() as u64).max(1));
        let mut checked = Checked::default();
        for bucket in buckets {
            let value = ScalarValue::Utf8(Some((*bucket).to_owned()));
            let mut rows = scope.query(sql, vec![("bucket".to_owned(), value)]).await?;
            let mut reader = self.index.reader(now.timestamp_micros());
            let mut left = of_bucket.unwrap_or(u64::MAX);
            while left > 0
                && let Some(batch) = rows.next().await
            {
                let batch = batch.context("reading what the lake says")?;
                for row in 0..batch.num_rows() {
                    if left == 0 {
                        break;
                    }
                    left -= 1;
                    let text = |at: usize| batch.column(at).as_string::<i32>().value(row);
                    let code = text(0);
                    let history = tokio::task::block_in_place(|| reader.history(code, &known))?;
                    checked.compared += 1;
                    let said = history.as_ref().map(texts).unwrap_or_default();
                    let lake = [text(1), text(2), text(3), text(4)];
                    let differs = (0..PARTS.len()).find(|at| said[*at] != lake[*at]);
                    let Some(at) = differs else { continue };
                    checked.different += 1;
                    if checked.examples.len() < EXAMPLES_MAX {
                        checked.examples.push(json!({
                            "code": code,
                            "part": PARTS[at],
                            "lake": lake[at],
                            "index": said[at],
                        }));
                    }
                }
            }
        }
        Ok(checked)
    }
}

/// A history in the words of `lookup/unit_text.sql`.
fn texts(history: &UnitHistory) -> [String; 4] {
    let time = |us: Option<i64>| us.map(|us| us.to_string()).unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let origin = history.origin.as_ref().map(|origin| {
        let parts = [
            text(&origin.level),
            text(&origin.product_code),
            text(&origin.batch_no),
            text(&origin.work_order_no),
            origin.commission.is_some().to_string(),
        ];
        parts.join("|")
    });
    let custody = history.custody.iter().map(|one| {
        let parts = [
            one.dealer_code.clone(),
            one.from_us.to_string(),
            time(one.to_us),
            one.start_event_id.clone(),
            text(&one.delivery_no),
            text(&one.order_no),
        ];
        parts.join("|")
    });
    let mut inside: Vec<_> = history.ancestry.iter().collect();
    inside
        .sort_by(|a, b| (a.from_us, a.depth, &a.ancestor).cmp(&(b.from_us, b.depth, &b.ancestor)));
    let inside = inside
        .into_iter()
        .map(|one| format!("{}|{}|{}|{}", one.ancestor, one.depth, one.from_us, time(one.to_us)));
    let mut shipped: Vec<_> = history.shipments.iter().collect();
    let rank = |event_type: EventType| event_type.precedence();
    shipped.sort_by(|a, b| {
        (a.time_us, rank(a.event_type), &a.event_id).cmp(&(
            b.time_us,
            rank(b.event_type),
            &b.event_id,
        ))
    });
    let shipped = shipped.into_iter().map(|one| {
        let parts = [
            one.event_type.as_str().to_owned(),
            one.event_id.clone(),
            one.time_us.to_string(),
            text(&one.dealer_code),
            one.is_voided.to_string(),
        ];
        parts.join("|")
    });
    [
        origin.unwrap_or_default(),
        custody.collect::<Vec<_>>().join(";"),
        inside.collect::<Vec<_>>().join(";"),
        shipped.collect::<Vec<_>>().join(";"),
    ]
}
