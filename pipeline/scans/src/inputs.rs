//! The material a consume event used up, and attributes: the two fields that hold JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::decimal::parse_decimal;
use crate::event::Input;
use crate::fields::Field;
use crate::record::{Raw, Slots};
use crate::reject::{Reason, Rejection, shown};

/// An object whose first name begins so is read back as something else.
const PRIVATE_NAME: &str = "\"$serde_json::private::";

/// Reads the list of inputs; the second value is the list as given if it holds unknown fields.
pub(crate) fn read_inputs(raw: Raw<'_>) -> Result<(Vec<Input>, Option<Value>), Rejection> {
    let invalid =
        |detail: &str| Err(Rejection::new(Reason::InputsInvalid, format!("`inputs`: {detail}")));
    let Some(Value::Array(list)) = json_of(raw) else {
        return invalid("write a JSON list of {material_code, lot_no, qty, unit}");
    };
    let mut inputs = Vec::with_capacity(list.len());
    let mut has_unknown = false;
    for entry in &list {
        let Value::Object(entry) = entry else {
            return invalid("every entry is an object {material_code, lot_no, qty, unit}");
        };
        let mut input = Input { material_code: String::new(), lot_no: None, qty: None, unit: None };
        for (name, value) in entry.iter().filter(|(_, value)| !value.is_null()) {
            let Some(text) = Raw::Json(value).text() else {
                return invalid("the fields of an entry are texts and numbers");
            };
            match name.to_ascii_lowercase().replace(['_', '-', ' '], "").as_str() {
                "materialcode" | "material" => text.clone_into(&mut input.material_code),
                "lotno" | "lot" => input.lot_no = given(text),
                "unit" | "uom" => input.unit = given(text),
                "qty" | "quantity" if text.is_empty() => {}
                "qty" | "quantity" => match parse_decimal(text) {
                    Ok(qty) => input.qty = Some(qty),
                    Err(_) => return invalid(&format!("`{}` is no quantity", shown(text))),
                },
                _ => has_unknown = true,
            }
        }
        if input.material_code.is_empty() {
            return invalid("every entry needs its material_code");
        }
        inputs.push(input);
    }
    Ok((inputs, has_unknown.then_some(Value::Array(list))))
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The value itself, or the JSON a text holds.
fn json_of(raw: Raw<'_>) -> Option<Value> {
    match raw {
        Raw::Json(Value::String(text)) => serde_json::from_str(text).ok(),
        Raw::Json(value) => Some(value.clone()),
        Raw::Cell(text) | Raw::Text(text) => serde_json::from_str(text).ok(),
        Raw::Null | Raw::Number(_) | Raw::List(_) => Some(raw.to_value()),
    }
}

/// Everything that has no field of its own, as one JSON object with sorted keys.
pub(crate) fn read_attributes(
    slots: &Slots<'_>,
    inputs: Option<Value>,
) -> Result<Option<String>, Rejection> {
    let given = match slots.get(Field::Attributes).map(json_of) {
        None => Map::new(),
        Some(Some(Value::Object(given))) => given,
        Some(_) => {
            let detail = "`attributes`: write a JSON object";
            return Err(Rejection::new(Reason::AttributesInvalid, detail));
        }
    };
    if given.is_empty() && slots.unknown.is_empty() && inputs.is_none() {
        return Ok(None);
    }
    let mut all: BTreeMap<String, Value> = given.into_iter().collect();
    let unknown = slots.unknown.iter().map(|(name, raw)| ((*name).to_owned(), raw.to_value()));
    for (name, value) in unknown.chain(inputs.map(|list| ("inputs".to_owned(), list))) {
        if all.get(&name).is_some_and(|other| *other != value) {
            let detail = format!("`{}` is also in `attributes`; give it once", shown(&name));
            return Err(Rejection::new(Reason::FieldTwice, detail));
        }
        all.insert(name, value);
    }
    let sorted: Map<String, Value> =
        all.into_iter().map(|(name, value)| (name, sorted(value))).collect();
    let text = Value::Object(sorted).to_string();
    if text.contains(PRIVATE_NAME) {
        let detail = "a name in it is one that JSON readers keep for themselves; use another";
        return Err(Rejection::new(Reason::AttributesInvalid, detail));
    }
    Ok(Some(text))
}

/// The depth is bounded by the JSON parser.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let object: BTreeMap<String, Value> = object.into_iter().collect();
            object.into_iter().map(|(name, value)| (name, sorted(value))).collect()
        }
        Value::Array(list) => list.into_iter().map(sorted).collect(),
        other => other,
    }
}
