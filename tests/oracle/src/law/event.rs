//! One scan event, read from its record.

use serde_json::{Map, Value};

use super::clock::{self, Instant};
use super::code;

/// The types of events, in their precedence.
pub const TYPES: [&str; 18] = [
    "commission",
    "pack",
    "unpack",
    "consume",
    "inspect",
    "store_in",
    "store_move",
    "ship",
    "void_ship",
    "receive",
    "transfer",
    "return",
    "open_case",
    "sell",
    "verify",
    "purchase_check",
    "decommission",
    "recall",
];

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its id, as the sender gave it.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// When it happened; none if the record gives no valid time.
    pub at: Option<Instant>,
    /// When it was recorded.
    pub recorded: Instant,
    /// The codes, as compared, each once.
    pub codes: Vec<String>,
    /// The container of a pack or unpack.
    pub parent: Option<String>,
    /// Other carriers of what is commissioned.
    pub aliases: Vec<String>,
    /// Every other field.
    pub fields: Map<String, Value>,
    /// Whether it names the code of a damaged label.
    pub has_placeholder: bool,
    /// Whether another event corrects it.
    pub is_void: bool,
}

impl Event {
    /// Reads a record of the made-up company.
    pub fn read(record: &Value) -> Self {
        let mut fields = record.as_object().expect("a record is an object").clone();
        let mut take = |name: &str| fields.remove(name);
        let text = |value: Option<Value>| value.and_then(|v| v.as_str().map(str::to_owned));
        let list = |value: Option<Value>| match value {
            Some(Value::Array(list)) => list.iter().map(printed).collect(),
            Some(one) => vec![printed(&one)],
            None => Vec::new(),
        };
        let recorded = text(take("recorded_at")).expect("the company records when");
        let mut event = Self {
            id: text(take("event_id")).expect("the company names its events"),
            kind: text(take("event_type")).expect("a type"),
            at: clock::read(&text(take("event_time")).expect("a time")),
            recorded: clock::read(&recorded).expect("a time"),
            codes: list(take("codes")),
            parent: take("parent_code").map(|one| printed(&one)),
            aliases: list(take("aliases")),
            fields: Map::new(),
            has_placeholder: false,
            is_void: false,
        };
        event.codes.sort();
        event.codes.dedup();
        event.fields = fields;
        event
    }

    /// A text field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A number field.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.fields.get(name).and_then(Value::as_f64)
    }

    /// Whether it counts in containment, custody, sales and sightings.
    pub fn is_live(&self) -> bool {
        !self.is_void && self.at.is_some()
    }

    /// Where its type stands among those of one time.
    pub fn precedence(&self) -> usize {
        TYPES.iter().position(|kind| *kind == self.kind).expect("a known type")
    }

    /// What it is ordered by.
    pub fn moment(&self) -> (Instant, usize, &str) {
        (self.at.expect("an event with a time"), self.precedence(), &self.id)
    }
}

fn printed(value: &Value) -> String {
    code::normal(value.as_str().expect("a code is text"))
}
