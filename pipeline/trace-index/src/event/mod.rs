//! One scan event as it is stored and read.

mod bytes;
mod event_id;
mod record;
mod row;
mod texts;

use std::sync::Arc;

use yuanliu_law::{EventType, Moment};

pub(crate) use bytes::{Bytes, put_text, put_varint};
pub(crate) use event_id::{get_id, put_id};
pub(crate) use record::{decode, decode_setting, encode, encode_setting};
pub(crate) use row::{EventRow, InputRow, id_hash};
pub(crate) use texts::{TEXT_COUNT, Texts};

pub use texts::Text;

/// One lot of material that was used up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Input {
    /// The material.
    pub material_code: Option<Box<str>>,
    /// Its lot.
    pub lot_no: Option<Box<str>>,
    /// How much, times ten to the tenth.
    pub qty: Option<i128>,
    /// In which unit.
    pub unit: Option<Box<str>>,
}

/// A scan event with what trace, recall, verification and checks read of it; its codes are kept
/// apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The sender's id.
    pub event_id: Box<str>,
    /// Tells two events with one id apart.
    pub content_hash: i64,
    /// What happened.
    pub event_type: EventType,
    /// When, in microseconds since 1970 UTC; absent events take no part in state.
    pub time_us: Option<i64>,
    /// Accuracy of the position, in metres.
    pub accuracy_m: Option<f64>,
    /// Other carriers of the one unit a commission names.
    pub aliases: Vec<Box<str>>,
    /// Material a consume used up.
    pub inputs: Vec<Input>,
    pub(crate) own: Texts,
    pub(crate) setting: Option<Arc<Texts>>,
}

impl Event {
    /// The value of a text field.
    pub fn text(&self, text: Text) -> Option<&str> {
        self.own.get(text).or_else(|| self.setting.as_ref()?.get(text))
    }

    /// Where it stands among all events; none without a time.
    pub fn moment(&self) -> Option<Moment<'_>> {
        Some(Moment {
            time_us: self.time_us?,
            precedence: self.event_type.precedence(),
            event_id: &self.event_id,
            content_hash: self.content_hash,
        })
    }

    /// The order of events when those without a time come last.
    pub(crate) fn order(&self) -> (bool, Option<i64>, u8, &str, i64) {
        let precedence = self.event_type.precedence();
        (self.time_us.is_none(), self.time_us, precedence, &self.event_id, self.content_hash)
    }

    /// What makes it one event.
    pub(crate) fn identity(&self) -> (&str, i64) {
        (&self.event_id, self.content_hash)
    }
}
