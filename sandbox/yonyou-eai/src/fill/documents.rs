//! Documents (单据): quantities in the main unit, returns negative.

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::{Value, json};
use yuanliu_company::{Company, Exact, MoveKind, Order, Product, Status};

use super::row;
use crate::data::{Dataset, Record};

/// Value added tax, per cent.
const TAX_PERCENT: i64 = 13;

pub(super) fn fill(data: &mut Dataset, company: &Company) {
    for order in &company.orders {
        data.put("saleorder", sales_order(company, order));
    }
    for delivery in &company.deliveries {
        let Some(order) = company.orders.get(delivery.order) else { continue };
        let lines = delivery.lines.iter().filter_map(|line| {
            let ordered = order.lines.get(line.order_line)?;
            let product = company.products.get(ordered.product)?;
            let quantity = line.cases * i64::from(product.items_per_case);
            Some(json!({"inventorycode": product.code, "quantity": quantity.to_string(),
                "subconsignmentid": ""}))
        });
        let dealer = company.dealers.get(order.dealer).map(|dealer| dealer.code.clone());
        let mut header = stock_header(company, &delivery.no, delivery.at, delivery.warehouse);
        header.extend(row([
            ("businesstype", "普通销售".to_owned()),
            ("source", "销售订单".to_owned()),
            ("businesscode", order.no.clone()),
            ("customercode", dealer.unwrap_or_default()),
        ]));
        header.extend(row([("vouchtype", "32".to_owned()), ("receiveflag", "0".to_owned())]));
        put(data, "storeout", header, lines.collect());
    }
    for moved in &company.moves {
        let Some(run) = company.runs.get(moved.run) else { continue };
        let lines = moved.lines.iter().filter_map(|(lot, quantity)| {
            let lot = company.lots.get(*lot)?;
            let material = company.materials.get(lot.material)?;
            let sign = if moved.kind == MoveKind::Return { -1 } else { 1 };
            Some(json!({"inventorycode": material.code, "serial": lot.lot_no,
                "quantity": quantity.times(sign).to_string()}))
        });
        let mut header = stock_header(company, &moved.no, moved.at, 2);
        header.extend(row([
            ("businesstype", "领料".to_owned()),
            ("source", "生产订单".to_owned()),
            ("businesscode", run.document_no.clone()),
        ]));
        header.extend(row([("vouchtype", "11".to_owned()), ("receiveflag", "0".to_owned())]));
        put(data, "storeout", header, lines.collect());
    }
    for receipt in &company.receipts {
        let Some(run) = company.runs.get(receipt.run) else { continue };
        let Some(product) = company.products.get(run.product) else { continue };
        let line = json!({"inventorycode": product.code, "serial": run.batch_no,
            "quantity": receipt.base_qty.to_string(), "makedate": run.start.date().to_string()});
        let mut header = stock_header(company, &receipt.no, receipt.at, 0);
        header.extend(row([
            ("businesstype", "成品入库".to_owned()),
            ("source", "生产订单".to_owned()),
            ("businesscode", run.document_no.clone()),
        ]));
        header.extend(row([("vouchtype", "10".to_owned()), ("receiveflag", "1".to_owned())]));
        put(data, "storein", header, vec![line]);
    }
}

fn put(data: &mut Dataset, resource: &str, mut header: Record, lines: Vec<Value>) {
    header.insert("entry".to_owned(), Value::Array(lines));
    data.put(resource, header);
}

fn sales_order(company: &Company, order: &Order) -> Record {
    let (mut sum, mut money) = (0, 0);
    let mut lines = Vec::new();
    for (position, line) in order.lines.iter().enumerate() {
        let Some(product) = company.products.get(line.product) else { continue };
        let amount = product.case_price.times(line.cases);
        let untaxed = amount.untaxed(TAX_PERCENT);
        sum += amount.units;
        money += untaxed.units;
        lines.push(order_line(product, line.cases, position + 1, amount, untaxed));
    }
    let is_approved = matches!(order.status, Status::Approved | Status::Closed);
    let clock = |at: NaiveDateTime| at.format("%Y-%m-%d %H:%M:%S").to_string();
    let when = |is_done: bool, text: String| if is_done { text } else { String::new() };
    let dealer = company.dealers.get(order.dealer);
    let dealer = |text: fn(&yuanliu_company::Dealer) -> &String| {
        dealer.map(|dealer| text(dealer).clone()).unwrap_or_default()
    };
    let mut header = row([
        ("code", order.no.clone()),
        ("date", order.at.date().to_string()),
        ("businesstype", "普通销售".to_owned()),
        ("state", if is_approved { "Approved" } else { "Opening" }.to_owned()),
        ("custcode", dealer(|dealer| &dealer.code)),
        ("cusname", dealer(|dealer| &dealer.name)),
        ("money", Exact::cents(money).to_string()),
        ("sum", Exact::cents(sum).to_string()),
        ("maker", "demo".to_owned()),
        ("verifier", when(is_approved, "demo2".to_owned())),
        ("closer", when(order.status == Status::Closed, "demo2".to_owned())),
        ("_dverifydate", when(is_approved, clock(order.at + TimeDelta::minutes(18)))),
    ]);
    header.insert("entry".to_owned(), Value::Array(lines));
    header
}

fn order_line(
    product: &Product,
    cases: i64,
    number: usize,
    amount: Exact,
    untaxed: Exact,
) -> Value {
    let quantity = cases * i64::from(product.items_per_case);
    json!({"rowno": number.to_string(), "inventorycode": product.code,
        "quantity": quantity.to_string(), "num": cases.to_string(),
        "unitrate": product.items_per_case.to_string(),
        "taxunitprice": per_item(product.case_price, product.items_per_case),
        "money": untaxed.to_string(), "sum": amount.to_string()})
}

/// The price of an item, cut at ten digits after the point.
fn per_item(case: Exact, items: u32) -> String {
    let scaled = i128::from(case.units) * 100_000_000 / i128::from(items.max(1));
    format!("{}.{:010}", scaled / 10_000_000_000, scaled % 10_000_000_000)
}

/// The header columns that receipts and issues share; the company's are all audited.
fn stock_header(company: &Company, no: &str, at: NaiveDateTime, warehouse: usize) -> Record {
    let warehouse = company.warehouses.get(warehouse).map(|warehouse| warehouse.code.clone());
    row([
        ("code", no.to_owned()),
        ("date", at.date().to_string()),
        ("warehousecode", warehouse.unwrap_or_default()),
        ("maker", "demo".to_owned()),
        ("handler", "demo2".to_owned()),
        ("auditdate", at.format("%Y-%m-%dT%H:%M:%S%.3f+08:00").to_string()),
    ])
}
