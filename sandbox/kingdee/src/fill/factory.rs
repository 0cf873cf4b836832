//! Production orders, material documents, receipts, inspections.

use serde_json::{Value as Json, json};
use yuanliu_company::{Company, Exact, Inspected, MoveKind, Run, Status};

use super::ids::at;
use super::{Filler, object, text};

pub(super) fn fill(filler: &mut Filler, company: &Company) {
    orders(filler, company);
    moves(filler, company);
    receipts(filler, company);
    inspections(filler, company);
}

/// Lines of one document stand next to each other in the company's list.
fn orders(filler: &mut Filler, company: &Company) {
    let mut position = 0;
    for lines in company.runs.chunk_by(|one, next| one.document_no == next.document_no) {
        let Some(first) = lines.first() else { continue };
        let entry_ids: Vec<i64> = lines.iter().map(|_| filler.data.take_pk()).collect();
        let entries: Vec<Json> = lines
            .iter()
            .zip(&entry_ids)
            .enumerate()
            .map(|(line, (run, id))| order_line(filler, run, position + line, *id))
            .collect();
        let mut row = object(json!({
            "FBillNo": first.document_no, "FDate": first.start.date().to_string(),
            "FBillType": filler.ids.lookup("BOS_BillType", "SCDD01_SYS"),
            "FPrdOrgId": filler.ids.lookup("ORG_Organizations", "100"),
            "FTreeEntity": entries}));
        filler.trail(&mut row, first.status, first.start - chrono::TimeDelta::days(2));
        let pk = filler.put("PRD_MO", Json::Object(row));
        filler.ids.runs.extend(entry_ids.into_iter().map(|entry| (pk, entry)));
        position += lines.len();
    }
}

fn order_line(filler: &Filler, run: &Run, position: usize, id: i64) -> Json {
    let workshop = workshop(run);
    let status = match run.status {
        Status::Closed => "6",
        Status::Approved => "5",
        Status::Draft | Status::Cancelled => "1",
    };
    let made = if run.pallets > 0 { run.planned_qty } else { 0 };
    json!({
        "FEntryID": id, "FSeq": run.line_no,
        "FMaterialId": at(&filler.ids.products, run.product),
        "FUnitId": filler.ids.lookup("BD_UNIT", "Pcs"),
        "FQty": run.planned_qty, "FStockInQuaAuxQty": made, "FStockInQuaQty": made,
        "FNoStockInQty": run.planned_qty - made,
        "FPlanStartDate": text(run.start), "FPlanFinishDate": text(run.end),
        "FStartDate": (run.pallets > 0).then(|| text(run.start)),
        "FFinishDate": (run.pallets > 0).then(|| text(run.end)),
        "FStatus": status, "FLot": at(&filler.ids.batches, position),
        "FWorkShopID": filler.ids.lookup("BD_Department", workshop),
        "FStockId": at(&filler.ids.warehouses, 0),
        "F_YL_Line": run.line, "F_YL_Team": run.team})
}

fn workshop(run: &Run) -> &'static str {
    if run.workshop == "一车间" { "BM001" } else { "BM002" }
}

fn moves(filler: &mut Filler, company: &Company) {
    for moved in &company.moves {
        let Some(run) = company.runs.get(moved.run) else { continue };
        let form = match moved.kind {
            MoveKind::Issue => "PRD_PickMtrl",
            MoveKind::Feed => "PRD_FeedMtrl",
            MoveKind::Return => "PRD_ReturnMtrl",
        };
        let entries: Vec<Json> = moved
            .lines
            .iter()
            .map(|(lot, quantity)| {
                move_line(filler, company, moved.run, *lot, *quantity, moved.kind)
            })
            .collect();
        let mut row = object(json!({
            "FBillNo": moved.no, "FDate": moved.at.date().to_string(),
            "FBillType": filler.ids.lookup("BOS_BillType", "SCLLD_SYS"),
            "FPrdOrgId": filler.ids.lookup("ORG_Organizations", "100"),
            "FStockOrgId": filler.ids.lookup("ORG_Organizations", "100"),
            "FWorkShopId": filler.ids.lookup("BD_Department", workshop(run)),
            "FEntity": entries}));
        filler.trail(&mut row, Status::Closed, moved.at);
        filler.put(form, Json::Object(row));
    }
}

fn move_line(
    filler: &Filler,
    company: &Company,
    run: usize,
    lot: usize,
    quantity: Exact,
    kind: MoveKind,
) -> Json {
    let material = company.lots.get(lot).map_or(0, |lot| lot.material);
    let unit = company.materials.get(material).map_or("", |material| material.unit);
    let (document, entry) = filler.ids.runs.get(run).copied().unwrap_or_default();
    let order = company.runs.get(run);
    let quantity = quantity.to_string();
    let mut row = object(json!({
        "FMaterialId": at(&filler.ids.materials, material),
        "FUnitId": filler.ids.lookup("BD_UNIT", unit), "FAppQty": quantity,
        "FLot": at(&filler.ids.lots, lot), "FStockId": at(&filler.ids.warehouses, 2),
        "FMoBillNo": order.map(|run| run.document_no.as_str()), "FMoId": document,
        "FMoEntryId": entry, "FMoEntrySeq": order.map(|run| run.line_no),
        "FParentMaterialId": order.map(|run| at(&filler.ids.products, run.product))}));
    let keys = match kind {
        MoveKind::Return => ["FQty", "FBaseQty"],
        MoveKind::Issue | MoveKind::Feed => ["FActualQty", "FBaseActualQty"],
    };
    for key in keys {
        row.insert(key.to_owned(), json!(quantity));
    }
    Json::Object(row)
}

fn receipts(filler: &mut Filler, company: &Company) {
    for receipt in &company.receipts {
        let Some(run) = company.runs.get(receipt.run) else { continue };
        let (document, entry) = filler.ids.runs.get(receipt.run).copied().unwrap_or_default();
        let line = json!({
            "FMaterialId": at(&filler.ids.products, run.product),
            "FUnitId": filler.ids.lookup("BD_UNIT", "Pcs"),
            "FMustQty": receipt.base_qty, "FRealQty": receipt.base_qty,
            "FLot": at(&filler.ids.batches, receipt.run),
            "FStockId": at(&filler.ids.warehouses, 0), "FMoBillNo": run.document_no,
            "FMoId": document, "FMoEntryId": entry, "FMoEntrySeq": run.line_no,
            "FSrcBillNo": run.document_no, "FSrcEntrySeq": run.line_no,
            "FInStockType": "1", "FProductType": "1",
            "FProduceDate": run.start.date().to_string()});
        let mut row = object(json!({
            "FBillNo": receipt.no, "FDate": receipt.at.date().to_string(),
            "FPrdOrgId": filler.ids.lookup("ORG_Organizations", "100"),
            "FStockOrgId": filler.ids.lookup("ORG_Organizations", "100"), "FEntity": [line]}));
        filler.trail(&mut row, Status::Closed, receipt.at);
        filler.put("PRD_INSTOCK", Json::Object(row));
    }
}

fn inspections(filler: &mut Filler, company: &Company) {
    for inspection in &company.inspections {
        let (kind, material, lot, supplier, quantity) = match inspection.subject {
            Inspected::Lot(lot) => {
                let material = company.lots.get(lot).map_or(0, |lot| lot.material);
                let supplier = company.materials.get(material).map_or(0, |m| m.supplier);
                let supplier = at(&filler.ids.suppliers, supplier);
                let material = at(&filler.ids.materials, material);
                ("JYD001_SYS", material, at(&filler.ids.lots, lot), supplier, 500)
            }
            Inspected::Run(run) => {
                let product = company.runs.get(run).map_or(0, |run| run.product);
                let quantity = company.runs.get(run).map_or(0, |run| run.planned_qty);
                let material = at(&filler.ids.products, product);
                ("JYD002_SYS", material, at(&filler.ids.batches, run), 0, quantity)
            }
        };
        let (good, bad) = if inspection.passed { (quantity, 0) } else { (0, quantity) };
        let line = json!({
            "FMaterialId": material, "FUnitID": filler.ids.lookup("BD_UNIT", "Pcs"),
            "FInspectQty": quantity, "FQualifiedQty": good, "FUnqualifiedQty": bad,
            "FInspectResult": if inspection.passed { "1" } else { "2" },
            "FLot": lot, "FSupplierId": supplier});
        let inspector = company.employees.get(inspection.inspector);
        let inspector = inspector.map_or(0, |who| filler.ids.lookup("BD_OPERATOR", &who.code));
        let mut row = object(json!({
            "FBillNo": inspection.no, "FDate": inspection.at.date().to_string(),
            "FBillTypeID": filler.ids.lookup("BOS_BillType", kind),
            "FInspectOrgId": filler.ids.lookup("ORG_Organizations", "100"),
            "FInspectorId": inspector, "FEntity": [line]}));
        filler.trail(&mut row, Status::Closed, inspection.at);
        filler.put("QM_InspectBill", Json::Object(row));
    }
}
