//! Production orders, material issues, receipts.

use serde_json::{Value as Json, json};
use yuanliu_company::{Company, MoveKind, Run, Status};

use super::{Filler, ORG, ORG_NAME, day, number, object, text, trail, verify_state};
use crate::data::Object;

pub(super) fn fill(filler: &mut Filler, company: &Company) {
    orders(filler, company);
    moves(filler, company);
    receipts(filler, company);
}

/// Lines of one document stand next to each other in the company's list.
fn orders(filler: &mut Filler, company: &Company) {
    for runs in company.runs.chunk_by(|one, next| one.document_no == next.document_no) {
        let Some(first) = runs.first() else { continue };
        let status = match first.status {
            Status::Draft => 0,
            Status::Approved => 5,
            Status::Closed | Status::Cancelled => 2,
        };
        let id = filler.id_of("order", &first.document_no);
        let mut header = object(json!({"id": id, "code": first.document_no, "orgId": ORG,
            "orgName": ORG_NAME, "productionDepartmentId": first.workshop,
            "departmentName": first.workshop, "transTypeCode": "PO-001", "status": status,
            "verifystate": verify_state(first.status)}));
        trail(&mut header, first.status, first.start - chrono::TimeDelta::days(2));
        let lines = runs.iter().map(|run| order_line(filler, company, run)).collect();
        filler.put(Object::ProductionOrder, Json::Object(header), lines);
    }
}

fn order_line(filler: &mut Filler, company: &Company, run: &Run) -> Json {
    let made = if run.pallets > 0 { run.planned_qty } else { 0 };
    let product = company.products.get(run.product);
    let wanted = product.into_iter().flat_map(|product| &product.materials);
    let mut materials = Vec::new();
    for material in wanted.filter_map(|at| company.materials.get(*at)) {
        let id = filler.take_id();
        let quantity = material.per_item.times(run.planned_qty).to_string();
        materials.push(json!({"id": id, "productCode": material.code,
            "recipientQuantity": number(&quantity), "mainUnitName": material.unit}));
    }
    json!({"OrderProduct_id": filler.take_id(), "OrderProduct_lineNo": run.line_no * 10,
        "OrderProduct_materialCode": product.map(|product| product.code.as_str()),
        "OrderProduct_materialName": product.map(|product| product.name.as_str()),
        "OrderProduct_quantity": run.planned_qty, "OrderProduct_mrpQuantity": run.planned_qty,
        "OrderProduct_completedQuantity": made, "OrderProduct_incomingQuantity": made,
        "OrderProduct_startDate": text(run.start), "OrderProduct_finishDate": text(run.end),
        "OrderProduct_mainUnitName": "件", "orderMaterial": materials})
}

/// Feeds are further issues; returns are issues below zero.
fn moves(filler: &mut Filler, company: &Company) {
    for moved in &company.moves {
        let Some(run) = company.runs.get(moved.run) else { continue };
        let sign = if moved.kind == MoveKind::Return { -1 } else { 1 };
        let id = filler.take_id().to_string();
        let mut header = object(json!({"id": id, "code": moved.no, "vouchdate": day(moved.at),
            "warehouse": filler.id_of("warehouse", "material"), "warehouse_name": "材料库",
            "srcbill": filler.id_of("order", &run.document_no).to_string(),
            "srcbillno": run.document_no, "bustype_name": "生产领料", "status": 1}));
        trail(&mut header, Status::Closed, moved.at);
        let mut lines = Vec::new();
        for (lot, quantity) in &moved.lines {
            let Some(lot) = company.lots.get(*lot) else { continue };
            let Some(material) = company.materials.get(lot.material) else { continue };
            let quantity = quantity.times(sign).to_string();
            lines.push(json!({"materOuts_id": filler.take_id().to_string(),
                "materOuts_product": filler.id_of("product", &material.code),
                "product_cCode": material.code, "product_cName": material.name,
                "batchno": lot.lot_no, "qty": number(&quantity), "subQty": number(&quantity)}));
        }
        filler.put(Object::MaterialOut, Json::Object(header), lines);
    }
}

fn receipts(filler: &mut Filler, company: &Company) {
    for receipt in &company.receipts {
        let Some(run) = company.runs.get(receipt.run) else { continue };
        let Some(product) = company.products.get(run.product) else { continue };
        let id = filler.take_id();
        let mut header = object(json!({"id": id, "code": receipt.no,
            "vouchdate": day(receipt.at), "warehouse_name": "成品库", "status": 1}));
        trail(&mut header, Status::Closed, receipt.at);
        let line = json!({"storeProRecords_id": filler.take_id(),
            "storeProRecords_product": filler.id_of("product", &product.code),
            "product_cCode": product.code, "product_cName": product.name, "qty": receipt.base_qty,
            "subQty": receipt.base_qty, "batchno": run.batch_no});
        filler.put(Object::StoreProRecord, Json::Object(header), vec![line]);
    }
}
