//! One event of a batch, on its way into the index.

use xxhash_rust::xxh3::xxh3_128;
use yuanliu_law::EventType;

use super::texts::{TEXT_COUNT, Text};

/// An event as a batch gives it; texts borrow from the batch.
#[derive(Debug, Clone)]
pub(crate) struct EventRow<'a> {
    pub(crate) event_id: &'a str,
    pub(crate) content_hash: i64,
    pub(crate) event_type: EventType,
    pub(crate) time_us: Option<i64>,
    pub(crate) texts: [Option<&'a str>; TEXT_COUNT],
    pub(crate) accuracy_m: Option<f64>,
    /// How many codes the batch lists, repeated ones too.
    pub(crate) codes_listed: usize,
    /// Every code once, with its printed form.
    pub(crate) codes: Vec<(&'a str, Option<&'a str>)>,
    pub(crate) aliases: Vec<&'a str>,
    pub(crate) inputs: Vec<InputRow<'a>>,
}

/// One lot of material of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InputRow<'a> {
    pub(crate) material_code: Option<&'a str>,
    pub(crate) lot_no: Option<&'a str>,
    pub(crate) qty: Option<i128>,
    pub(crate) unit: Option<&'a str>,
}

impl<'a> EventRow<'a> {
    pub(crate) fn text(&self, text: Text) -> Option<&'a str> {
        self.texts.get(text as usize).copied().flatten()
    }

    /// The one code, if there is one.
    pub(crate) fn only_code(&self) -> Option<&'a str> {
        match *self.codes {
            [(code, _)] => Some(code),
            _ => None,
        }
    }

    /// Other carriers this event declares: a commission of one code does.
    pub(crate) fn declared_aliases(&self) -> &[&'a str] {
        let declares = self.event_type == EventType::Commission && self.codes_listed == 1;
        if declares { &self.aliases } else { &[] }
    }
}

/// The hash an event id is found by.
pub(crate) fn id_hash(event_id: &str) -> u128 {
    xxh3_128(event_id.as_bytes())
}
