//! `POST /api/v1/checks/shipment` and `/checks/material`: may this go on now.
//!
//! "Match: use; mismatch: stop and report": the answer comes from the trace index, the documents of
//! the last build, the ships since and the gates, and a mismatch is itself an event.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use yuanliu_api::Problem;
use yuanliu_api::ports::{GateDecision, MaterialQuestion, ShipmentQuestion};
use yuanliu_gates::{Check, Decision, Facts};
use yuanliu_trace_index::{IndexError, Reader, UnitHistory};

use super::{Service, index_refuses, panicked};
use crate::answers;
use crate::exit;
use crate::knowledge::{InspectionFacts, Knowledge};
use crate::ledger::ShipDocument;

impl Service {
    /// Whether a code may be shipped on an order.
    pub(crate) async fn check_shipment(
        self: &Arc<Self>,
        question: &ShipmentQuestion,
        device: Option<&str>,
    ) -> Result<GateDecision, Problem> {
        if question.order_no.is_none() && question.delivery_no.is_none() {
            return Err(Problem::bad_request("name the order with `order_no` or `delivery_no`"));
        }
        let asking = Arc::clone(self);
        let asked = question.clone();
        let facts = self.read(move || {
            let known = asking.knowledge();
            let by_delivery =
                asked.delivery_no.and_then(|no| known.deliveries.get(&no)?.order_no.clone());
            let order_no = asked.order_no.or(by_delivery);
            asking.shipment_facts(&asked.code, order_no.as_deref(), &known)
        });
        let facts = facts.await.map_err(panicked)?.map_err(index_refuses)?;
        let decision = self.decide(Check::Shipment, &facts)?;
        let document = json!({"order_no": question.order_no, "delivery_no": question.delivery_no});
        let device = device.or(question.device_id.as_deref());
        self.report(&decision, "shipment", &question.code, &document, device).await?;
        answered(&decision)
    }

    /// Whether a lot may be used up by a work order.
    pub(crate) async fn check_material(
        &self,
        question: &MaterialQuestion,
        device: Option<&str>,
    ) -> Result<GateDecision, Problem> {
        let facts = material_facts(question, &self.knowledge());
        let decision = self.decide(Check::Material, &facts)?;
        let document = json!({"work_order_no": question.work_order_no});
        let code = question.lot_no.as_deref().unwrap_or(&question.material_code);
        let device = device.or(question.device_id.as_deref());
        self.report(&decision, "material", code, &document, device).await?;
        answered(&decision)
    }
}

fn answered(decision: &Decision) -> Result<GateDecision, Problem> {
    let decision = serde_json::to_value(decision).and_then(serde_json::from_value);
    decision.map_err(|e| Problem::internal(&e.to_string()))
}

impl Service {
    fn decide(&self, check: Check, facts: &Facts) -> Result<Decision, Problem> {
        let gates = &self.hub.config.gates;
        gates.decide(check, facts).map_err(|e| Problem::internal(&exit::chain(&e.into())))
    }

    fn shipment_facts(
        &self,
        typed: &str,
        order_no: Option<&str>,
        known: &Knowledge,
    ) -> Result<Facts, IndexError> {
        let now_us = Utc::now().timestamp_micros();
        let code = self.rules.codes().normalize(typed);
        let mut reader = self.ledger.index().reader(now_us);
        let history = reader.history(&code, known)?;
        let below = reader.descendants(&code, now_us)?;
        let mut facts = Facts::default();
        facts.set("is_test_code", Some(self.rules.codes().is_test(&code)));
        let history = history.as_ref();
        facts.set("is_commissioned", Some(history.is_some_and(|h| h.facts.is_commissioned)));
        let inner = below.units.iter().map(|(_, parent, _)| parent);
        let containers: HashSet<_> = inner.collect();
        let leaves = below.units.iter().filter(|(code, ..)| !containers.contains(code)).count();
        let items = i64::try_from(leaves.max(1)).unwrap_or(i64::MAX);
        facts.set("items", Some(items));
        if let Some(history) = history {
            self.unit_facts(history, now_us, known, &mut facts);
        }
        let order = order_no.and_then(|no| known.orders.get(no));
        facts.set("is_order_known", Some(order.is_some()));
        let product = history.and_then(|h| h.origin.as_ref()?.product_code.clone());
        if let Some(order) = order {
            facts.set("order_status", order.status.as_deref());
            let quantity = product.as_ref().and_then(|code| order.quantities.get(code));
            let ordered = quantity.and_then(|(ordered, _)| *ordered);
            facts.set("is_order_product", Some(ordered.is_some()));
            let built = quantity.map_or(0, |(_, shipped)| *shipped);
            let since = match (order_no, &product) {
                (Some(no), Some(product)) => self.shipped_since(no, product, &mut reader, known)?,
                _ => Some(0),
            };
            let left = ordered.zip(since).map(|(ordered, since)| ordered - built - since);
            facts.set("quantity_left", left);
        }
        Ok(facts)
    }

    /// Items of a product shipped on an order since the last build; none if nobody knows.
    fn shipped_since(
        &self,
        order_no: &str,
        product: &str,
        reader: &mut Reader<'_>,
        known: &Knowledge,
    ) -> Result<Option<i64>, IndexError> {
        let is_of_order = |document: &ShipDocument| match document {
            ShipDocument::Order(no) => &**no == order_no,
            ShipDocument::Delivery(no) => {
                let delivery = known.deliveries.get(&**no);
                delivery.and_then(|one| one.order_no.as_deref()) == Some(order_no)
            }
        };
        let Some(ships) = self.ledger.unbuilt().ships_of(is_of_order) else { return Ok(None) };
        let mut items = HashSet::new();
        for ship in &ships {
            let taken = ship.items(|ship| answers::items_of(ship, reader, known))?;
            let of_product = taken.iter().filter(|item| item.product_code == product);
            items.extend(of_product.map(|item| Arc::clone(&item.code)));
        }
        Ok(i64::try_from(items.len()).ok())
    }

    fn unit_facts(&self, history: &UnitHistory, now_us: i64, known: &Knowledge, facts: &mut Facts) {
        let days = self.hub.config.rules.transit_days;
        facts.set("state", Some(answers::status(history, known, now_us, days).as_str()));
        let held = history.custody_at(now_us);
        facts.set("holder", held.map(|held| held.dealer_code.as_str()));
        facts.set("is_recalled", Some(answers::is_recalled(history)));
        facts.set("is_decommissioned", Some(history.facts.decommissioned_at_us.is_some()));
        let Some(origin) = &history.origin else { return };
        facts.set("level", origin.level.as_deref());
        facts.set("product_code", origin.product_code.as_deref());
        facts.set("batch_no", origin.batch_no.as_deref());
        if let (Some(product), Some(batch)) = (&origin.product_code, &origin.batch_no) {
            let found = known.inspections_of_batch(product, batch);
            facts.set("batch_inspection", last_result(found));
        }
        let lots = origin.work_order_no.as_deref().map(|no| known.lots_of(no)).unwrap_or_default();
        let failed = lots.iter().filter(|lot| {
            let (Some(material), Some(no)) = (&lot.material_code, &lot.lot_no) else {
                return false;
            };
            last_result(known.inspections_of_lot(material, no)) == Some("fail")
        });
        facts.set("failed_lots", i64::try_from(failed.count()).ok());
    }

    /// Keeps a mismatch as an inspect event of the code that was scanned.
    async fn report(
        &self,
        decision: &Decision,
        check: &str,
        code: &str,
        document: &Value,
        device: Option<&str>,
    ) -> Result<(), Problem> {
        if decision.allowed {
            return Ok(());
        }
        let now = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
        let gates: Vec<_> = decision.refusals.iter().map(|one| one.gate.as_str()).collect();
        let event = json!({
            "event_type": "inspect",
            "event_time": now,
            "recorded_at": now,
            "codes": [code],
            "order_no": document["order_no"],
            "delivery_no": document["delivery_no"],
            "work_order_no": document["work_order_no"],
            "device_id": device,
            "attributes": {
                "check": check,
                "result": "mismatch",
                "gates": gates.join(","),
                "gate_version": decision.gate_version,
            },
        });
        self.keep_own(event.to_string()).await
    }
}

fn material_facts(question: &MaterialQuestion, known: &Knowledge) -> Facts {
    let mut facts = Facts::default();
    let order = known.work_orders.get(&question.work_order_no);
    facts.set("is_work_order_known", Some(order.is_some()));
    facts.set("is_lot_given", Some(question.lot_no.is_some()));
    facts.set("work_order_status", order.and_then(|order| order.status.as_deref()));
    let own = order.map(|order| known.lots_of(&order.work_order_no)).unwrap_or_default();
    let own = || own.iter().filter(|lot| lot.depth == 1);
    let is_material = |lot: &crate::knowledge::MaterialFacts| {
        lot.material_code.as_deref() == Some(question.material_code.as_str())
    };
    facts.set("is_material_expected", Some(own().any(is_material)));
    let Some(lot_no) = &question.lot_no else { return facts };
    let is_issued = own().any(|lot| is_material(lot) && lot.lot_no.as_ref() == Some(lot_no));
    facts.set("is_lot_issued", Some(is_issued));
    let found = known.inspections_of_lot(&question.material_code, lot_no);
    facts.set("lot_inspection", last_result(found));
    facts
}

/// The last inspection decides; the documents keep them in order of time.
fn last_result(list: &[InspectionFacts]) -> Option<&str> {
    list.last()?.result.as_deref()
}
