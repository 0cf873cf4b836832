//! From the line to the dealer's yard.

use chrono::{NaiveDateTime, TimeDelta};

use super::codes::PLACEHOLDER;
use super::event::{ScanEvent, ScanInput};
use super::life::Life;
use crate::model::{Delivery, MoveKind, Order};

/// Commission, packing, line rejects, inspection and putting into stock.
pub(super) fn made(life: &mut Life<'_>) {
    let (run, product) = (life.run, life.product);
    let nth = life.position.saturating_sub(run.first_pallet) as i64;
    let start = run.start + TimeDelta::seconds(nth * 900);
    if nth == 0 {
        consumed(life);
    }
    let line_event = |event_type, at, codes| ScanEvent {
        line: Some(run.line.clone()),
        team: Some(run.team.to_owned()),
        device_id: Some(format!("LINE-{}", run.line)),
        ..ScanEvent::new(event_type, at, codes)
    };
    let made_of = |event: ScanEvent, level| ScanEvent {
        level: Some(level),
        product_code: Some(product.code.clone()),
        batch_no: Some(run.batch_no.clone()),
        work_order_no: Some(run.work_order_no()),
        ..event
    };
    let mut cases = Vec::new();
    for case in 0..product.cases_per_pallet as usize {
        let at = start + TimeDelta::seconds(case as i64 * 20);
        let mut made = Vec::new();
        let mut packed = Vec::new();
        for item in 0..product.items_per_case as usize {
            let code = life.item_code(case, item);
            match life.dice.below(1_000) {
                // A damaged label reads as the placeholder from here on.
                0 => packed.push(PLACEHOLDER.to_owned()),
                1 => {
                    let rejected =
                        line_event("decommission", at + TimeDelta::seconds(5), vec![code.clone()]);
                    made.push(code);
                    life.add(at, rejected);
                }
                _ => {
                    made.push(code.clone());
                    packed.push(code);
                }
            }
        }
        life.add(at, made_of(line_event("commission", at, made), "item"));
        let case_code = life.case_code(case);
        life.add(at, made_of(line_event("commission", at, vec![case_code.clone()]), "case"));
        let pack_at = at + TimeDelta::seconds(10);
        let pack = ScanEvent {
            parent_code: Some(case_code),
            ..line_event("pack", pack_at, packed.clone())
        };
        life.add(pack_at, pack);
        packed.retain(|code| code != PLACEHOLDER);
        cases.push(packed);
    }
    let done = start + TimeDelta::seconds(600);
    let pallet = life.pallet_code();
    let mut commission = made_of(line_event("commission", done, vec![pallet.clone()]), "pallet");
    // The pallet carries an RFID tag as well.
    commission.aliases = vec![format!("E280{:020}", life.position + 1)];
    life.add(done, commission);
    let children = (0..cases.len()).map(|case| life.case_code(case)).collect();
    let pack_at = done + TimeDelta::seconds(15);
    let pack =
        ScanEvent { parent_code: Some(pallet.clone()), ..line_event("pack", pack_at, children) };
    life.add(pack_at, pack);
    if life.dice.chance(200)
        && let Some(item) = cases.first().and_then(|case| case.first()).cloned()
    {
        let at = done + TimeDelta::minutes(10);
        life.add(at, line_event("inspect", at, vec![item]));
    }
    life.cases = cases;
    stored(life, done + TimeDelta::minutes(30));
}

/// The materials of the run, with the lots of its documents.
fn consumed(life: &mut Life<'_>) {
    let (company, run) = (life.company, life.run);
    let at = run.start - TimeDelta::minutes(5);
    let own = |moved: &&crate::model::MaterialMove| {
        moved.run == life.pallet.run && moved.kind != MoveKind::Return
    };
    let mut inputs = Vec::new();
    for (lot, quantity) in company.moves.iter().filter(own).flat_map(|moved| &moved.lines) {
        let Some(lot) = company.lots.get(*lot) else { continue };
        let Some(material) = company.materials.get(lot.material) else { continue };
        inputs.push(ScanInput {
            material_code: material.code.clone(),
            lot_no: lot.lot_no.clone(),
            qty: quantity.to_string(),
            unit: material.unit.to_owned(),
        });
    }
    // A batch is consumed into by its work order; the first item stands for the batch.
    let codes = vec![life.item_code(0, 0)];
    let event = ScanEvent {
        product_code: Some(life.product.code.clone()),
        batch_no: Some(run.batch_no.clone()),
        work_order_no: Some(run.work_order_no()),
        line: Some(run.line.clone()),
        device_id: Some(format!("LINE-{}", run.line)),
        inputs,
        ..ScanEvent::new("consume", at, codes)
    };
    life.add(at, event);
}

fn stored(life: &mut Life<'_>, at: NaiveDateTime) {
    let warehouse = life.company.warehouses.first().map(|warehouse| warehouse.code.clone());
    let bin = format!("{:02}-{:02}", life.position % 20 + 1, life.position % 7 + 1);
    let mut event = ScanEvent {
        warehouse_code: warehouse.clone(),
        bin: Some(bin),
        device_id: Some("PDA-01".to_owned()),
        operator: Some("E0003".to_owned()),
        ..ScanEvent::new("store_in", at, vec![life.pallet_code()])
    };
    // A handheld with an empty clock battery.
    if life.dice.chance(8) {
        event.event_time = "1900-01-01T00:00:00+08:00".to_owned();
    }
    life.add(at, event);
    if life.dice.chance(80) {
        let at = at + TimeDelta::hours(2);
        let moved = ScanEvent {
            warehouse_code: warehouse,
            bin: Some("A-01".to_owned()),
            device_id: Some("PDA-02".to_owned()),
            ..ScanEvent::new("store_move", at, vec![life.pallet_code()])
        };
        life.add(at, moved);
    }
}

/// Shipping with its mistakes, and the dealer's receipt.
pub(super) fn shipped(life: &mut Life<'_>) {
    let Some((delivery, order)) = life.sale else { return };
    let at = delivery.at + TimeDelta::seconds(life.dice.between(0, 1_200));
    let broken = life.dice.chance(120);
    let pallet = life.pallet_code();
    let cases: Vec<String> = (0..life.cases.len()).map(|case| life.case_code(case)).collect();
    let shipped = if broken { cases.clone() } else { vec![pallet.clone()] };
    if broken {
        // The pallet is taken apart at the dock and leaves as loose cases.
        let early = at - TimeDelta::minutes(90);
        let device_id = Some("PDA-03".to_owned());
        let parent_code = Some(pallet);
        let unpack = ScanEvent { parent_code, device_id, ..ScanEvent::new("unpack", early, cases) };
        life.add(early, unpack);
    }
    if life.dice.chance(25) {
        wrongly_shipped(life, delivery, at, &shipped);
    }
    let ship = shipment(life, delivery, order, at, shipped.clone());
    life.add(at, ship);
    if life.dice.chance(880) {
        let received = at + TimeDelta::hours(life.dice.between(20, 110));
        let dealer = life.company.dealers.get(order.dealer).map(|dealer| dealer.code.clone());
        let event = ScanEvent {
            delivery_no: Some(delivery.no.clone()),
            device_id: dealer.as_ref().map(|code| format!("PDA-{code}")),
            to_party: dealer,
            ..ScanEvent::new("receive", received, shipped)
        };
        life.add(received, event);
    }
}

/// A scan on the wrong delivery, voided a little later.
fn wrongly_shipped(life: &mut Life<'_>, delivery: &Delivery, at: NaiveDateTime, codes: &[String]) {
    let company = life.company;
    let other = company.deliveries.iter().rev().find(|other| other.at < delivery.at);
    let Some(other) = other else { return };
    let Some(order) = company.orders.get(other.order) else { return };
    let early = at - TimeDelta::minutes(45);
    let ship = shipment(life, other, order, early, codes.to_vec());
    let id = life.add(early, ship);
    let void_at = at - TimeDelta::minutes(25);
    let by_number = life.dice.chance(500);
    let void = ScanEvent {
        delivery_no: by_number.then(|| other.no.clone()),
        corrects_event_id: if by_number { None } else { id },
        device_id: Some("PDA-03".to_owned()),
        ..ScanEvent::new("void_ship", void_at, codes.to_vec())
    };
    life.add(void_at, void);
}

fn shipment(
    life: &Life<'_>,
    delivery: &Delivery,
    order: &Order,
    at: NaiveDateTime,
    codes: Vec<String>,
) -> ScanEvent {
    let dealer = life.company.dealers.get(order.dealer);
    let warehouse = life.company.warehouses.get(delivery.warehouse);
    ScanEvent {
        delivery_no: Some(delivery.no.clone()),
        order_no: Some(order.no.clone()),
        to_party: dealer.map(|dealer| dealer.code.clone()),
        channel: dealer.map(|dealer| dealer.channel),
        warehouse_code: warehouse.map(|warehouse| warehouse.code.clone()),
        device_id: Some("PDA-03".to_owned()),
        operator: Some("E0007".to_owned()),
        ..ScanEvent::new("ship", at, codes)
    }
}
