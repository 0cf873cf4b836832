//! The request of a save (reference: yonyou.md 1.7).

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Map, Number, Value, json};
use yuanliu_contract::OutgoingDocument;

use super::mapping::{KEY, Mapping};
use crate::list::put;
use crate::wall_clock;

/// What a document and each of its lines is to the platform.
const STATUS: &str = "_status";
const INSERT: &str = "Insert";

/// The idempotency key, at most 32 characters; remembered for an hour.
const RESUBMIT_KEY: &str = "resubmitCheckKey";

/// The whole request, or what is wrong with the document. Empty fields are left out: since 2025-03
/// an explicit null reaches the backend.
pub(super) fn envelope(mapping: &Mapping, document: &OutgoingDocument) -> Result<Value, String> {
    let key = json!(document.key);
    let value = |name: &str| if name == KEY { &key } else { &document.body[name] };
    let mut data = object(mapping, &mapping.header, &mapping.fixed, value)?;
    if let Some(array) = &mapping.lines {
        let lines = document.body["lines"].as_array().ok_or("the document has no lines")?;
        let lines: Result<Vec<Value>, String> = lines
            .iter()
            .map(|line| {
                let value = |name: &str| &line[name];
                object(mapping, &mapping.line, &mapping.fixed_line, value).map(Value::Object)
            })
            .collect();
        put(&mut data, array, Value::Array(lines?));
    }
    data.insert(RESUBMIT_KEY.to_owned(), key.clone());
    Ok(json!({ "data": data }))
}

fn object<'d>(
    mapping: &Mapping,
    fields: &BTreeMap<String, String>,
    fixed: &toml::Table,
    value: impl Fn(&str) -> &'d Value,
) -> Result<Map<String, Value>, String> {
    let mut object = Map::new();
    for (name, constant) in fixed {
        put(&mut object, name, json!(constant));
    }
    for (name, ours) in fields {
        if let Some(value) = convert(mapping, ours, value(ours))? {
            put(&mut object, name, value);
        }
    }
    object.insert(STATUS.to_owned(), json!(INSERT));
    Ok(object)
}

/// A value as the platform takes it; none if there is nothing in it.
fn convert(mapping: &Mapping, ours: &str, value: &Value) -> Result<Option<Value>, String> {
    let Some(text) = crate::envelope::text(value).filter(|text| !text.is_empty()) else {
        return match value {
            Value::Null | Value::String(_) => Ok(None),
            _ => Err(format!("{ours} is neither a text nor a number")),
        };
    };
    if let Some(words) = mapping.values.get(ours) {
        let word =
            words.get(&text).ok_or_else(|| format!("no value is mapped for {ours} `{text}`"))?;
        return Ok(Some(json!(word)));
    }
    if ours.ends_with("_at") {
        let time = DateTime::parse_from_rfc3339(&text)
            .map_err(|_| format!("{ours} `{text}` is not a time such as 2026-01-31T08:00:00Z"))?;
        return Ok(Some(json!(wall_clock::text(time.to_utc()))));
    }
    if ours == "qty" {
        // The digits as they are: a quantity never passes through a float.
        let number: Number =
            serde_json::from_str(&text).map_err(|_| format!("{ours} `{text}` is not a number"))?;
        return Ok(Some(Value::Number(number)));
    }
    Ok(Some(Value::String(text)))
}

#[cfg(test)]
mod tests {
    use yuanliu_contract::OutgoingKind;

    use super::*;

    fn mapping() -> Mapping {
        let text = r#"
            path = "/yonbip/demo/save"
            lines = "details"
            header = { code = "key", vouchdate = "shipped_at", "headItem.define1" = "order_no", memo = "warehouse_code" }
            line = { product = "product_code", qty = "qty", batchno = "batch_no" }
            fixed = { org = "1500000000000001" }
            fixed_line = { isGift = false }
        "#;
        let table = toml::from_str(text).unwrap();
        Mapping::read(OutgoingKind::DeliveryResult, "delivery_result", table).unwrap()
    }

    fn document(qty: &str) -> OutgoingDocument {
        OutgoingDocument {
            kind: OutgoingKind::DeliveryResult,
            key: "YL-1".to_owned(),
            body: json!({
                "order_no": "SO-1", "shipped_at": "2026-03-01T16:00:00Z", "warehouse_code": null,
                "lines": [{ "product_code": "M-1", "qty": qty, "batch_no": "" }],
            }),
        }
    }

    #[test]
    fn a_document_becomes_the_documented_envelope() {
        let wanted = r#"{"data":{"org":"1500000000000001","code":"YL-1","headItem":{"define1":"SO-1"},"vouchdate":"2026-03-02 00:00:00","_status":"Insert","details":[{"isGift":false,"product":"M-1","qty":12345678901234567.125,"_status":"Insert"}],"resubmitCheckKey":"YL-1"}}"#;
        let built = envelope(&mapping(), &document("12345678901234567.125")).unwrap();
        assert_eq!(built.to_string(), wanted);
    }

    #[test]
    fn a_bad_document_says_why() {
        assert_eq!(
            envelope(&mapping(), &document("ten")).unwrap_err(),
            "qty `ten` is not a number"
        );
        let mut bare = document("1");
        bare.body = json!({ "shipped_at": "yesterday" });
        assert!(envelope(&mapping(), &bare).unwrap_err().starts_with("shipped_at `yesterday`"));
        bare.body = json!({});
        assert_eq!(envelope(&mapping(), &bare).unwrap_err(), "the document has no lines");
    }
}
