//! Consignees with the orders and deliveries by which their items came.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// The orders and deliveries of one consignee.
#[derive(Default)]
struct Ways {
    orders: BTreeSet<String>,
    deliveries: Vec<Map<String, Value>>,
}

/// Adds `orders` and `deliveries` to each consignee; rows of deliveries name theirs.
///
/// Items that came by hand from another dealer may name no ship at all.
pub(super) fn with_ways(consignees: Vec<Value>, deliveries: Vec<Value>) -> Vec<Value> {
    let mut ways: BTreeMap<String, Ways> = BTreeMap::new();
    for delivery in deliveries {
        let Value::Object(mut delivery) = delivery else { continue };
        let Some(Value::String(dealer)) = delivery.shift_remove("dealer_code") else { continue };
        let ways = ways.entry(dealer).or_default();
        let is_known = |name: &str| delivery.get(name).is_some_and(|value| !value.is_null());
        let is_ship = is_known("delivery_no") || is_known("shipped_at");
        let order = delivery.get("order_no").and_then(Value::as_str);
        ways.orders.extend(order.map(str::to_owned));
        if is_ship {
            ways.deliveries.push(delivery);
        }
    }
    let with_ways = |mut consignee: Value| {
        let dealer = consignee["dealer_code"].as_str().unwrap_or_default();
        let ways = ways.remove(dealer).unwrap_or_default();
        consignee["orders"] = json!(ways.orders);
        consignee["deliveries"] = json!(ways.deliveries);
        consignee
    };
    consignees.into_iter().map(with_ways).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_consignee_has_its_own_ways() {
        let row = |dealer: &str, order: Value, delivery: Value| {
            json!({"dealer_code": dealer, "delivery_no": delivery, "order_no": order,
                   "shipped_at": null, "items": 1})
        };
        let deliveries = vec![
            row("D1", json!("SO2"), json!("DN2")),
            row("D1", json!("SO1"), json!("DN3")),
            row("D1", json!("SO2"), json!("DN4")),
            row("D2", Value::Null, Value::Null),
        ];
        let consignees = ["D1", "D2", "D3"].map(|dealer| json!({"dealer_code": dealer}));
        let found = with_ways(consignees.to_vec(), deliveries);
        assert_eq!(found[0]["orders"], json!(["SO1", "SO2"]));
        let numbers = found[0]["deliveries"].as_array().expect("a list");
        let numbers: Vec<_> = numbers.iter().map(|delivery| &delivery["delivery_no"]).collect();
        assert_eq!(numbers, ["DN2", "DN3", "DN4"]);
        assert!(found[0]["deliveries"][0]["dealer_code"].is_null());
        assert_eq!((&found[1]["orders"], &found[1]["deliveries"]), (&json!([]), &json!([])));
        assert_eq!(found[2]["orders"], json!([]));
    }
}
