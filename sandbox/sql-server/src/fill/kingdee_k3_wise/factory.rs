//! Production orders and the bills of stock that go with them.

use chrono::NaiveDateTime;
use serde_json::{Value as Json, json};
use yuanliu_company::{Exact, MoveKind, Status};

use super::super::{at, day, time};
use super::{BRANCH, Filler, with_state};
use crate::data::PutError;

/// `ICStockBill.FTranType`
const PURCHASE_RECEIPT: i64 = 1;
const PRODUCT_RECEIPT: i64 = 2;
const MATERIAL_ISSUE: i64 = 24;
/// `FTranType` of ICMO.
const PRODUCTION_ORDER: i64 = 85;

pub(super) fn fill(filler: &mut Filler<'_>) -> Result<(), PutError> {
    orders(filler)?;
    lots(filler)?;
    moves(filler)?;
    receipts(filler)
}

fn orders(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for (position, run) in company.runs.iter().enumerate() {
        let id = filler.next_id();
        let status = match run.status {
            Status::Closed => 3,
            // In progress is 1 on some orders and 2 on others.
            Status::Approved => 1 + position % 2,
            // Confirmed is not released yet.
            Status::Draft => 5,
            Status::Cancelled => 0,
        };
        let workshop = filler.ids.workshops.iter().find(|(name, _)| *name == run.workshop);
        let workshop = workshop.map_or(0, |(_, id)| *id);
        let made = if run.pallets > 0 { run.planned_qty } else { 0 };
        let closed = (run.status == Status::Closed).then(|| time(run.end));
        filler.put(
            "ICMO",
            &json!({
            "FInterID": id, "FBrNo": BRANCH, "FBillNo": run.work_order_no(),
            "FTranType": PRODUCTION_ORDER, "FStatus": status,
            "FCancellation": run.status == Status::Cancelled,
            "FItemID": at(&filler.ids.products, run.product), "FUnitID": filler.unit("Pcs"),
            "FQty": run.planned_qty, "FAuxQty": run.planned_qty, "FStockQty": made,
            "FAuxStockQty": made, "FPlanCommitDate": time(run.start),
            "FPlanFinishDate": time(run.end), "FCheckDate": day(run.start.date()),
            "FCloseDate": closed, "FWorkShop": workshop, "FGMPBatchNo": run.batch_no,
            "FOrderInterID": 0, "FMTONo": " "}),
        )?;
        filler.ids.runs.push(id);
    }
    Ok(())
}

/// Stores a bill with its lines and answers its id.
fn bill(
    filler: &mut Filler<'_>,
    kind: i64,
    number: &str,
    on: NaiveDateTime,
    header: &[(&str, Json)],
    lines: Vec<Json>,
) -> Result<(), PutError> {
    let id = filler.next_id();
    let row = json!({
        "FBrNo": BRANCH, "FInterID": id, "FTranType": kind, "FBillNo": number,
        "FDate": day(on.date()), "FROB": 1, "FSupplyID": 0, "FDCStockID": 0, "FSCStockID": 0,
        "FExplanation": " "});
    let mut row = with_state(row, Status::Approved, on.date());
    if let Json::Object(columns) = &mut row {
        columns.extend(header.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
    filler.put("ICStockBill", &row)?;
    for (line, mut row) in lines.into_iter().enumerate() {
        if let Json::Object(columns) = &mut row {
            columns.insert("FBrNo".to_owned(), json!(BRANCH));
            columns.insert("FInterID".to_owned(), json!(id));
            columns.insert("FEntryID".to_owned(), json!(line + 1));
        }
        filler.put("ICStockBillEntry", &row)?;
    }
    Ok(())
}

/// One purchase receipt for each lot: there the supplier stands.
fn lots(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for (position, lot) in company.lots.iter().enumerate() {
        let Some(material) = company.materials.get(lot.material) else { continue };
        let header = [
            ("FSupplyID", json!(at(&filler.ids.suppliers, material.supplier))),
            ("FDCStockID", json!(at(&filler.ids.warehouses, 2))),
        ];
        let line = json!({
            "FItemID": at(&filler.ids.materials, lot.material), "FUnitID": filler.unit(material.unit),
            "FQty": 100_000, "FAuxQty": 100_000, "FBatchNo": lot.lot_no,
            "FDCStockID": at(&filler.ids.warehouses, 2)});
        let number = format!("WIN{:06}", position + 1);
        let on = lot.received.and_time(chrono::NaiveTime::MIN);
        bill(filler, PURCHASE_RECEIPT, &number, on, &header, vec![line])?;
    }
    Ok(())
}

fn moves(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for (position, moved) in company.moves.iter().enumerate() {
        let Some(run) = company.runs.get(moved.run) else { continue };
        let is_return = moved.kind == MoveKind::Return;
        // Some sites store the quantities of red bills positive.
        let is_negative = is_return && position % 2 == 0;
        // An issue that was not pushed down from its order names it by number, or by its source.
        let (by_id, by_number) = match position % 3 {
            0 => (true, true),
            1 => (false, true),
            _ => (false, false),
        };
        let order = at(&filler.ids.runs, moved.run);
        let mut lines = Vec::new();
        for (lot, quantity) in &moved.lines {
            let Some(lot) = company.lots.get(*lot) else { continue };
            let Some(material) = company.materials.get(lot.material) else { continue };
            let quantity = Exact {
                units: if is_negative { -quantity.units } else { quantity.units },
                ..*quantity
            }
            .to_string();
            lines.push(json!({
                "FItemID": at(&filler.ids.materials, lot.material),
                "FUnitID": filler.unit(material.unit), "FQty": quantity, "FAuxQty": quantity,
                "FBatchNo": lot.lot_no, "FSCStockID": at(&filler.ids.warehouses, 2),
                "FDCStockID": 0, "FICMOInterID": if by_id { order } else { 0 },
                "FICMOBillNo": if by_number { run.work_order_no() } else { " ".to_owned() },
                "FSourceTranType": if by_number { 0 } else { PRODUCTION_ORDER },
                "FSourceInterId": if by_number { 0 } else { order },
                "FSourceBillNo": run.work_order_no()}));
        }
        let header = [("FROB", json!(if is_return { -1 } else { 1 }))];
        bill(filler, MATERIAL_ISSUE, &moved.no, moved.at, &header, lines)?;
    }
    Ok(())
}

fn receipts(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for receipt in &company.receipts {
        let Some(run) = company.runs.get(receipt.run) else { continue };
        let line = json!({
            "FItemID": at(&filler.ids.products, run.product), "FUnitID": filler.unit("Pcs"),
            "FQty": receipt.base_qty, "FAuxQty": receipt.base_qty, "FBatchNo": run.batch_no,
            "FKFDate": day(run.start.date()), "FKFPeriod": 365,
            "FDCStockID": at(&filler.ids.warehouses, 0),
            "FICMOInterID": at(&filler.ids.runs, receipt.run), "FICMOBillNo": run.work_order_no()});
        bill(filler, PRODUCT_RECEIPT, &receipt.no, receipt.at, &[], vec![line])?;
    }
    Ok(())
}
