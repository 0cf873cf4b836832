//! One scan event, read and checked.

use std::borrow::Cow;

use yuanliu_law::EventType;

use crate::fields::{FIELD_COUNT, Field};

/// A code as compared and as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code<'a> {
    /// The normalised form.
    pub normal: Cow<'a, str>,
    /// The printed form, trimmed.
    pub printed: &'a str,
}

/// One lot of material that was used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The material.
    pub material_code: String,
    /// Its lot.
    pub lot_no: Option<String>,
    /// How much, times ten to the tenth.
    pub qty: Option<i128>,
    /// In which unit.
    pub unit: Option<String>,
}

/// One event; texts borrow from the record it was read from.
#[derive(Debug, Clone)]
pub struct ScanEvent<'a> {
    /// The sender's id, or a hash of the content.
    pub event_id: Cow<'a, str>,
    /// What happened.
    pub event_type: EventType,
    /// When, in microseconds since 1970 UTC; absent if the device wrote a sentinel.
    pub event_time_us: Option<i64>,
    /// When it was recorded, else when it arrived.
    pub recorded_at_us: i64,
    /// The scanned codes, each once, in the sender's order.
    pub codes: Vec<Code<'a>>,
    /// The container, normalised.
    pub parent_code: Option<Cow<'a, str>>,
    /// Other carriers of the one code, normalised.
    pub aliases: Vec<Cow<'a, str>>,
    /// What was used up.
    pub inputs: Vec<Input>,
    /// How much, times ten to the tenth.
    pub quantity: Option<i128>,
    /// Unknown fields and given attributes as one JSON object with sorted keys.
    pub attributes: Option<String>,
    /// The hash of everything the sender said but the id.
    pub content_hash: i64,
    pub(crate) texts: [Option<&'a str>; FIELD_COUNT],
    pub(crate) measures: [Option<f64>; MEASURES.len()],
}

const MEASURES: [Field; 3] = [Field::Longitude, Field::Latitude, Field::AccuracyM];

impl<'a> ScanEvent<'a> {
    /// The value of a text or word field.
    pub fn text(&self, field: Field) -> Option<&'a str> {
        self.texts.get(field as usize).copied().flatten()
    }

    /// The value of longitude, latitude or accuracy.
    pub fn measure(&self, field: Field) -> Option<f64> {
        let at = MEASURES.iter().position(|measure| *measure == field)?;
        self.measures.get(at).copied().flatten()
    }

    pub(crate) fn set_measure(&mut self, field: Field, value: f64) {
        for (measure, slot) in MEASURES.iter().zip(&mut self.measures) {
            if *measure == field {
                *slot = Some(value);
            }
        }
    }
}
