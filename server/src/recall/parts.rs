//! A recall as tables: one for each part of the answer.

use serde_json::{Map, Value};

use crate::output::{Cell, Part};

/// The lists of the answer.
const LISTS: [&str; 4] = ["consignees", "regions", "work_orders", "materials"];

/// Every part of an answer, empty lists left out.
pub(crate) fn parts(answer: &Value) -> Vec<Part> {
    let mut scope = facts("scope", &answer["scope"]);
    scope.rows.push(vec![Cell::Text("items".to_owned()), Cell::from_json(&answer["items"])]);
    let mut parts = vec![scope, states(&answer["states"]), facts("balance", &answer["balance"])];
    for list in LISTS {
        parts.extend(listed(list, rows_of(&answer[list]), &["deliveries"]));
    }
    let deliveries: Vec<Value> = rows_of(&answer["consignees"]).iter().flat_map(ways).collect();
    parts.extend(listed("deliveries", &deliveries, &[]));
    parts.push(facts("timings_ms", &answer["timings_ms"]));
    parts
}

/// The deliveries of one consignee, each with the consignee's code.
fn ways(consignee: &Value) -> Vec<Value> {
    let with_code = |delivery: &Value| {
        let mut row = Map::new();
        row.insert("dealer_code".to_owned(), consignee["dealer_code"].clone());
        row.extend(delivery.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
        Value::Object(row)
    };
    rows_of(&consignee["deliveries"]).iter().map(with_code).collect()
}

fn rows_of(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn facts(name: &str, object: &Value) -> Part {
    let pairs = object.as_object().into_iter().flatten();
    Part {
        name: name.to_owned(),
        header: vec!["fact".to_owned(), "value".to_owned()],
        rows: pairs.map(|(key, v)| vec![Cell::Text(key.clone()), Cell::from_json(v)]).collect(),
    }
}

fn states(states: &Value) -> Part {
    let pairs = states.as_object().into_iter().flatten();
    let row = |(state, split): (&String, &Value)| {
        let count = |name: &str| Cell::from_json(&split[name]);
        vec![Cell::Text(state.clone()), count("verified"), count("inferred")]
    };
    Part {
        name: "states".to_owned(),
        header: ["state", "verified", "inferred"].map(str::to_owned).to_vec(),
        rows: pairs.map(row).collect(),
    }
}

fn listed(name: &str, rows: &[Value], left_out: &[&str]) -> Option<Part> {
    let first = rows.first()?.as_object()?;
    let kept = |key: &&String| !left_out.contains(&key.as_str());
    let header: Vec<String> = first.keys().filter(kept).cloned().collect();
    let row = |row: &Value| header.iter().map(|key| Cell::from_json(&row[key])).collect();
    let rows = rows.iter().map(row).collect();
    Some(Part { name: name.to_owned(), header, rows })
}
