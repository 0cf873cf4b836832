//! Sales orders and goods issues.

use serde_json::{Map, Value as Json, json};
use yuanliu_company::{Company, Product, Status};

use super::{Filler, ORG, ORG_NAME, day, number, object, trail, verify_state};
use crate::data::Object;

/// The one tax rate.
const TAX_PERCENT: i64 = 13;

pub(super) fn fill(filler: &mut Filler, company: &Company) {
    orders(filler, company);
    deliveries(filler, company);
}

/// Pieces are the main unit, cases the one that is sold and priced.
fn quantities(product: &Product, cases: i64) -> Map<String, Json> {
    object(json!({"qty": cases * i64::from(product.items_per_case), "subQty": cases,
        "oriSum": number(&product.case_price.times(cases).to_string()),
        "taxRate": TAX_PERCENT}))
}

fn orders(filler: &mut Filler, company: &Company) {
    for order in &company.orders {
        let dealer = company.dealers.get(order.dealer);
        let code = dealer.map_or("", |dealer| &dealer.code);
        let next = match order.status {
            Status::Draft => "CONFIRMORDER",
            Status::Approved => "DELIVERGOODS",
            Status::Closed => "ENDORDER",
            Status::Cancelled => "OPPOSE",
        };
        let id = filler.id_of("sales", &order.no);
        let mut header = object(json!({"id": id, "orderId": id, "code": order.no,
            "vouchdate": day(order.at), "salesOrgId": ORG, "salesOrgId_name": ORG_NAME,
            "agentId": filler.id_of("merchant", code),
            "agentId_name": dealer.map(|dealer| dealer.name.as_str()), "nextStatus": next,
            "verifystate": verify_state(order.status),
            "orderPrices": {"currency": "CNY", "exchRate": 1},
            "headItem": {"define1": dealer.map(|dealer| dealer.channel)}}));
        trail(&mut header, order.status, order.at);
        let mut lines = Vec::new();
        for (at, line) in order.lines.iter().enumerate() {
            let Some(product) = company.products.get(line.product) else { continue };
            let amount = product.case_price.times(line.cases).untaxed(TAX_PERCENT).to_string();
            let mut row = quantities(product, line.cases);
            row.extend(object(json!({"orderDetailId": filler.take_id(), "lineno": (at + 1) * 10,
                "productId": filler.id_of("product", &product.code), "productCode": product.code,
                "productName": product.name, "priceQty": line.cases, "qtyName": "件",
                "productUnitName": format!("箱({}件)", product.items_per_case),
                "oriTaxUnitPrice": number(&product.case_price.to_string()),
                "orderDetailPrices": {"oriMoney": number(&amount)}})));
            lines.push(Json::Object(row));
        }
        filler.put(Object::SalesOrder, Json::Object(header), lines);
    }
}

fn deliveries(filler: &mut Filler, company: &Company) {
    for delivery in &company.deliveries {
        let Some(order) = company.orders.get(delivery.order) else { continue };
        let dealer = company.dealers.get(order.dealer);
        let warehouse = company.warehouses.get(delivery.warehouse);
        let id = filler.take_id();
        let mut header = object(json!({"id": id, "code": delivery.no,
            "vouchdate": day(delivery.at), "org": ORG, "accountOrg": ORG,
            "cust": filler.id_of("merchant", dealer.map_or("", |dealer| &dealer.code)),
            "cust_name": dealer.map(|dealer| dealer.name.as_str()),
            "warehouse": filler.id_of("warehouse", warehouse.map_or("", |house| &house.code)),
            "warehouse_name": warehouse.map(|house| house.name.as_str()),
            "firstupcode": order.no, "srcBillNO": order.no, "status": 1}));
        trail(&mut header, Status::Closed, delivery.at);
        let mut lines = Vec::new();
        for line in &delivery.lines {
            let ordered = order.lines.get(line.order_line);
            let Some(product) = ordered.and_then(|line| company.products.get(line.product)) else {
                continue;
            };
            let mut row = quantities(product, line.cases);
            row.extend(object(json!({"details_id": filler.take_id(),
                "details_product": filler.id_of("product", &product.code),
                "product_cCode": product.code, "product_cName": product.name,
                "unit": filler.id_of("unit", "Pcs").to_string(), "unit_name": "件"})));
            lines.push(Json::Object(row));
        }
        filler.put(Object::SalesOut, Json::Object(header), lines);
    }
}
