//! The made-up stream.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Int64Builder, ListBuilder, RecordBatch, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::error::ArrowError;

const CASE_ITEMS: u64 = 24;
const PALLET_CASES: u64 = 40;
const PALLET_ITEMS: u64 = CASE_ITEMS * PALLET_CASES;
/// 2025-01-01 in microseconds.
const START_US: i64 = 1_735_689_600_000_000;
/// Ten items a second.
const ITEM_US: i64 = 100_000;
const DAY_US: i64 = 86_400_000_000;
/// Prime to ten, so that every number of sixteen digits comes once.
const SCRAMBLE: u128 = 7_368_787_123_456_789;
const CODES: u128 = 10_000_000_000_000_000;

/// So many items and what happens to them.
pub(crate) struct Stream {
    items: u64,
    is_random: bool,
}

impl Stream {
    pub(crate) fn new(items: u64, is_random: bool) -> Self {
        Self { items: items.next_multiple_of(PALLET_ITEMS), is_random }
    }

    pub(crate) fn items(&self) -> u64 {
        self.items
    }

    /// Items, cases and pallets.
    pub(crate) fn codes(&self) -> u64 {
        self.items + self.items / CASE_ITEMS + self.items / PALLET_ITEMS
    }

    pub(crate) fn item(&self, n: u64) -> String {
        self.code("61", n)
    }

    fn code(&self, prefix: &str, n: u64) -> String {
        let scrambled = u128::from(n) * SCRAMBLE % CODES;
        let number = if self.is_random { scrambled } else { u128::from(n) };
        format!("{prefix}{number:016}")
    }

    /// The batch an item is of.
    pub(crate) fn batch_no(n: u64) -> String {
        format!("B{:07}", n / 50_000)
    }

    /// Everything of eight pallets at a time.
    pub(crate) fn batches(&self) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> {
        let pallets = self.items / PALLET_ITEMS;
        (0..pallets.div_ceil(8)).map(move |group| {
            let mut rows = Rows::default();
            for pallet in group * 8..(group * 8 + 8).min(pallets) {
                self.pallet(pallet, &mut rows);
            }
            rows.finish()
        })
    }

    fn pallet(&self, pallet: u64, rows: &mut Rows) {
        let pallet_code = self.code("63", pallet);
        let mut cases = Vec::new();
        for case in pallet * PALLET_CASES..(pallet + 1) * PALLET_CASES {
            let case_code = self.code("62", case);
            let mut codes = Vec::new();
            for n in case * CASE_ITEMS..(case + 1) * CASE_ITEMS {
                let code = self.item(n);
                let event =
                    Event { kind: "commission", at_us: time(n), level: "item", ..of_line(n) };
                rows.push(&event, &[&code]);
                codes.push(code);
            }
            let n = (case + 1) * CASE_ITEMS - 1;
            let event =
                Event { kind: "pack", at_us: time(n) + 1, parent: &case_code, ..of_line(n) };
            rows.push(&event, &as_texts(&codes));
            self.consumers(&codes, case, rows);
            cases.push(case_code);
        }
        let n = (pallet + 1) * PALLET_ITEMS - 1;
        let event = Event { kind: "pack", at_us: time(n) + 2, parent: &pallet_code, ..of_line(n) };
        rows.push(&event, &as_texts(&cases));
        let dealer = format!("D{:04}", pallet * 7 % 2_000);
        let delivery = format!("XSCK{:08}", pallet / 4);
        let after = |days| time(n) + days * DAY_US;
        let at =
            |kind, days, device| Event { kind, at_us: after(days), device, ..Event::default() };
        let to = |event| Event { to: &dealer, delivery: &delivery, ..event };
        rows.push(&Event { warehouse: "WH1", ..at("store_in", 0, "PDA-1") }, &[&pallet_code]);
        rows.push(&to(at("ship", 3, "PDA-2")), &[&pallet_code]);
        rows.push(&to(at("receive", 5, "PDA-3")), &[&pallet_code]);
    }

    /// One item in eight is sold, one in sixteen is checked.
    fn consumers(&self, codes: &[String], case: u64, rows: &mut Rows) {
        let store = format!("S{:06}", case * 13 % 100_000);
        for (at, code) in codes.iter().enumerate() {
            let at_us = time(case * CASE_ITEMS) + 20 * DAY_US + at as i64;
            if at % 8 == 0 {
                rows.push(
                    &Event { kind: "sell", at_us, store: &store, ..Event::default() },
                    &[code],
                );
            }
            if at % 16 == 1 {
                rows.push(
                    &Event { kind: "verify", at_us, region: "330106", ..Event::default() },
                    &[code],
                );
            }
        }
    }
}

fn time(n: u64) -> i64 {
    START_US + n as i64 * ITEM_US
}

fn as_texts(codes: &[String]) -> Vec<&str> {
    codes.iter().map(String::as_str).collect()
}

#[derive(Default, Clone)]
struct Event<'a> {
    kind: &'a str,
    at_us: i64,
    level: &'a str,
    parent: &'a str,
    batch: Option<u64>,
    to: &'a str,
    delivery: &'a str,
    store: &'a str,
    warehouse: &'a str,
    region: &'a str,
    device: &'a str,
}

fn of_line(n: u64) -> Event<'static> {
    Event { batch: Some(n), device: "LINE-1-CAM", ..Event::default() }
}

/// The columns an index reads of these events.
#[derive(Default)]
struct Rows {
    texts: [StringBuilder; 15],
    hash: Int64Builder,
    time: TimestampMicrosecondBuilder,
    codes: ListBuilder<StringBuilder>,
}

const TEXTS: [&str; 15] = [
    "event_id",
    "event_type",
    "level",
    "parent_code",
    "product_code",
    "batch_no",
    "work_order_no",
    "line",
    "operator",
    "to_party",
    "delivery_no",
    "store_code",
    "warehouse_code",
    "region_code",
    "device_id",
];

impl Rows {
    fn push(&mut self, event: &Event<'_>, codes: &[&str]) {
        let mut id = String::from("h-");
        let seed = format!("{}{}{}", event.kind, event.at_us, codes.first().unwrap_or(&""));
        // A hash as the hub makes for events without an id.
        let hash = xxhash_rust::xxh3::xxh3_128(seed.as_bytes());
        let _ = write!(id, "{hash:032x}");
        let of_line = |text: fn(u64) -> String| event.batch.map(text).unwrap_or_default();
        let values = [
            id.as_str(),
            event.kind,
            event.level,
            event.parent,
            &of_line(|n| format!("P{:03}", n / 1_000_000 % 50)),
            &of_line(Stream::batch_no),
            &of_line(|n| format!("MO{:06}-1", n / 200_000)),
            &of_line(|n| format!("L{}", n / 50_000 % 4)),
            &of_line(|n| format!("OP{:03}", n / 100_000 % 40)),
            event.to,
            event.delivery,
            event.store,
            event.warehouse,
            event.region,
            event.device,
        ];
        for (column, value) in self.texts.iter_mut().zip(values) {
            column.append_option((!value.is_empty()).then_some(value));
        }
        self.hash.append_value((hash >> 64) as i64);
        self.time.append_value(event.at_us);
        codes.iter().for_each(|code| self.codes.values().append_value(code));
        self.codes.append(true);
    }

    fn finish(&mut self) -> Result<RecordBatch, ArrowError> {
        let texts = TEXTS.iter().zip(&mut self.texts);
        let mut columns: Vec<(&str, ArrayRef)> =
            texts.map(|(name, column)| (*name, Arc::new(column.finish()) as ArrayRef)).collect();
        let codes: ArrayRef = Arc::new(self.codes.finish());
        columns.push(("content_hash", Arc::new(self.hash.finish())));
        columns.push(("event_time", Arc::new(self.time.finish())));
        columns.push(("codes", Arc::clone(&codes)));
        columns.push(("printed_codes", codes));
        RecordBatch::try_from_iter(columns)
    }
}
