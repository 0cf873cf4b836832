//! Sales orders and outbound records.

use serde_json::json;
use yuanliu_company::{Company, Delivery, Order, Place, Status};

use super::super::{TAX_PERCENT, day, time};
use super::factory::Record;
use super::masters::case_unit;
use super::{Filler, USER, id};
use crate::data::PutError;

/// Most lines of one order; ids of lines are made of both positions.
const LINES_MAX: usize = 20;

pub(super) fn fill(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for (position, order) in company.orders.iter().enumerate() {
        let made_here = filler.is_of_year(order.at.date());
        if made_here || (filler.year == 1 && is_carried_over(filler, position)) {
            put_order(filler, order, position)?;
        }
    }
    for delivery in &company.deliveries {
        outbound(filler, delivery, &delivery.no, true)?;
    }
    // A record that nobody audited, of the first delivery's goods.
    if let Some(first) = company.deliveries.first() {
        outbound(filler, first, "XSCKDRAFT1", false)?;
    }
    Ok(())
}

/// Whether goods of an order left after the turn of the year.
fn is_carried_over(filler: &Filler<'_>, order: usize) -> bool {
    let late = |delivery: &&Delivery| delivery.order == order && delivery.at.date() >= filler.turn;
    filler.company.deliveries.iter().any(|delivery| late(&delivery))
}

fn ship_to(company: &Company, order: &Order) -> Option<String> {
    let dealer = company.dealers.get(order.dealer)?;
    company.places.get(dealer.place).map(Place::full_address)
}

fn put_order(filler: &mut Filler<'_>, order: &Order, position: usize) -> Result<(), PutError> {
    let company = filler.company;
    // In the old year's database an order that is carried over was not closed yet.
    let is_open = filler.year == 0 && is_carried_over(filler, position);
    let is_audited = matches!(order.status, Status::Approved | Status::Closed);
    let is_closed = order.status == Status::Closed && !is_open;
    let dealer = company.dealers.get(order.dealer);
    filler.put(
        "SO_SOMain",
        &json!({
        "ID": id(position), "cSOCode": order.no, "dDate": day(order.at.date()),
        "cBusType": "普通销售", "cSTCode": "01", "cCusCode": dealer.map(|dealer| &dealer.code),
        "cCusName": dealer.map(|dealer| &dealer.name), "cexch_name": "人民币", "iExchRate": 1,
        "iTaxRate": TAX_PERCENT, "cMemo": " ", "cCusOAddress": ship_to(company, order),
        "iStatus": i32::from(is_audited), "bReturnFlag": false, "cMaker": USER,
        "cVerifier": is_audited.then_some(USER), "cCloser": is_closed.then_some(USER),
        "dcreatesystime": time(order.at), "dverifydate": is_audited.then(|| day(order.at.date())),
        "cDefine1": "普通"}),
    )?;
    for (line, ordered) in order.lines.iter().enumerate() {
        let Some(product) = company.products.get(ordered.product) else { continue };
        let items = ordered.cases * i64::from(product.items_per_case);
        let amount = product.case_price.times(ordered.cases);
        let untaxed = amount.untaxed(TAX_PERCENT);
        // Prices are per main unit.
        let price = per_item(product.case_price.units, product.items_per_case);
        filler.put(
            "SO_SODetails",
            &json!({
            "AutoID": line_id(position, line), "iSOsID": line_id(position, line),
            "ID": id(position), "cSOCode": order.no, "iRowNo": line + 1, "cInvCode": product.code,
            "cInvName": product.name, "iQuantity": items, "iNum": ordered.cases,
            "iInvExchRate": product.items_per_case, "cUnitID": case_unit(product),
            "iTaxUnitPrice": price, "iMoney": untaxed.to_string(), "iSum": amount.to_string(),
            "iTaxRate": TAX_PERCENT, "dPreDate": day(order.at.date())}),
        )?;
    }
    Ok(())
}

/// Hundredths of a case's price as an item's price with ten digits.
fn per_item(case_cents: i64, items: u32) -> String {
    let scaled = i128::from(case_cents) * 100_000_000 / i128::from(items.max(1));
    format!("{}.{:010}", scaled / 10_000_000_000, scaled % 10_000_000_000)
}

fn line_id(order: usize, line: usize) -> i64 {
    id(order * LINES_MAX + line)
}

fn outbound(
    filler: &mut Filler<'_>,
    delivery: &Delivery,
    number: &str,
    is_audited: bool,
) -> Result<(), PutError> {
    let company = filler.company;
    let Some(order) = company.orders.get(delivery.order) else { return Ok(()) };
    let mut lines = Vec::new();
    for line in &delivery.lines {
        let Some(ordered) = order.lines.get(line.order_line) else { continue };
        let Some(product) = company.products.get(ordered.product) else { continue };
        let items = line.cases * i64::from(product.items_per_case);
        lines.push(json!({
            "cInvCode": product.code, "iQuantity": items, "iNum": line.cases,
            "cAssUnit": case_unit(product), "iinvexchrate": product.items_per_case, "cBatch": " ",
            "iorderdid": line_id(delivery.order, line.order_line), "iordercode": order.no,
            "iorderseq": line.order_line + 1}));
    }
    Record {
        kind: "32",
        number,
        on: delivery.at,
        is_audited,
        header: json!({
            "cBusType": "普通销售", "cSource": "发货单",
            "cWhCode": company.warehouses.get(delivery.warehouse).map(|warehouse| &warehouse.code),
            "cCusCode": company.dealers.get(order.dealer).map(|dealer| &dealer.code)}),
        lines,
    }
    .put(filler)
}
