//! Everything known about one code, as the API answers it.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};
use chrono_tz::Tz;
use serde_json::Value;
use yuanliu_api::ports::{
    Trace, TracedContainment, TracedCustody, TracedDwell, TracedInspection, TracedMaterial,
    TracedMovement, TracedProduct, TracedProduction, TracedSiblings, TracedSighting,
};
use yuanliu_law::EventType;
use yuanliu_trace_index::{Event, Text, UnitHistory};

use super::status;
use crate::knowledge::{Knowledge, MaterialFacts, WorkOrderFacts};

/// The nodes between which a unit dwells.
const NODES: [EventType; 6] = [
    EventType::Commission,
    EventType::StoreIn,
    EventType::Ship,
    EventType::Receive,
    EventType::Sell,
    EventType::Verify,
];

/// The answer for one unit. Sightings have no verdict here: the warehouse gives it at the next build.
pub(crate) fn trace(
    history: &UnitHistory,
    known: &Knowledge,
    as_of_us: i64,
    transit_days: i64,
    zone: Tz,
) -> Trace {
    let answer = Answer { history, known, zone };
    let origin = history.origin.as_ref();
    Trace {
        code: history.code.clone(),
        printed_code: origin.map(|origin| origin.printed_code.clone()),
        level: origin.and_then(|origin| origin.level.clone()),
        status: status(history, known, as_of_us, transit_days).as_str().to_owned(),
        product: answer.product(),
        production: answer.production(),
        siblings: answer.siblings(),
        materials: answer.materials(),
        inspections: answer.inspections(),
        containment: answer.containment(),
        movements: answer.movements(),
        custody: answer.custody(),
        sightings: answer.sightings(),
        dwell: answer.dwell(),
        is_truncated: history.is_truncated,
    }
}

struct Answer<'a> {
    history: &'a UnitHistory,
    known: &'a Knowledge,
    zone: Tz,
}

impl Answer<'_> {
    /// An instant in the business zone; none for one no calendar has.
    fn at(&self, us: i64) -> Option<DateTime<FixedOffset>> {
        let at = DateTime::from_timestamp_micros(us)?;
        Some(at.with_timezone(&self.zone).fixed_offset())
    }

    fn product_code(&self) -> Option<&String> {
        self.history.origin.as_ref()?.product_code.as_ref()
    }

    fn work_order(&self) -> Option<&WorkOrderFacts> {
        self.known.work_orders.get(self.history.origin.as_ref()?.work_order_no.as_ref()?)
    }

    fn lots(&self) -> &[MaterialFacts] {
        self.work_order().map(|order| self.known.lots_of(&order.work_order_no)).unwrap_or_default()
    }

    fn product(&self) -> TracedProduct {
        let facts = self.product_code().and_then(|code| self.known.products.get(code));
        TracedProduct {
            product_code: self.product_code().cloned(),
            name: facts.and_then(|facts| facts.name.clone()),
            spec: facts.and_then(|facts| facts.spec.clone()),
            category: facts.and_then(|facts| facts.category.clone()),
        }
    }

    fn production(&self) -> TracedProduction {
        let origin = self.history.origin.as_ref();
        let commission = origin.and_then(|origin| origin.commission.as_ref());
        let order = self.work_order();
        let said = |text: Text| commission.and_then(|event| said(event, text));
        TracedProduction {
            work_order_no: origin.and_then(|origin| origin.work_order_no.clone()),
            batch_no: origin.and_then(|origin| origin.batch_no.clone()),
            factory: order.and_then(|order| order.factory.clone()),
            workshop: order.and_then(|order| order.workshop.clone()),
            line: said(Text::Line).or_else(|| order?.line.clone()),
            team: said(Text::Team).or_else(|| order?.team.clone()),
            operator: said(Text::Operator),
            commissioned_at: commission.and_then(|event| self.at(event.time_us?)),
        }
    }

    fn siblings(&self) -> TracedSiblings {
        let Some(origin) = self.history.origin.as_ref() else {
            return TracedSiblings { items: 0, cases: 0 };
        };
        let counts = origin.batch_no.as_ref().and_then(|batch_no| {
            self.known.batches.get(&(origin.product_code.clone(), batch_no.clone()))
        });
        let (items, cases) = counts.copied().unwrap_or_default();
        let is_itself = |level: &str| {
            i64::from(origin.commission.is_some() && origin.level.as_deref() == Some(level))
        };
        TracedSiblings {
            items: (items - is_itself("item")).max(0),
            cases: (cases - is_itself("case")).max(0),
        }
    }

    fn materials(&self) -> Vec<TracedMaterial> {
        let lot = |lot: &MaterialFacts| TracedMaterial {
            material_code: lot.material_code.clone(),
            lot_no: lot.lot_no.clone(),
            supplier_code: lot.supplier_code.clone(),
            qty: lot.qty.clone().map(Value::String),
            work_order_no: lot.used_by.clone(),
            depth: lot.depth,
            evidence: lot.evidence.clone(),
        };
        self.lots().iter().map(lot).collect()
    }

    fn inspections(&self) -> Vec<TracedInspection> {
        let mut found = Vec::new();
        let origin = self.history.origin.as_ref();
        if let Some(origin) = origin
            && let (Some(product), Some(batch)) = (&origin.product_code, &origin.batch_no)
        {
            found.extend(self.known.inspections_of_batch(product, batch));
        }
        let mut seen = BTreeSet::new();
        for lot in self.lots() {
            let (Some(material), Some(no)) = (&lot.material_code, &lot.lot_no) else { continue };
            if seen.insert((material, no)) {
                found.extend(self.known.inspections_of_lot(material, no));
            }
        }
        found.sort_by(|a, b| {
            (a.inspected_at, &a.subject, &a.stage).cmp(&(b.inspected_at, &b.subject, &b.stage))
        });
        let found = found.into_iter();
        found
            .map(|one| TracedInspection {
                subject: one.subject.clone(),
                batch_no: one.batch_no.clone(),
                lot_no: one.lot_no.clone(),
                stage: one.stage.clone(),
                result: one.result.clone(),
                inspector: one.inspector.clone(),
                report_ref: one.report_ref.clone(),
                inspected_at: one.inspected_at.and_then(|at| self.at(at.timestamp_micros())),
            })
            .collect()
    }

    fn containment(&self) -> Vec<TracedContainment> {
        let inside = self.history.ancestry.iter();
        inside
            .filter_map(|one| {
                Some(TracedContainment {
                    parent_code: one.ancestor.as_ref().to_owned(),
                    from: self.at(one.from_us)?,
                    to: one.to_us.and_then(|to| self.at(to)),
                    depth: i64::from(one.depth),
                })
            })
            .collect()
    }

    fn movements(&self) -> Vec<TracedMovement> {
        let events = self.history.events.iter();
        events
            .map(|one| {
                let event = &*one.event;
                let documents = [Text::DeliveryNo, Text::OrderNo, Text::WorkOrderNo];
                TracedMovement {
                    event_id: event.event_id.as_ref().to_owned(),
                    event_type: event.event_type.as_str().to_owned(),
                    event_time: event.time_us.and_then(|at| self.at(at)),
                    from_party: said(event, Text::FromParty),
                    to_party: said(event, Text::ToParty),
                    document: documents.into_iter().find_map(|text| said(event, text)),
                    inferred: one.depth > 0,
                    via_code: one.via_code.as_ref().to_owned(),
                    parent_code: said(event, Text::ParentCode),
                    delivery_no: said(event, Text::DeliveryNo),
                    order_no: said(event, Text::OrderNo),
                    store_code: said(event, Text::StoreCode),
                    warehouse_code: said(event, Text::WarehouseCode),
                    device_id: said(event, Text::DeviceId),
                    is_voided: one.is_voided,
                }
            })
            .collect()
    }

    /// Rows of one custody, which differ by their last ship, are joined.
    fn custody(&self) -> Vec<TracedCustody> {
        let mut rows: Vec<TracedCustody> = Vec::new();
        for one in &self.history.custody {
            let to = one.to_us.and_then(|to| self.at(to));
            if let Some(last) = rows.last_mut().filter(|_| one.continues) {
                last.to = to;
                last.delivery_no.clone_from(&one.delivery_no);
                last.order_no.clone_from(&one.order_no);
                continue;
            }
            let Some(from) = self.at(one.from_us) else { continue };
            rows.push(TracedCustody {
                dealer_code: one.dealer_code.clone(),
                from,
                to,
                evidence: if one.is_inferred { "inferred" } else { "verified" }.to_owned(),
                since: self.at(one.since_us),
                channel: one.channel.clone(),
                start_event_id: Some(one.start_event_id.clone()),
                delivery_no: one.delivery_no.clone(),
                order_no: one.order_no.clone(),
            });
        }
        rows
    }

    fn sightings(&self) -> Vec<TracedSighting> {
        let seen = self.history.sightings();
        seen.map(|event| {
            let held = event.time_us.and_then(|at| self.history.custody_at(at));
            TracedSighting {
                event_id: event.event_id.as_ref().to_owned(),
                event_type: event.event_type.as_str().to_owned(),
                sighted_at: event.time_us.and_then(|at| self.at(at)),
                region_code: said(event, Text::RegionCode),
                location_source: said(event, Text::LocationSource),
                dealer_code: held.map(|held| held.dealer_code.clone()),
                verdict: None,
                exempt_reason: None,
            }
        })
        .collect()
    }

    fn dwell(&self) -> Vec<TracedDwell> {
        let mut reached: Vec<(i64, EventType)> = Vec::new();
        for node in NODES {
            let events = self.history.events.iter();
            let is_node = |event: &Event| event.event_type == node;
            let first = events
                .filter(|one| is_node(&one.event) && !one.is_voided)
                .filter_map(|one| one.event.time_us)
                .min();
            reached.extend(first.map(|at| (at, node)));
        }
        reached.sort_unstable();
        let pairs = reached.windows(2);
        pairs
            .filter_map(|pair| {
                let [(from_us, from), (to_us, to)] = pair else { return None };
                Some(TracedDwell {
                    from_node: from.as_str().to_owned(),
                    to_node: to.as_str().to_owned(),
                    hours: (to_us - from_us) as f64 / 3_600_000_000.0,
                })
            })
            .collect()
    }
}

fn said(event: &Event, text: Text) -> Option<String> {
    event.text(text).map(str::to_owned)
}
