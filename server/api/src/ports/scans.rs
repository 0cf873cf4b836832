//! Scan events, verification and gates: what devices and consumers use.

use std::collections::BTreeMap;
use std::net::IpAddr;

use async_trait::async_trait;
use axum::extract::Request;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::Answer;
use crate::access::Principal;
use crate::problem::Problem;

/// What became of a body of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReceiptStatus {
    /// No record was rejected.
    Accepted,
    /// Some were.
    PartiallyAccepted,
    /// All were.
    Rejected,
}

/// A record that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RejectedEvent {
    /// Which record of the body it is, from 1.
    pub record: u64,
    /// The line it starts on, from 1.
    pub line: u64,
    /// Which rule it breaks.
    #[schema(example = "bad_time")]
    pub reason: String,
    /// What to do about it.
    pub message: String,
    /// The record as it came.
    pub payload: String,
}

/// The receipt of a body of events. What is accepted survives a power cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// What became of the body.
    pub status: ReceiptStatus,
    /// Records read.
    pub total: u64,
    /// Events kept.
    pub accepted: u64,
    /// Events that were there already with the same content.
    pub duplicate: u64,
    /// Records that break a rule.
    pub rejected: u64,
    /// Accepted events whose id was there already with other content.
    pub collisions: u64,
    /// Events whose time stands for none.
    pub sentinels: u64,
    /// Rejected records by reason.
    pub reasons: BTreeMap<String, u64>,
    /// The first 1,000 rejected records.
    pub rejected_events: Vec<RejectedEvent>,
    /// The collisions.
    pub collided_events: Vec<CollidedEvent>,
}

/// An event that was kept although its id was there already with another content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CollidedEvent {
    /// The id.
    pub event_id: String,
    /// The line of the event that came second.
    pub source_line: Option<i64>,
}

/// A scan event as it is sent; the fields of the record are those of the design's section 5.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScanEvent {
    /// `commission`, `pack`, `unpack`, `consume`, `inspect`, `store_in`, `store_move`, `ship`,
    /// `void_ship`, `receive`, `transfer`, `return`, `open_case`, `sell`, `verify`, `purchase_check`,
    /// `decommission` or `recall`.
    #[schema(example = "receive")]
    pub event_type: String,
    /// When it happened; without an offset: in the device's zone.
    #[schema(example = "2026-03-01T09:00:00+08:00")]
    pub event_time: String,
    /// The codes scanned.
    #[schema(example = json!(["8800000000000017"]))]
    pub codes: Vec<String>,
    /// The sender's id; left out: a hash of the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
}

/// The question of a consumer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VerifyQuestion {
    /// One code, or several with `;` between, at most 50.
    #[schema(example = "8800000000000017", pattern = "\\S")]
    #[param(example = "8800000000000017", pattern = "\\S", required = true)]
    pub codes: String,
    /// Who asks, as the page or the program calls them; kept as a hash.
    pub consumer_ref: Option<String>,
    /// Where, if they say so.
    #[schema(example = "430102")]
    #[param(example = "430102")]
    pub region_code: Option<String>,
}

/// Whoever asks whether a code is genuine.
#[derive(Debug, Clone)]
pub struct Consumer {
    /// The address.
    pub address: IpAddr,
    /// What the program calls itself.
    pub user_agent: String,
    /// What a solved challenge gave.
    pub captcha: Option<String>,
}

/// Whether a code is genuine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verified {
    /// The code.
    #[schema(example = "8800000000000017")]
    pub code: String,
    /// `genuine_first`, `genuine_again`, `recheck`, `suspicious_clone`, `not_shipped`, `recalled`,
    /// `decommissioned` or `unknown`.
    #[schema(example = "genuine_first")]
    pub verdict: String,
    /// The product; null: not told.
    pub product_name: Option<String>,
    /// The batch; null: not told.
    pub batch_no: Option<String>,
    /// Who has it, null: nobody known; told to staff, devices and dealers only.
    #[serde(default, deserialize_with = "told", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub dealer_name: Option<Option<String>>,
    /// When it was first asked for; null: never before.
    pub first_checked_at: Option<DateTime<chrono::FixedOffset>>,
    /// Where, no finer than the county; null: not known.
    pub first_checked_place: Option<String>,
    /// How often it was asked for before.
    pub checks: i64,
    /// What to tell the person.
    pub message: String,
}

/// What is told, if only that there is nothing.
fn told<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A code about to go on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipmentQuestion {
    /// The code.
    #[schema(example = "8800000000000017")]
    pub code: String,
    /// The order, or else its delivery.
    #[schema(example = "SO-1")]
    pub order_no: Option<String>,
    /// The delivery.
    pub delivery_no: Option<String>,
    /// The device, where its token does not say.
    pub device_id: Option<String>,
}

/// A lot about to go into a work order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialQuestion {
    /// The work order.
    #[schema(example = "WO-1")]
    pub work_order_no: String,
    /// The material.
    #[schema(example = "M1")]
    pub material_code: String,
    /// The lot, where the material has lots.
    #[schema(example = "L1")]
    pub lot_no: Option<String>,
    /// The device, where its token does not say.
    pub device_id: Option<String>,
}

/// A gate that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GateRefusal {
    /// The gate.
    #[schema(example = "batch_passed")]
    pub gate: String,
    /// What to tell the operator.
    pub message: String,
}

/// Whether goods may go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GateDecision {
    /// Whether all gates hold.
    pub allowed: bool,
    /// Those that do not.
    pub refusals: Vec<GateRefusal>,
    /// The version of the file that decided.
    pub gate_version: String,
}

/// What waits in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InboxStatus {
    /// Events that are not in the lake yet.
    pub pending_events: u64,
    /// Their bytes.
    pub pending_bytes: u64,
    /// The last frame.
    pub last_sequence: u64,
    /// Times the disk was made sure of.
    pub syncs: u64,
    /// Why nothing can be kept; null: it can.
    pub disk_error: Option<String>,
    /// What was found damaged at the start; null: nothing.
    pub damage: Option<String>,
}

/// How far the trace index is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndexStatus {
    /// The last frame it has on disk.
    pub inbox_sequence: u64,
}

/// How full the ledger is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerStatus {
    /// What waits.
    pub inbox: InboxStatus,
    /// How far the trace index is.
    pub index: IndexStatus,
    /// When the documents were last read; null: not yet.
    pub documents_of: Option<DateTime<Utc>>,
}

/// Takes events and answers about codes.
#[async_trait]
pub trait ScanDesk: Send + Sync {
    /// Takes the events of a body. The body comes unread, because room is taken for it first. A
    /// dealer may only receive, transfer and return, as itself.
    async fn take(&self, who: &Principal, request: Request) -> Result<Receipt, Problem>;

    /// Whether codes are genuine. `who` is none for the public.
    async fn verify(
        &self,
        who: Option<&Principal>,
        consumer: &Consumer,
        question: &VerifyQuestion,
    ) -> Result<Vec<Verified>, Problem>;

    /// Whether a code may go on an order.
    async fn check_shipment(
        &self,
        who: &Principal,
        question: &ShipmentQuestion,
    ) -> Answer<GateDecision>;

    /// Whether a lot may go into a work order.
    async fn check_material(
        &self,
        who: &Principal,
        question: &MaterialQuestion,
    ) -> Answer<GateDecision>;

    /// How full the ledger is.
    async fn ledger(&self, who: &Principal) -> Answer<LedgerStatus>;
}
