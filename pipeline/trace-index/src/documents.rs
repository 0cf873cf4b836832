//! What the ERP knows and an answer needs.

use std::borrow::Cow;

/// Master data and documents, asked by whoever answers from the index.
///
/// Called many times per answer from the thread that asks, so it answers from memory. What it says
/// should not change while one answer is made.
pub trait Documents {
    /// What a code of a party is: a dealer, a store, a warehouse of our own; `core.dealer_profile`,
    /// `core.store_profile`, `core.warehouse`.
    fn party(&self, code: &str) -> Party<'_>;

    /// A delivery by its number, the one that counts of those that share it.
    fn delivery(&self, delivery_no: &str) -> Option<Delivery<'_>>;

    /// The dealer of a sales order.
    fn order_dealer(&self, order_no: &str) -> Option<Cow<'_, str>>;

    /// The work order a scan means by a name: `core.work_order_name`, then `core.work_order`.
    fn work_order(&self, name: &str) -> Option<WorkOrder<'_>>;
}

/// What a code of a party stands for; it may be several things at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party<'d> {
    /// It is a dealer.
    pub dealer: Option<Dealer<'d>>,
    /// It is a store.
    pub store: Option<Store<'d>>,
    /// It is a warehouse of our own.
    pub is_warehouse: bool,
}

/// A dealer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dealer<'d> {
    /// Its channel.
    pub channel: Option<Cow<'d, str>>,
}

/// A store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Store<'d> {
    /// The dealer that serves it.
    pub dealer_code: Option<Cow<'d, str>>,
}

/// A delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery<'d> {
    /// To whom.
    pub dealer_code: Option<Cow<'d, str>>,
    /// On which order.
    pub order_no: Option<Cow<'d, str>>,
    /// The product, if its lines, deleted ones apart, have exactly one.
    pub product_code: Option<Cow<'d, str>>,
}

/// A work order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkOrder<'d> {
    /// Its own number.
    pub work_order_no: Cow<'d, str>,
    /// What it makes.
    pub product_code: Option<Cow<'d, str>>,
    /// The batch it makes.
    pub batch_no: Option<Cow<'d, str>>,
}

/// No ERP: every party stands for itself.
impl Documents for () {
    fn party(&self, _: &str) -> Party<'_> {
        Party::default()
    }

    fn delivery(&self, _: &str) -> Option<Delivery<'_>> {
        None
    }

    fn order_dealer(&self, _: &str) -> Option<Cow<'_, str>> {
        None
    }

    fn work_order(&self, _: &str) -> Option<WorkOrder<'_>> {
        None
    }
}
