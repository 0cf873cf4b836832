//! What the company has: masters and documents.
//!
//! Plain data. Dates and times are the business zone's wall clock.

use chrono::{NaiveDate, NaiveDateTime};

use crate::exact::Exact;

/// State of a document, in the canonical words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not approved yet.
    Draft,
    /// In force.
    Approved,
    /// Done.
    Closed,
    /// Never took place.
    Cancelled,
}

/// A product.
#[derive(Debug, Clone)]
pub struct Product {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Specification.
    pub spec: String,
    /// Category.
    pub category: String,
    /// Items of a case.
    pub items_per_case: u32,
    /// Cases of a pallet.
    pub cases_per_pallet: u32,
    /// Price of a case, tax included.
    pub case_price: Exact,
    /// Positions of its materials in [`Company::materials`](crate::Company).
    pub materials: Vec<usize>,
}

/// A dealer.
#[derive(Debug, Clone)]
pub struct Dealer {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// 1 buys from the company, 2 buys from a dealer.
    pub level: u8,
    /// Position of the dealer above.
    pub parent: Option<usize>,
    /// Position of the place of its office, which is not its territory.
    pub place: usize,
    /// Position of the place its territory was drawn around.
    pub home: usize,
    /// Channel.
    pub channel: &'static str,
}

/// A territory rule.
#[derive(Debug, Clone)]
pub struct Territory {
    /// Position of the dealer.
    pub dealer: usize,
    /// Product it is for; `None`: any.
    pub product: Option<usize>,
    /// Category it is for.
    pub category: Option<String>,
    /// Channel it is for.
    pub channel: Option<&'static str>,
    /// Region of any level.
    pub region_code: String,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

/// A supplier of materials.
#[derive(Debug, Clone)]
pub struct Supplier {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Position of its place.
    pub place: usize,
}

/// A material.
#[derive(Debug, Clone)]
pub struct Material {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Unit code.
    pub unit: &'static str,
    /// Quantity for one item.
    pub per_item: Exact,
    /// Position of its supplier.
    pub supplier: usize,
}

/// A lot of a material. Lot numbers repeat across materials, as they do in life.
#[derive(Debug, Clone)]
pub struct MaterialLot {
    /// Lot number.
    pub lot_no: String,
    /// Position of the material.
    pub material: usize,
    /// When it came in.
    pub received: NaiveDate,
}

/// An employee.
#[derive(Debug, Clone)]
pub struct Employee {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Department.
    pub department: &'static str,
}

/// A warehouse.
#[derive(Debug, Clone)]
pub struct Warehouse {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Position of its place.
    pub place: usize,
}

/// A store.
#[derive(Debug, Clone)]
pub struct Store {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Position of the dealer that serves it.
    pub dealer: usize,
    /// Position of its place.
    pub place: usize,
    /// Whether the list says its region; otherwise its address must be resolved.
    pub region_known: bool,
}

/// A promoter.
#[derive(Debug, Clone)]
pub struct Promoter {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Position of the store.
    pub store: usize,
}

/// A line of a production order, which makes one batch.
#[derive(Debug, Clone)]
pub struct Run {
    /// Production order document.
    pub document_no: String,
    /// Line of the document, from 1.
    pub line_no: u32,
    /// Position of the product.
    pub product: usize,
    /// Batch.
    pub batch_no: String,
    /// Production line.
    pub line: String,
    /// Workshop.
    pub workshop: &'static str,
    /// Team.
    pub team: &'static str,
    /// State.
    pub status: Status,
    /// When the first item is made.
    pub start: NaiveDateTime,
    /// When the last item is made.
    pub end: NaiveDateTime,
    /// First pallet it makes.
    pub first_pallet: usize,
    /// How many pallets it makes; 0 for a run that never took place.
    pub pallets: usize,
    /// Planned items.
    pub planned_qty: i64,
}

impl Run {
    /// Canonical work order number: document, dash, line.
    #[must_use]
    pub fn work_order_no(&self) -> String {
        format!("{}-{}", self.document_no, self.line_no)
    }
}

/// Kind of a material document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveKind {
    /// Issue (领料).
    Issue,
    /// Feed (补料).
    Feed,
    /// Return (退料).
    Return,
}

/// A material document for one run.
#[derive(Debug, Clone)]
pub struct MaterialMove {
    /// Document number.
    pub no: String,
    /// Kind.
    pub kind: MoveKind,
    /// Position of the run.
    pub run: usize,
    /// When.
    pub at: NaiveDateTime,
    /// Position of the lot and quantity, per line.
    pub lines: Vec<(usize, Exact)>,
}

/// A product receipt of one run.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Document number.
    pub no: String,
    /// Position of the run.
    pub run: usize,
    /// Items received.
    pub base_qty: i64,
    /// When.
    pub at: NaiveDateTime,
}

/// What an inspection looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inspected {
    /// An incoming lot, by position.
    Lot(usize),
    /// A run's batch, by position.
    Run(usize),
}

/// An inspection.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// Document number.
    pub no: String,
    /// What.
    pub subject: Inspected,
    /// Whether it passed.
    pub passed: bool,
    /// Position of the employee.
    pub inspector: usize,
    /// When.
    pub at: NaiveDateTime,
}

/// A line of a sales order.
#[derive(Debug, Clone)]
pub struct OrderLine {
    /// Position of the product.
    pub product: usize,
    /// Cases ordered.
    pub cases: i64,
}

/// A sales order.
#[derive(Debug, Clone)]
pub struct Order {
    /// Document number.
    pub no: String,
    /// Position of the dealer.
    pub dealer: usize,
    /// When.
    pub at: NaiveDateTime,
    /// State.
    pub status: Status,
    /// Lines, numbered from 1 in this order.
    pub lines: Vec<OrderLine>,
}

/// A line of a delivery.
#[derive(Debug, Clone)]
pub struct DeliveryLine {
    /// Line of the order, from 0.
    pub order_line: usize,
    /// Cases delivered.
    pub cases: i64,
}

/// A delivery: a goods issue to a dealer.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Document number.
    pub no: String,
    /// Position of the order.
    pub order: usize,
    /// Position of the warehouse.
    pub warehouse: usize,
    /// Carrier.
    pub carrier: &'static str,
    /// Waybill.
    pub waybill_no: String,
    /// When it left.
    pub at: NaiveDateTime,
    /// Lines, numbered from 1 in this order.
    pub lines: Vec<DeliveryLine>,
}

/// What a promoter is paid for an item.
#[derive(Debug, Clone)]
pub struct IncentiveRate {
    /// Position of the product.
    pub product: usize,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// Amount per item.
    pub amount: Exact,
}

/// A pallet of goods, from the line to the dealer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pallet {
    /// Position of the run that made it.
    pub(crate) run: usize,
    /// Position of the delivery it left with.
    pub(crate) delivery: Option<usize>,
    /// Cases of it that were diverted.
    pub(crate) diverted_cases: u32,
}

/// What really happened, for tests and demonstrations to compare reports with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// Code of the dealer whose goods were diverted.
    pub diverting_dealer: String,
    /// County in which they showed up.
    pub destination_county: String,
    /// Its name with province and city.
    pub destination_name: String,
    /// Product that was diverted.
    pub product: String,
    /// First day of the month in which it shows.
    pub month: NaiveDate,
    /// Store at which the cases were opened.
    pub store: String,
    /// Number of cases diverted.
    pub cases: usize,
    /// Deliveries they were shipped with.
    pub deliveries: Vec<String>,
}
