//! Production orders and the stock records that go with them.

use chrono::NaiveDateTime;
use serde_json::{Map, Value as Json, json};
use yuanliu_company::{Exact, MoveKind, Run, Status};

use super::super::{day, time};
use super::{Filler, USER, id};
use crate::data::PutError;

pub(super) fn fill(filler: &mut Filler<'_>) -> Result<(), PutError> {
    orders(filler)?;
    lots(filler)?;
    moves(filler)?;
    receipts(filler)
}

/// Lines of one document stand next to each other in the company's list; the document is of the
/// year in which its first line begins.
fn orders(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let mut position = 0;
    for lines in company.runs.chunk_by(|one, next| one.document_no == next.document_no) {
        let first = position;
        position += lines.len();
        let Some(run) = lines.first() else { continue };
        if !filler.is_of_year(run.start.date()) {
            continue;
        }
        filler.put(
            "mom_order",
            &json!({
            "MoId": id(first), "MoCode": run.document_no, "CreateDate": day(run.start.date()),
            "CreateTime": time(run.start), "CreateUser": USER}),
        )?;
        for (line, run) in lines.iter().enumerate() {
            order_line(filler, run, first, first + line)?;
        }
    }
    Ok(())
}

fn order_line(
    filler: &mut Filler<'_>,
    run: &Run,
    document: usize,
    position: usize,
) -> Result<(), PutError> {
    let company = filler.company;
    let Some(product) = company.products.get(run.product) else { return Ok(()) };
    let status = match run.status {
        Status::Draft | Status::Cancelled => 1,
        Status::Approved => 3,
        Status::Closed => 4,
    };
    let made = if run.pallets > 0 { run.planned_qty } else { 0 };
    let department = if run.workshop == "一车间" { "BM001" } else { "BM002" };
    filler.put(
        "mom_orderdetail",
        &json!({
        "MoDId": id(position), "MoId": id(document), "SortSeq": run.line_no, "MoClass": 1,
        "InvCode": product.code, "Qty": run.planned_qty, "QualifiedInQty": made, "Status": status,
        "MoLotCode": run.batch_no, "MDeptCode": department}),
    )?;
    filler.put(
        "mom_morder",
        &json!({
        "MoDId": id(position), "MoId": id(document), "StartDate": time(run.start),
        "DueDate": time(run.end)}),
    )?;
    for (sequence, material) in product.materials.iter().enumerate() {
        let Some(made_of) = company.materials.get(*material) else { continue };
        let needed = made_of.per_item.times(run.planned_qty).to_string();
        filler.put(
            "mom_moallocate",
            &json!({
            "AllocateId": demand(position, sequence), "MoDId": id(position),
            "SortSeq": (sequence + 1) * 10, "OpSeq": "0000", "InvCode": made_of.code,
            "Qty": needed, "IssQty": needed, "WIPType": 3}),
        )?;
    }
    Ok(())
}

/// Id of the demand of a production order line for one of its materials.
fn demand(run: usize, sequence: usize) -> i64 {
    id(run * 50 + sequence)
}

/// A stock record with its lines.
pub(super) struct Record<'a> {
    pub(super) kind: &'a str,
    pub(super) number: &'a str,
    pub(super) on: NaiveDateTime,
    pub(super) is_audited: bool,
    pub(super) header: Json,
    pub(super) lines: Vec<Json>,
}

impl Record<'_> {
    /// Stores it, if it is of the database's year.
    pub(super) fn put(self, filler: &mut Filler<'_>) -> Result<(), PutError> {
        if !filler.is_of_year(self.on.date()) {
            return Ok(());
        }
        let record = filler.next_id();
        let mut row = json!({
            "ID": record, "bRdFlag": i32::from(matches!(self.kind, "01" | "10")),
            "cVouchType": self.kind, "cCode": self.number, "dDate": day(self.on.date()),
            "bredvouch": 0, "cMaker": USER, "cHandler": self.is_audited.then_some(USER),
            "dVeriDate": self.is_audited.then(|| day(self.on.date())),
            "dnmaketime": time(self.on)});
        merge(&mut row, self.header);
        filler.put(&format!("rdrecord{}", self.kind), &row)?;
        for (line, given) in self.lines.into_iter().enumerate() {
            let mut row = json!({"AutoID": filler.next_id(), "ID": record, "irowno": line + 1});
            merge(&mut row, given);
            filler.put(&format!("rdrecords{}", self.kind), &row)?;
        }
        Ok(())
    }
}

fn merge(row: &mut Json, more: Json) {
    let more = if let Json::Object(more) = more { more } else { Map::new() };
    if let Json::Object(row) = row {
        row.extend(more);
    }
}

/// One purchase receipt for each lot: there the supplier stands.
fn lots(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for (position, lot) in company.lots.iter().enumerate() {
        let Some(material) = company.materials.get(lot.material) else { continue };
        let supplier = company.suppliers.get(material.supplier).map(|supplier| &supplier.code);
        let line = json!({"cInvCode": material.code, "iQuantity": 100_000, "cBatch": lot.lot_no});
        Record {
            kind: "01",
            number: &format!("CGRK{:06}", position + 1),
            on: lot.received.and_time(chrono::NaiveTime::MIN),
            is_audited: true,
            header: json!({"cBusType": "普通采购", "cVenCode": supplier}),
            lines: vec![line],
        }
        .put(filler)?;
    }
    Ok(())
}

fn moves(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for (position, moved) in company.moves.iter().enumerate() {
        let Some(run) = company.runs.get(moved.run) else { continue };
        let Some(product) = company.products.get(run.product) else { continue };
        let is_red = moved.kind == MoveKind::Return;
        let is_negative = is_red && position % 2 == 0;
        // Lines that were not made from the order name the demand only.
        let is_named = position % 4 != 3;
        let mut lines = Vec::new();
        for (lot, quantity) in &moved.lines {
            let Some(lot) = company.lots.get(*lot) else { continue };
            let Some(material) = company.materials.get(lot.material) else { continue };
            let units = if is_negative { -quantity.units } else { quantity.units };
            let sequence = product.materials.iter().position(|used| *used == lot.material);
            lines.push(json!({
                "cInvCode": material.code, "iQuantity": Exact { units, ..*quantity }.to_string(),
                "cBatch": lot.lot_no, "invcode": product.code,
                "iMPoIds": sequence.map(|sequence| demand(moved.run, sequence)),
                "cmocode": is_named.then_some(&run.document_no),
                "imoseq": is_named.then_some(run.line_no)}));
        }
        Record {
            kind: "11",
            number: &moved.no,
            on: moved.at,
            is_audited: true,
            header: json!({
                "cBusType": "领料", "cSource": "生产订单", "cMPoCode": run.document_no,
                "cWhCode": company.warehouses.get(2).map(|warehouse| &warehouse.code),
                "bredvouch": i32::from(is_red)}),
            lines,
        }
        .put(filler)?;
    }
    Ok(())
}

fn receipts(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for receipt in &company.receipts {
        let Some(run) = company.runs.get(receipt.run) else { continue };
        let Some(product) = company.products.get(run.product) else { continue };
        let line = json!({
            "cInvCode": product.code, "iQuantity": receipt.base_qty, "cBatch": run.batch_no,
            "dMadeDate": day(run.start.date()), "iMPoIds": id(receipt.run),
            "cmocode": run.document_no, "imoseq": run.line_no});
        Record {
            kind: "10",
            number: &receipt.no,
            on: receipt.at,
            is_audited: true,
            header: json!({
                "cBusType": "成品入库", "cSource": "生产订单", "cMPoCode": run.document_no,
                "cWhCode": company.warehouses.first().map(|warehouse| &warehouse.code)}),
            lines: vec![line],
        }
        .put(filler)?;
    }
    Ok(())
}
