//! Events as short lines, batches of them, and a small world of documents.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;

use arrow::array::RecordBatch;
use serde_json::{Map, Value, json};
use yuanliu_law::EventType;
use yuanliu_scans::raw_event_schema;
use yuanliu_trace_index::{
    Dealer, Delivery, Documents, IndexOptions, Party, Store, TraceIndex, WorkOrder,
};

/// An event as a test says it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) hash: i64,
    pub(crate) event_type: EventType,
    pub(crate) time: Option<i64>,
    pub(crate) codes: Vec<String>,
    pub(crate) aliases: Vec<String>,
    /// Text columns by name.
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) inputs: Vec<(String, String)>,
}

impl Told {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// How the codes of this event are printed.
    pub(crate) fn printed(&self, code: &str) -> String {
        if self.hash % 3 == 0 { code.to_lowercase() } else { code.to_owned() }
    }

    fn to_json(&self) -> Value {
        let mut row = Map::new();
        row.insert("event_id".into(), json!(self.id));
        row.insert("content_hash".into(), json!(self.hash));
        row.insert("event_type".into(), json!(self.event_type.as_str()));
        row.insert("event_time".into(), json!(self.time));
        let printed: Vec<String> = self.codes.iter().map(|code| self.printed(code)).collect();
        if !self.codes.is_empty() {
            row.insert("codes".into(), json!(self.codes));
            row.insert("printed_codes".into(), json!(printed));
        }
        if !self.aliases.is_empty() {
            row.insert("aliases".into(), json!(self.aliases));
        }
        row.extend(self.texts.iter().map(|(name, value)| (name.clone(), json!(value))));
        let inputs = self.inputs.iter();
        let inputs: Vec<Value> = inputs
            .map(|(material, lot)| {
                let lot = (!lot.is_empty()).then_some(lot);
                json!({"material_code": material, "lot_no": lot, "qty": "1.5", "unit": "kg"})
            })
            .collect();
        if !inputs.is_empty() {
            row.insert("inputs".into(), json!(inputs));
        }
        Value::Object(row)
    }
}

/// Reads `time type codes key=value…`: `-` is no time and no code; commas separate codes; keys are
/// columns, or `id`, `hash`, `alias`, `uses` (`material:lot`), `in` (parent), `to`, `d` (delivery),
/// `o` (order), `fix` (corrects). The hash is that of the line.
pub(crate) fn told(line: &str) -> Told {
    let mut words = line.split_whitespace();
    let time = words.next().unwrap();
    let event_type = EventType::parse(words.next().unwrap()).unwrap();
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    let codes = words.next().unwrap();
    let mut told = Told {
        id: line.replace(' ', "_"),
        hash: line.bytes().fold(7_i64, |hash, b| hash.wrapping_mul(31).wrapping_add(b.into())),
        event_type,
        time: (time != "-").then(|| time.parse().unwrap()),
        codes: if codes == "-" { Vec::new() } else { list(codes) },
        aliases: Vec::new(),
        texts: BTreeMap::new(),
        inputs: Vec::new(),
    };
    for word in words {
        let (key, value) = word.split_once('=').unwrap();
        let column = match key {
            "id" => {
                told.id = value.to_owned();
                continue;
            }
            "hash" => {
                told.hash = value.parse().unwrap();
                continue;
            }
            "alias" => {
                told.aliases = list(value);
                continue;
            }
            "uses" => {
                let pairs = value.split(',').map(|pair| pair.split_once(':').unwrap());
                told.inputs = pairs.map(|(m, l)| (m.to_owned(), l.to_owned())).collect();
                continue;
            }
            "in" => "parent_code",
            "to" => "to_party",
            "d" => "delivery_no",
            "o" => "order_no",
            "fix" => "corrects_event_id",
            other => other,
        };
        told.texts.insert(column.to_owned(), value.to_owned());
    }
    told
}

pub(crate) fn tell(text: &str) -> Vec<Told> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(told).collect()
}

pub(crate) fn batch(events: &[Told]) -> RecordBatch {
    let lines: Vec<String> = events.iter().map(|event| event.to_json().to_string()).collect();
    let reader = arrow::json::ReaderBuilder::new(raw_event_schema())
        .with_batch_size(events.len().max(1))
        .build(Cursor::new(lines.join("\n")));
    let batch = reader.unwrap().next();
    batch.map_or_else(|| RecordBatch::new_empty(raw_event_schema()), Result::unwrap)
}

/// `BAD` is a damaged label; all zeros always are.
pub(crate) fn options() -> IndexOptions {
    IndexOptions {
        cache_bytes: 1 << 20,
        memtables_bytes: 1 << 20,
        // However little room the disk of the tests has.
        disk_spare_bytes: 0,
        placeholders: ["BAD".to_owned()].into(),
        ..IndexOptions::default()
    }
}

pub(crate) fn index_of(events: &[Told]) -> (tempfile::TempDir, TraceIndex) {
    let folder = tempfile::tempdir().unwrap();
    let index = TraceIndex::open(folder.path().join("index"), options()).unwrap();
    index.apply(&batch(events), yuanliu_trace_index::Progress::default()).unwrap();
    (folder, index)
}

/// Dealers D1 (store channel) and D2 (online); stores S1 (of D2) and S2 (of nobody); warehouse W1;
/// X is a dealer and a warehouse; deliveries N1 (D1, on O1, product P9) and N2 (nobody, on O2);
/// orders O2 (D2); the document WO means work order WO-1 (product P1, batch B1).
pub(crate) struct World;

impl Documents for World {
    fn party(&self, code: &str) -> Party<'_> {
        let dealer =
            |channel: Option<&'static str>| Some(Dealer { channel: channel.map(Cow::from) });
        let store =
            |dealer: Option<&'static str>| Some(Store { dealer_code: dealer.map(Cow::from) });
        match code {
            "D1" => Party { dealer: dealer(Some("store")), ..Party::default() },
            "D2" => Party { dealer: dealer(Some("online")), ..Party::default() },
            "X" => Party { dealer: dealer(None), is_warehouse: true, ..Party::default() },
            "S1" => Party { store: store(Some("D2")), ..Party::default() },
            "S2" => Party { store: store(None), ..Party::default() },
            "W1" => Party { is_warehouse: true, ..Party::default() },
            _ => Party::default(),
        }
    }

    fn delivery(&self, delivery_no: &str) -> Option<Delivery<'_>> {
        match delivery_no {
            "N1" => Some(Delivery {
                dealer_code: Some("D1".into()),
                order_no: Some("O1".into()),
                product_code: Some("P9".into()),
            }),
            "N2" => Some(Delivery { order_no: Some("O2".into()), ..Delivery::default() }),
            _ => None,
        }
    }

    fn order_dealer(&self, order_no: &str) -> Option<Cow<'_, str>> {
        (order_no == "O2").then_some("D2".into())
    }

    fn work_order(&self, name: &str) -> Option<WorkOrder<'_>> {
        (name == "WO" || name == "WO-1").then_some(WorkOrder {
            work_order_no: "WO-1".into(),
            product_code: Some("P1".into()),
            batch_no: Some("B1".into()),
        })
    }
}
