//! Sales orders and outbound bills.

use serde_json::json;
use yuanliu_company::{Company, Delivery, Order, Place, Status};

use super::super::{TAX_PERCENT, at, day};
use super::{BRANCH, Filler, with_state};
use crate::data::PutError;

/// `FTranType`
const OUTBOUND: i64 = 21;
const SALES_ORDER: i64 = 81;

pub(super) fn fill(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for order in &company.orders {
        put_order(filler, order)?;
    }
    for delivery in &company.deliveries {
        outbound(filler, delivery, &delivery.no, Status::Approved)?;
    }
    // Bills that never took place, of the first delivery's goods.
    if let Some(first) = company.deliveries.first() {
        outbound(filler, first, "XOUTDRAFT1", Status::Draft)?;
        outbound(filler, first, "XOUTVOID1", Status::Cancelled)?;
    }
    Ok(())
}

fn ship_to(company: &Company, order: &Order) -> Option<String> {
    let dealer = company.dealers.get(order.dealer)?;
    company.places.get(dealer.place).map(Place::full_address)
}

fn put_order(filler: &mut Filler<'_>, order: &Order) -> Result<(), PutError> {
    let company = filler.company;
    let id = filler.next_id();
    let row = json!({
        "FBrNo": BRANCH, "FInterID": id, "FBillNo": order.no, "FDate": day(order.at.date()),
        "FCustID": at(&filler.ids.dealers, order.dealer), "FDeptID": 0, "FEmpID": 0,
        "FClosed": i32::from(order.status == Status::Closed), "FTranType": SALES_ORDER,
        "FCurrencyID": 1, "FExchangeRate": 1, "FFetchAdd": ship_to(company, order),
        "FExplanation": " ", "FHeadSelfS0151": "普通"});
    filler.put("SEOrder", &with_state(row, order.status, order.at.date()))?;
    filler.ids.orders.push(id);
    for (position, line) in order.lines.iter().enumerate() {
        let Some(product) = company.products.get(line.product) else { continue };
        let items = line.cases * i64::from(product.items_per_case);
        let amount = product.case_price.times(line.cases).untaxed(TAX_PERCENT);
        filler.put(
            "SEOrderEntry",
            &json!({
            "FBrNo": BRANCH, "FInterID": id, "FEntryID": position + 1,
            "FItemID": at(&filler.ids.products, line.product),
            "FUnitID": at(&filler.ids.cases, line.product), "FQty": items, "FAuxQty": line.cases,
            "FAuxPrice": product.case_price.untaxed(TAX_PERCENT).to_string(),
            "FAmount": amount.to_string(), "FDate": day(order.at.date())}),
        )?;
    }
    Ok(())
}

/// The stock stands on the header or on the lines, in one field or in the other.
fn outbound(
    filler: &mut Filler<'_>,
    delivery: &Delivery,
    number: &str,
    status: Status,
) -> Result<(), PutError> {
    let company = filler.company;
    let Some(order) = company.orders.get(delivery.order) else { return Ok(()) };
    let id = filler.next_id();
    let stock = at(&filler.ids.warehouses, delivery.warehouse);
    let (header_dc, header_sc, line_dc) = match id % 3 {
        0 => (stock, 0, stock),
        1 => (0, stock, 0),
        _ => (0, 0, stock),
    };
    let row = json!({
        "FBrNo": BRANCH, "FInterID": id, "FTranType": OUTBOUND, "FBillNo": number,
        "FDate": day(delivery.at.date()), "FSupplyID": at(&filler.ids.dealers, order.dealer),
        "FDCStockID": header_dc, "FSCStockID": header_sc, "FROB": 1,
        "FFetchAdd": ship_to(company, order), "FExplanation": " "});
    filler.put("ICStockBill", &with_state(row, status, delivery.at.date()))?;
    for (position, line) in delivery.lines.iter().enumerate() {
        let Some(ordered) = order.lines.get(line.order_line) else { continue };
        let Some(product) = company.products.get(ordered.product) else { continue };
        let items = line.cases * i64::from(product.items_per_case);
        let amount = product.case_price.times(line.cases).to_string();
        let source = at(&filler.ids.orders, delivery.order);
        // Every other line only knows the order as its source.
        let is_linked = position % 2 == 0;
        filler.put(
            "ICStockBillEntry",
            &json!({
            "FBrNo": BRANCH, "FInterID": id, "FEntryID": position + 1,
            "FItemID": at(&filler.ids.products, ordered.product),
            "FUnitID": at(&filler.ids.cases, ordered.product), "FQty": items,
            "FAuxQty": line.cases, "FBatchNo": " ",
            "FConsignPrice": product.case_price.to_string(), "FConsignAmount": amount,
            "FDCStockID": line_dc, "FSCStockID": 0, "FSourceTranType": SALES_ORDER,
            "FSourceInterId": source, "FSourceEntryID": line.order_line + 1,
            "FSourceBillNo": order.no, "FOrderInterID": if is_linked { source } else { 0 },
            "FOrderEntryID": if is_linked { line.order_line + 1 } else { 0 },
            "FOrderBillNo": if is_linked { order.no.as_str() } else { " " }}),
        )?;
    }
    Ok(())
}
