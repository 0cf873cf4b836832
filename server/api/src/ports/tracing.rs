//! Traces of codes and recalls of scopes.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::error::Answer;
use super::page::{FileAnswer, FileFormat, Page, PageAsked, Row};
use crate::access::Principal;

/// Everything known about one code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Trace {
    /// The code as compared.
    #[schema(example = "8800000000000017")]
    pub code: String,
    /// The code as printed; null: it was never commissioned.
    pub printed_code: Option<String>,
    /// `item`, `case` or `pallet`; null: not known.
    pub level: Option<String>,
    /// Its state, one of those of a recall.
    #[schema(example = "dealer_stock")]
    pub status: String,
    /// What it is.
    pub product: TracedProduct,
    /// How it was made.
    pub production: TracedProduction,
    /// The others of its batch.
    pub siblings: TracedSiblings,
    /// What went into it.
    pub materials: Vec<TracedMaterial>,
    /// How it and its materials were inspected.
    pub inspections: Vec<TracedInspection>,
    /// What it was packed in.
    pub containment: Vec<TracedContainment>,
    /// Every event of it and of what contained it.
    pub movements: Vec<TracedMovement>,
    /// Which dealers had it.
    pub custody: Vec<TracedCustody>,
    /// Where it was seen.
    pub sightings: Vec<TracedSighting>,
    /// How long it took from node to node.
    pub dwell: Vec<TracedDwell>,
    /// Whether there was more than fits.
    pub is_truncated: bool,
}

/// The product of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracedProduct {
    /// The product; null: not known.
    pub product_code: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its specification.
    pub spec: Option<String>,
    /// Its category.
    pub category: Option<String>,
}

/// How a code's unit was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracedProduction {
    /// The work order.
    pub work_order_no: Option<String>,
    /// The batch.
    pub batch_no: Option<String>,
    /// The factory.
    pub factory: Option<String>,
    /// The workshop.
    pub workshop: Option<String>,
    /// The line.
    pub line: Option<String>,
    /// The team.
    pub team: Option<String>,
    /// The operator.
    pub operator: Option<String>,
    /// When it got its code.
    pub commissioned_at: Option<DateTime<FixedOffset>>,
}

/// The others of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracedSiblings {
    /// Items, this one left out.
    pub items: i64,
    /// Cases, this one left out.
    pub cases: i64,
}

/// A lot that went into a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TracedMaterial {
    /// The material.
    pub material_code: Option<String>,
    /// The lot.
    pub lot_no: Option<String>,
    /// Who supplied it.
    pub supplier_code: Option<String>,
    /// How much of it, exact.
    #[schema(value_type = Option<String>, example = "12.5")]
    pub qty: Option<Value>,
    /// The work order that used it.
    pub work_order_no: Option<String>,
    /// 0: directly; more: by way of so many semi-finished batches.
    pub depth: i64,
    /// `issue` or `consume`: which record says so.
    pub evidence: Option<String>,
}

/// An inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracedInspection {
    /// What was inspected.
    pub subject: Option<String>,
    /// The batch.
    pub batch_no: Option<String>,
    /// The lot.
    pub lot_no: Option<String>,
    /// The stage.
    pub stage: Option<String>,
    /// `pass` or `fail`.
    pub result: Option<String>,
    /// Who inspected.
    pub inspector: Option<String>,
    /// Where the report is.
    pub report_ref: Option<String>,
    /// When.
    pub inspected_at: Option<DateTime<FixedOffset>>,
}

/// A time within another unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracedContainment {
    /// The unit that contained it.
    pub parent_code: String,
    /// Since.
    pub from: DateTime<FixedOffset>,
    /// Until; null: still.
    pub to: Option<DateTime<FixedOffset>>,
    /// 1: directly.
    pub depth: i64,
}

/// An event of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracedMovement {
    /// The event.
    pub event_id: String,
    /// What happened.
    #[schema(example = "ship")]
    pub event_type: String,
    /// When; null: its time stands for none.
    pub event_time: Option<DateTime<FixedOffset>>,
    /// From whom.
    pub from_party: Option<String>,
    /// To whom.
    pub to_party: Option<String>,
    /// The document it names.
    pub document: Option<String>,
    /// Whether it was scanned on what contained the code.
    pub inferred: bool,
    /// The code that was scanned.
    pub via_code: String,
    /// What it was packed into.
    pub parent_code: Option<String>,
    /// The delivery.
    pub delivery_no: Option<String>,
    /// The order.
    pub order_no: Option<String>,
    /// The store.
    pub store_code: Option<String>,
    /// The warehouse.
    pub warehouse_code: Option<String>,
    /// The device.
    pub device_id: Option<String>,
    /// Whether a later event took it back.
    pub is_voided: bool,
}

/// A time with a dealer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracedCustody {
    /// The dealer.
    pub dealer_code: String,
    /// Since.
    pub from: DateTime<FixedOffset>,
    /// Until; null: still.
    pub to: Option<DateTime<FixedOffset>>,
    /// `verified` or `inferred`.
    pub evidence: String,
    /// Since when the custody counts.
    pub since: Option<DateTime<FixedOffset>>,
    /// The channel it was shipped for.
    pub channel: Option<String>,
    /// The event that began it.
    pub start_event_id: Option<String>,
    /// The delivery.
    pub delivery_no: Option<String>,
    /// The order.
    pub order_no: Option<String>,
}

/// A sighting of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TracedSighting {
    /// The event.
    pub event_id: String,
    /// What happened.
    pub event_type: String,
    /// When.
    pub sighted_at: Option<DateTime<FixedOffset>>,
    /// Where.
    pub region_code: Option<String>,
    /// How that is known.
    pub location_source: Option<String>,
    /// Who had it then.
    pub dealer_code: Option<String>,
    /// The territory verdict; null: no build has seen it yet.
    pub verdict: Option<String>,
    /// Why it is exempt; null: it is not.
    pub exempt_reason: Option<String>,
}

/// A time from node to node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TracedDwell {
    /// From.
    pub from_node: String,
    /// To.
    pub to_node: String,
    /// Hours.
    pub hours: f64,
}

/// The scope of a recall: one of material and lot, product and batch, work order, line and time, or
/// codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct RecallScope {
    /// A material, with `lot`.
    #[param(min_length = 1)]
    pub material: Option<String>,
    /// Its lot.
    #[param(min_length = 1)]
    pub lot: Option<String>,
    /// A product, with `batch`.
    #[param(example = "P1", min_length = 1)]
    pub product: Option<String>,
    /// Its batch.
    #[param(example = "B1", min_length = 1)]
    pub batch: Option<String>,
    /// A work order; a document number means all its lines.
    #[param(min_length = 1)]
    pub work_order: Option<String>,
    /// A line, with `from` and `to`.
    #[param(min_length = 1)]
    pub line: Option<String>,
    /// An instant or a business date (its beginning).
    #[param(min_length = 1)]
    pub from: Option<String>,
    /// An instant or a business date (its end).
    #[param(min_length = 1)]
    pub to: Option<String>,
    /// The first code, with `codes_to`.
    #[param(min_length = 1)]
    pub codes_from: Option<String>,
    /// The last code, inclusive.
    #[param(min_length = 1)]
    pub codes_to: Option<String>,
    /// Events after it are not seen.
    #[param(min_length = 1)]
    pub as_of: Option<String>,
    /// Whether to build first what no build has counted.
    #[serde(deserialize_with = "crate::http::query::flag")]
    pub fresh: bool,
}

/// How many items are in a state, by how that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StateCount {
    /// Scanned themselves.
    pub verified: i64,
    /// Known by what contained them.
    pub inferred: i64,
}

/// Whether everything produced is accounted for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecallBalance {
    /// Items produced.
    pub produced: Option<i64>,
    /// Items whose whereabouts are known.
    pub accounted: Option<i64>,
    /// Their share in percent, exact.
    #[schema(value_type = Option<String>, example = "99.5000")]
    pub pct: Option<Value>,
    /// Items whose whereabouts are not.
    pub unaccounted: Option<i64>,
    /// What the ERP received, in base units, exact.
    #[schema(value_type = Option<String>, example = "2400")]
    pub received_qty: Option<Value>,
}

/// What a scope reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecallAnswer {
    /// The scope as understood.
    pub scope: Row,
    /// Items reached.
    pub items: i64,
    /// Items by state; every state is there.
    pub states: BTreeMap<String, StateCount>,
    /// Whether they are all accounted for.
    pub balance: RecallBalance,
    /// Who has or had them: `dealer_code, dealer_name, region_code, items, sold, past, orders,
    /// deliveries`.
    pub consignees: Vec<Row>,
    /// Where they are: `region_code, region_name, province_code, …, items, sold`.
    pub regions: Vec<Row>,
    /// The work orders reached: `work_order_no, depth, is_whole, product_code, batch_no, line, items,
    /// verified, inferred`.
    pub work_orders: Vec<Row>,
    /// The lots by which they were reached.
    pub materials: Vec<Row>,
    /// Milliseconds by step.
    pub timings_ms: BTreeMap<String, f64>,
    /// Events that came since the last build; null: no build of this process yet.
    pub unbuilt_events: Option<u64>,
}

/// Answers for codes.
#[async_trait]
pub trait Tracing: Send + Sync {
    /// Everything known about a code. A dealer sees codes that its subtree has or had, and of them
    /// only its own part of the chain.
    ///
    /// Verdicts of sightings are those of the last build and cost a query of the lake.
    async fn trace(&self, who: &Principal, code: &str, verdicts: bool) -> Answer<Trace>;

    /// What a scope reached.
    async fn recall(&self, who: &Principal, scope: &RecallScope) -> Answer<RecallAnswer>;

    /// The codes a scope reached, with their states, in order of code.
    async fn recall_codes(
        &self,
        who: &Principal,
        scope: &RecallScope,
        page: &PageAsked,
    ) -> Answer<Page<Row>>;

    /// The same codes as a file.
    async fn recall_file(
        &self,
        who: &Principal,
        scope: &RecallScope,
        format: FileFormat,
    ) -> Answer<FileAnswer>;
}
