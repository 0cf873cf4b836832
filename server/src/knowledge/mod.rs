//! What the ERP knows, in memory, for answers in milliseconds.
//!
//! Filled from the queries in `warehouse-sql/lookup`, which read the core tables as the last build
//! left them, and replaced as a whole after the next. It is as large as the documents are many: some
//! hundred bytes each, ten million rows at most.

mod dealers;
mod documents;
mod load;
mod table;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

pub(crate) use self::dealers::is_within;

/// A number of rows over all queries that no hub's memory should be asked to hold.
const ROWS_MAX: usize = 10_000_000;

/// The documents and masters as of one build.
#[derive(Debug, Default)]
pub(crate) struct Knowledge {
    pub(crate) loaded_at: DateTime<Utc>,
    pub(crate) dealers: HashMap<String, DealerFacts>,
    pub(crate) stores: HashMap<String, StoreFacts>,
    pub(crate) warehouses: HashSet<String>,
    pub(crate) products: HashMap<String, ProductFacts>,
    pub(crate) deliveries: HashMap<String, DeliveryFacts>,
    pub(crate) orders: HashMap<String, OrderFacts>,
    /// Work orders by every name a scan may call them.
    pub(crate) work_orders: HashMap<String, WorkOrderFacts>,
    materials: HashMap<String, Vec<MaterialFacts>>,
    /// By subject and batch.
    batch_inspections: Inspections,
    /// By subject and lot.
    lot_inspections: Inspections,
    /// Items and cases by product and batch.
    pub(crate) batches: HashMap<(Option<String>, String), (i64, i64)>,
    /// Codes whose sells, by event id, were claims that do not stand.
    refused_claims: HashMap<String, HashSet<String>>,
}

impl Knowledge {
    /// Whether a sell of a code is a promoter's claim that is held or was rejected.
    pub(crate) fn is_refused_claim(&self, code: &str, event_id: &str) -> bool {
        self.refused_claims.get(code).is_some_and(|events| events.contains(event_id))
    }

    /// The lots that went into a work order's product, its own first.
    pub(crate) fn lots_of(&self, work_order_no: &str) -> &[MaterialFacts] {
        self.materials.get(work_order_no).map(Vec::as_slice).unwrap_or_default()
    }

    /// The inspections of a product's batch, in order of time.
    pub(crate) fn inspections_of_batch(&self, product: &str, batch: &str) -> &[InspectionFacts] {
        found(&self.batch_inspections, product, batch)
    }

    /// The inspections of a material's lot, in order of time.
    pub(crate) fn inspections_of_lot(&self, material: &str, lot: &str) -> &[InspectionFacts] {
        found(&self.lot_inspections, material, lot)
    }
}

type Inspections = HashMap<(String, String), Vec<InspectionFacts>>;

fn found<'a>(inspections: &'a Inspections, subject: &str, no: &str) -> &'a [InspectionFacts] {
    let list = inspections.get(&(subject.to_owned(), no.to_owned()));
    list.map(Vec::as_slice).unwrap_or_default()
}

/// A dealer.
#[derive(Debug, Clone, Default)]
pub(crate) struct DealerFacts {
    pub(crate) name: Option<String>,
    pub(crate) channel: Option<String>,
    pub(crate) parent_dealer_code: Option<String>,
    pub(crate) region_code: Option<String>,
}

/// A store.
#[derive(Debug, Clone, Default)]
pub(crate) struct StoreFacts {
    pub(crate) dealer_code: Option<String>,
}

/// A product.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProductFacts {
    pub(crate) name: Option<String>,
    pub(crate) spec: Option<String>,
    pub(crate) category: Option<String>,
}

/// A delivery.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeliveryFacts {
    pub(crate) dealer_code: Option<String>,
    pub(crate) order_no: Option<String>,
    pub(crate) product_code: Option<String>,
}

/// A sales order.
#[derive(Debug, Clone, Default)]
pub(crate) struct OrderFacts {
    pub(crate) dealer_code: Option<String>,
    pub(crate) status: Option<String>,
    /// Ordered and scanned items by product.
    pub(crate) quantities: HashMap<String, (Option<i64>, i64)>,
}

/// A work order.
#[derive(Debug, Clone, Default)]
pub(crate) struct WorkOrderFacts {
    pub(crate) work_order_no: String,
    pub(crate) product_code: Option<String>,
    pub(crate) batch_no: Option<String>,
    pub(crate) factory: Option<String>,
    pub(crate) workshop: Option<String>,
    pub(crate) line: Option<String>,
    pub(crate) team: Option<String>,
    pub(crate) status: Option<String>,
}

/// A lot that went into a work order's product.
#[derive(Debug, Clone, Default)]
pub(crate) struct MaterialFacts {
    pub(crate) material_code: Option<String>,
    pub(crate) lot_no: Option<String>,
    pub(crate) supplier_code: Option<String>,
    pub(crate) qty: Option<String>,
    pub(crate) used_by: Option<String>,
    pub(crate) depth: i64,
    pub(crate) evidence: Option<String>,
}

/// An inspection.
#[derive(Debug, Clone, Default)]
pub(crate) struct InspectionFacts {
    pub(crate) subject: Option<String>,
    pub(crate) batch_no: Option<String>,
    pub(crate) lot_no: Option<String>,
    pub(crate) stage: Option<String>,
    pub(crate) result: Option<String>,
    pub(crate) inspector: Option<String>,
    pub(crate) report_ref: Option<String>,
    pub(crate) inspected_at: Option<DateTime<Utc>>,
}
