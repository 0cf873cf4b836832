//! Everything known about one code, in the shape of `yuanliu trace --format json`.

use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use yuanliu_law::EventType;
use yuanliu_trace_index::{Event, Text, UnitHistory};

use super::{instant, status};
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
) -> Value {
    let answer = Answer { history, known, zone };
    let origin = history.origin.as_ref();
    json!({
        "code": history.code,
        "printed_code": origin.map(|origin| &origin.printed_code),
        "level": origin.and_then(|origin| origin.level.as_ref()),
        "status": status(history, known, as_of_us, transit_days).as_str(),
        "product": answer.product(),
        "production": answer.production(),
        "siblings": answer.siblings(),
        "materials": answer.materials(),
        "inspections": answer.inspections(),
        "containment": answer.containment(),
        "movements": answer.movements(),
        "custody": answer.custody(),
        "sightings": answer.sightings(),
        "dwell": answer.dwell(),
        "is_truncated": history.is_truncated,
    })
}

struct Answer<'a> {
    history: &'a UnitHistory,
    known: &'a Knowledge,
    zone: Tz,
}

impl Answer<'_> {
    fn at(&self, us: Option<i64>) -> Value {
        us.map_or(Value::Null, |us| instant(us, self.zone))
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

    fn product(&self) -> Value {
        let facts = self.product_code().and_then(|code| self.known.products.get(code));
        json!({
            "product_code": self.product_code(),
            "name": facts.and_then(|facts| facts.name.as_ref()),
            "spec": facts.and_then(|facts| facts.spec.as_ref()),
            "category": facts.and_then(|facts| facts.category.as_ref()),
        })
    }

    fn production(&self) -> Value {
        let origin = self.history.origin.as_ref();
        let commission = origin.and_then(|origin| origin.commission.as_ref());
        let order = self.work_order();
        let said = |text: Text| commission.and_then(|event| event.text(text));
        json!({
            "work_order_no": origin.and_then(|origin| origin.work_order_no.as_ref()),
            "batch_no": origin.and_then(|origin| origin.batch_no.as_ref()),
            "factory": order.and_then(|order| order.factory.as_ref()),
            "workshop": order.and_then(|order| order.workshop.as_ref()),
            "line": said(Text::Line).or(order.and_then(|order| order.line.as_deref())),
            "team": said(Text::Team).or(order.and_then(|order| order.team.as_deref())),
            "operator": said(Text::Operator),
            "commissioned_at": self.at(commission.and_then(|event| event.time_us)),
        })
    }

    fn siblings(&self) -> Value {
        let Some(origin) = self.history.origin.as_ref() else {
            return json!({"items": 0, "cases": 0});
        };
        let counts = origin.batch_no.as_ref().and_then(|batch_no| {
            self.known.batches.get(&(origin.product_code.clone(), batch_no.clone()))
        });
        let (items, cases) = counts.copied().unwrap_or_default();
        let is_itself = |level: &str| {
            i64::from(origin.commission.is_some() && origin.level.as_deref() == Some(level))
        };
        json!({
            "items": (items - is_itself("item")).max(0),
            "cases": (cases - is_itself("case")).max(0),
        })
    }

    fn materials(&self) -> Vec<Value> {
        let lots = self.lots().iter();
        lots.map(|lot| {
            json!({
                "material_code": lot.material_code,
                "lot_no": lot.lot_no,
                "supplier_code": lot.supplier_code,
                "qty": lot.qty,
                "work_order_no": lot.used_by,
                "depth": lot.depth,
                "evidence": lot.evidence,
            })
        })
        .collect()
    }

    fn inspections(&self) -> Vec<Value> {
        let mut found = Vec::new();
        let origin = self.history.origin.as_ref();
        if let Some(origin) = origin
            && let (Some(product), Some(batch)) = (&origin.product_code, &origin.batch_no)
        {
            found.extend(self.known.inspections_of_batch(product, batch));
        }
        let mut seen = std::collections::BTreeSet::new();
        for lot in self.lots() {
            let (Some(material), Some(no)) = (&lot.material_code, &lot.lot_no) else { continue };
            if seen.insert((material, no)) {
                found.extend(self.known.inspections_of_lot(material, no));
            }
        }
        found.sort_by_key(|one| (one.inspected_at, one.subject.clone(), one.stage.clone()));
        let found = found.into_iter();
        found
            .map(|one| {
                json!({
                    "subject": one.subject,
                    "batch_no": one.batch_no,
                    "lot_no": one.lot_no,
                    "stage": one.stage,
                    "result": one.result,
                    "inspector": one.inspector,
                    "report_ref": one.report_ref,
                    "inspected_at": self.at(one.inspected_at.map(|at| at.timestamp_micros())),
                })
            })
            .collect()
    }

    fn containment(&self) -> Vec<Value> {
        let inside = self.history.ancestry.iter();
        inside
            .map(|one| {
                json!({
                    "parent_code": &*one.ancestor,
                    "from": instant(one.from_us, self.zone),
                    "to": self.at(one.to_us),
                    "depth": one.depth,
                })
            })
            .collect()
    }

    fn movements(&self) -> Vec<Value> {
        let events = self.history.events.iter();
        events
            .map(|one| {
                let event = &*one.event;
                let documents = [Text::DeliveryNo, Text::OrderNo, Text::WorkOrderNo];
                json!({
                    "event_id": &*event.event_id,
                    "event_type": event.event_type.as_str(),
                    "event_time": self.at(event.time_us),
                    "from_party": event.text(Text::FromParty),
                    "to_party": event.text(Text::ToParty),
                    "document": documents.into_iter().find_map(|text| event.text(text)),
                    "inferred": one.depth > 0,
                    "via_code": &*one.via_code,
                    "parent_code": event.text(Text::ParentCode),
                    "delivery_no": event.text(Text::DeliveryNo),
                    "order_no": event.text(Text::OrderNo),
                    "store_code": event.text(Text::StoreCode),
                    "warehouse_code": event.text(Text::WarehouseCode),
                    "device_id": event.text(Text::DeviceId),
                    "is_voided": one.is_voided,
                })
            })
            .collect()
    }

    /// Rows of one custody, which differ by their last ship, are joined.
    fn custody(&self) -> Vec<Value> {
        let mut rows: Vec<Map<String, Value>> = Vec::new();
        for one in &self.history.custody {
            if let Some(last) = rows.last_mut().filter(|_| one.continues) {
                last.insert("to".to_owned(), self.at(one.to_us));
                last.insert("delivery_no".to_owned(), json!(one.delivery_no));
                last.insert("order_no".to_owned(), json!(one.order_no));
                continue;
            }
            let row = json!({
                "dealer_code": one.dealer_code,
                "from": instant(one.from_us, self.zone),
                "to": self.at(one.to_us),
                "evidence": if one.is_inferred { "inferred" } else { "verified" },
                "since": instant(one.since_us, self.zone),
                "channel": one.channel,
                "start_event_id": one.start_event_id,
                "delivery_no": one.delivery_no,
                "order_no": one.order_no,
            });
            if let Value::Object(row) = row {
                rows.push(row);
            }
        }
        rows.into_iter().map(Value::Object).collect()
    }

    fn sightings(&self) -> Vec<Value> {
        let seen = self.history.sightings();
        seen.map(|event| {
            let held = event.time_us.and_then(|at| self.history.custody_at(at));
            json!({
                "event_id": &*event.event_id,
                "event_type": event.event_type.as_str(),
                "sighted_at": self.at(event.time_us),
                "region_code": event.text(Text::RegionCode),
                "location_source": event.text(Text::LocationSource),
                "dealer_code": held.map(|held| &held.dealer_code),
                "verdict": Value::Null,
                "exempt_reason": Value::Null,
            })
        })
        .collect()
    }

    fn dwell(&self) -> Vec<Value> {
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
                let hours = (to_us - from_us) as f64 / 3_600_000_000.0;
                Some(json!({"from_node": from.as_str(), "to_node": to.as_str(), "hours": hours}))
            })
            .collect()
    }
}
