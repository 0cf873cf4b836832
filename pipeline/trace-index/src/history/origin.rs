//! What a unit says of itself: `core.unit_origin`, and the product as in `core.unit`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use yuanliu_law::EventType;

use super::answer::{Inside, Origin};
use super::below::BELOW_MAX;
use super::reader::Reader;
use super::scan::Own;
use super::unit::Unit;
use crate::documents::Documents;
use crate::error::IndexError;
use crate::event::Text;

const ALWAYS: (i64, Option<i64>) = (i64::MIN, None);

impl Reader<'_> {
    /// The origin of a unit, none if production, packing and logistics do not know it; and whether
    /// it had more relatives than were asked.
    pub(super) fn origin(
        &mut self,
        unit: &Unit,
        ancestry: &[Inside],
        documents: &dyn Documents,
    ) -> Result<(Option<Origin>, bool), IndexError> {
        let Some(mut origin) = self.own_origin(unit, documents)? else {
            return Ok((None, false));
        };
        if origin.product_code.is_some() {
            return Ok((Some(origin), false));
        }
        let (relatives, is_truncated) = self.relatives(unit, ancestry)?;
        let (mut products, mut delivered) = (BTreeSet::new(), BTreeSet::new());
        for relative in relatives {
            let relative = self.unit(&relative)?;
            products.extend(self.product(&relative, documents)?);
            if products.len() > 1 {
                break;
            }
            delivered.extend(delivered_product(&relative, documents));
        }
        // Goods go out on wrong documents: a delivery speaks where nothing else does.
        let theirs = if delivered.len() == 1 { delivered.pop_first() } else { None };
        origin.product_code = match products.len() {
            0 => delivered_product(unit, documents).or(theirs),
            1 => products.pop_first(),
            _ => None,
        };
        Ok((Some(origin), is_truncated))
    }

    fn own_origin(
        &mut self,
        unit: &Unit,
        documents: &dyn Documents,
    ) -> Result<Option<Origin>, IndexError> {
        let commission = commission(unit);
        let level = commission.and_then(|own| own.event.text(Text::Level));
        let known = known(unit);
        // What it holds matters only where nothing else tells.
        let height = match (level, known.is_empty()) {
            (Some(_), false) => 0,
            _ => self.height(unit)?,
        };
        if known.is_empty() && height == 0 {
            return Ok(None);
        }
        let level = match (level, height) {
            (Some(level), _) => Some(level),
            (None, 2..) => Some("pallet"),
            (None, 1) => Some("case"),
            (None, 0) => (commission.is_some() || !unit.stays.is_empty()).then_some("item"),
        };
        let printed = match commission {
            Some(own) => Some(&own.printed),
            None => known.iter().map(|own| &own.printed).min(),
        };
        let named = commission.and_then(|own| own.event.text(Text::WorkOrderNo));
        let made = named.and_then(|name| documents.work_order(name)).unwrap_or_default();
        let given = |text| commission.and_then(|own| own.event.text(text)).map(str::to_owned);
        let made_batch = made.batch_no.map(|batch| batch.into_owned());
        let work_order_no = match named {
            Some(_) if !made.work_order_no.is_empty() => Some(made.work_order_no.into_owned()),
            named => named.map(str::to_owned),
        };
        Ok(Some(Origin {
            printed_code: printed.map_or(&*unit.code, |printed| printed).to_owned(),
            level: level.map(str::to_owned),
            product_code: self.product(unit, documents)?,
            batch_no: given(Text::BatchNo).or(made_batch),
            work_order_no,
            commission: commission.map(|own| Arc::clone(&own.event)),
        }))
    }

    /// The product of the commission, else of its work order, else of another scan; none for a code that
    /// is no unit.
    fn product(
        &mut self,
        unit: &Unit,
        documents: &dyn Documents,
    ) -> Result<Option<String>, IndexError> {
        let commission = commission(unit);
        let of_commission = |text| commission.and_then(|own| own.event.text(text));
        if let Some(product) = of_commission(Text::ProductCode) {
            return Ok(Some(product.to_owned()));
        }
        let made = of_commission(Text::WorkOrderNo).and_then(|name| documents.work_order(name));
        if let Some(product) = made.and_then(|made| made.product_code) {
            return Ok(Some(product.into_owned()));
        }
        let known = known(unit);
        let others = known.iter().filter(|own| own.event.event_type != EventType::Commission);
        let product = others.filter_map(|own| own.event.text(Text::ProductCode)).min();
        Ok(product.map(str::to_owned))
    }

    /// How many levels of other units it ever held; more than two are not counted.
    fn height(&mut self, unit: &Unit) -> Result<u8, IndexError> {
        let mut height = 0;
        self.below(&unit.code, ALWAYS, BELOW_MAX, &mut |one| {
            height = height.max(one.depth);
            if height >= 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(height)
    }

    /// All it ever contained or was contained in.
    fn relatives(
        &mut self,
        unit: &Unit,
        ancestry: &[Inside],
    ) -> Result<(BTreeSet<Arc<str>>, bool), IndexError> {
        let mut relatives: BTreeSet<Arc<str>> =
            ancestry.iter().map(|inside| Arc::clone(&inside.ancestor)).collect();
        let is_truncated = self.below(&unit.code, ALWAYS, BELOW_MAX, &mut |one| {
            relatives.insert(one.code);
            ControlFlow::Continue(())
        })?;
        Ok((relatives, is_truncated))
    }
}

/// The first commission that counts, those without a time last.
fn commission(unit: &Unit) -> Option<&Own> {
    // Events are in another order only where the type decides, and here it is one.
    unit.events.iter().find(|own| own.is_commission())
}

/// The product of a unit's delivery, if that has one.
fn delivered_product(unit: &Unit, documents: &dyn Documents) -> Option<String> {
    let known = known(unit);
    let ships = known.iter().filter(|own| own.event.event_type == EventType::Ship);
    let delivery = ships.filter_map(|own| own.event.text(Text::DeliveryNo)).min();
    let delivery = delivery.and_then(|no| documents.delivery(no))?;
    delivery.product_code.map(|code| code.into_owned())
}

/// Events by which production, packing and logistics know a unit.
fn known(unit: &Unit) -> Vec<&Own> {
    use EventType::{Consume, OpenCase, PurchaseCheck, Sell, Verify};
    let is_only_seen = |own: &&Own| {
        matches!(own.event.event_type, Consume | OpenCase | PurchaseCheck | Sell | Verify)
    };
    unit.events.iter().filter(|own| !own.is_void && !is_only_seen(own)).collect()
}
