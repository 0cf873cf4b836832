//! One scan event, in the shape the hub ingests.

use chrono::NaiveDateTime;
use serde::Serialize;

/// A material that went into a batch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScanInput {
    /// Material.
    pub material_code: String,
    /// Lot.
    pub lot_no: String,
    /// Quantity, exact, as text.
    pub qty: String,
    /// Unit.
    pub unit: String,
}

/// A scan event. Absent members are left out of the JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the members are the record shape, named as in the hub's contract")]
pub struct ScanEvent {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    pub event_type: &'static str,
    pub event_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_order_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_party: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_party: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoter_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warehouse_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datum: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<ScanInput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects_event_id: Option<String>,
}

impl ScanEvent {
    /// An event of `codes` at a time of the business zone.
    pub(super) fn new(event_type: &'static str, at: NaiveDateTime, codes: Vec<String>) -> Self {
        Self { event_type, event_time: instant(at), codes, ..Self::default() }
    }
}

/// A business time as RFC 3339.
pub(super) fn instant(at: NaiveDateTime) -> String {
    format!("{}+08:00", at.format("%Y-%m-%dT%H:%M:%S"))
}
