//! Sales orders and deliveries.

use serde_json::{Value as Json, json};
use yuanliu_company::{Company, Order, Place, Product, Status};

use super::ids::at;
use super::masters::case_unit;
use super::{Filler, object, text};

/// Value added tax, per cent.
const TAX_PERCENT: i64 = 13;

pub(super) fn fill(filler: &mut Filler, company: &Company) {
    let entries = orders(filler, company);
    deliveries(filler, company, &entries);
}

/// Price, amounts and units of so many cases of a product.
fn priced(filler: &Filler, product: &Product, cases: i64) -> serde_json::Map<String, Json> {
    let amount = product.case_price.times(cases);
    object(json!({
        "FTaxPrice": product.case_price.to_string(),
        "FPrice": product.case_price.untaxed(TAX_PERCENT).to_string(),
        "FAllAmount": amount.to_string(), "FAmount": amount.untaxed(TAX_PERCENT).to_string(),
        "FBaseUnitQty": cases * i64::from(product.items_per_case),
        "FUnitId": filler.ids.lookup("BD_UNIT", &case_unit(product.items_per_case))}))
}

fn ship_to(company: &Company, order: &Order) -> Option<String> {
    let dealer = company.dealers.get(order.dealer)?;
    company.places.get(dealer.place).map(Place::full_address)
}

/// Stores the orders and answers the entry ids of their lines.
fn orders(filler: &mut Filler, company: &Company) -> Vec<Vec<i64>> {
    let mut delivered: Vec<Vec<i64>> =
        company.orders.iter().map(|order| vec![0; order.lines.len()]).collect();
    for delivery in &company.deliveries {
        for line in &delivery.lines {
            let cases = delivered
                .get_mut(delivery.order)
                .and_then(|lines: &mut Vec<i64>| lines.get_mut(line.order_line));
            if let Some(cases) = cases {
                *cases += line.cases;
            }
        }
    }
    let mut entry_ids = Vec::with_capacity(company.orders.len());
    for (order, delivered) in company.orders.iter().zip(&delivered) {
        let ids: Vec<i64> = order.lines.iter().map(|_| filler.data.take_pk()).collect();
        let mut entries = Vec::new();
        for ((line, out), id) in order.lines.iter().zip(delivered).zip(&ids) {
            let Some(product) = company.products.get(line.product) else { continue };
            let mut entry = priced(filler, product, line.cases);
            entry.insert("FEntryID".into(), json!(id));
            let material = at(&filler.ids.products, line.product);
            entry.insert("FMaterialId".into(), json!(material));
            entry.insert("FQty".into(), json!(line.cases));
            entry.insert("FStockOutQty".into(), json!(out));
            entry.insert("FEntryTaxRate".into(), json!(TAX_PERCENT));
            entry
                .insert("FDeliveryDate".into(), json!(text(order.at + chrono::TimeDelta::days(5))));
            entry.insert("FMrpCloseStatus".into(), json!("A"));
            entries.push(Json::Object(entry));
        }
        let customer = at(&filler.ids.dealers, order.dealer);
        let mut row = object(json!({
            "FBillNo": order.no, "FDate": order.at.date().to_string(),
            "FBillTypeID": filler.ids.lookup("BOS_BillType", "XSDD01_SYS"),
            "FCustId": customer, "FReceiveId": customer,
            "FSaleOrgId": filler.ids.lookup("ORG_Organizations", "100"),
            "FSaleDeptId": filler.ids.lookup("BD_Department", "BM003"),
            "FReceiveAddress": ship_to(company, order),
            "FSettleCurrId": filler.ids.lookup("BD_Currency", "PRE001"), "FExchangeRate": "1",
            "FCloseStatus": if order.status == Status::Closed { "B" } else { "A" },
            "FSaleOrderEntry": entries}));
        filler.trail(&mut row, order.status, order.at);
        filler.put("SAL_SaleOrder", Json::Object(row));
        entry_ids.push(ids);
    }
    entry_ids
}

fn deliveries(filler: &mut Filler, company: &Company, entry_ids: &[Vec<i64>]) {
    for delivery in &company.deliveries {
        let Some(order) = company.orders.get(delivery.order) else { continue };
        let mut entries = Vec::new();
        for line in &delivery.lines {
            let Some(ordered) = order.lines.get(line.order_line) else { continue };
            let Some(product) = company.products.get(ordered.product) else { continue };
            let mut entry = priced(filler, product, line.cases);
            // This form spells the keys of unit and material with a capital D.
            if let Some(unit) = entry.remove("FUnitId") {
                entry.insert("FUnitID".into(), unit);
            }
            let material = at(&filler.ids.products, ordered.product);
            let ids = entry_ids.get(delivery.order);
            let source = ids.and_then(|ids| ids.get(line.order_line));
            entry.insert("FMaterialID".into(), json!(material));
            entry.insert("FMustQty".into(), json!(line.cases));
            entry.insert("FRealQty".into(), json!(line.cases));
            entry.insert("FStockID".into(), json!(at(&filler.ids.warehouses, delivery.warehouse)));
            entry.insert("FSrcBillNo".into(), json!(order.no));
            entry.insert("FSoorDerno".into(), json!(order.no));
            entry.insert("FSOEntryId".into(), json!(source.copied().unwrap_or_default()));
            entries.push(Json::Object(entry));
        }
        let customer = at(&filler.ids.dealers, order.dealer);
        let mut row = object(json!({
            "FBillNo": delivery.no, "FDate": delivery.at.date().to_string(),
            "FBillTypeID": filler.ids.lookup("BOS_BillType", "XSCKD01_SYS"),
            "FCustomerID": customer, "FReceiverID": customer,
            "FSaleOrgId": filler.ids.lookup("ORG_Organizations", "100"),
            "FStockOrgId": filler.ids.lookup("ORG_Organizations", "100"),
            "FReceiveAddress": ship_to(company, order),
            "FCarrierID": filler.ids.lookup("BD_Supplier", delivery.carrier),
            "FCarriageNO": delivery.waybill_no, "FEntity": entries}));
        filler.trail(&mut row, Status::Closed, delivery.at);
        filler.put("SAL_OUTSTOCK", Json::Object(row));
    }
}
