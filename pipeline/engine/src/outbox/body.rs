//! The fields of outgoing documents, as the contract lists them, and their check.

use chrono::DateTime;
use serde::Serialize;
use serde_json::{Map, Value};
use yuanliu_contract::OutgoingKind;

/// One thing wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BodyProblem {
    /// Where: `lines[2].qty`.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A document has at most this many lines: more than any ERP takes in one call.
const LINES_MAX: usize = 10_000;

/// Digits of a quantity in all, and after the point: what the ERPs' own tables hold.
const QTY_DIGITS_MAX: usize = 28;
const QTY_SCALE_MAX: usize = 10;

#[derive(Clone, Copy)]
enum Shape {
    Text,
    /// A line's number, also written without quotes.
    LineNumber,
    /// A decimal greater than zero, as text.
    Qty,
    /// RFC 3339, with an offset.
    Instant,
    Word(&'static [&'static str]),
    Lines(&'static [Field]),
}

struct Field {
    name: &'static str,
    shape: Shape,
    is_required: bool,
}

const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, is_required: true }
}

const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, is_required: false }
}

const DELIVERY: &[Field] = &[
    required("delivery_no", Shape::Text),
    optional("order_no", Shape::Text),
    required("dealer_code", Shape::Text),
    required("warehouse_code", Shape::Text),
    required("shipped_at", Shape::Instant),
    required("lines", Shape::Lines(DELIVERY_LINE)),
];

const DELIVERY_LINE: &[Field] = &[
    required("line_no", Shape::LineNumber),
    optional("order_line_no", Shape::LineNumber),
    required("product_code", Shape::Text),
    required("qty", Shape::Qty),
    optional("unit", Shape::Text),
    optional("batch_no", Shape::Text),
];

const INSPECTION: &[Field] = &[
    required("inspection_no", Shape::Text),
    required("subject", Shape::Word(&["batch", "lot"])),
    optional("product_code", Shape::Text),
    optional("material_code", Shape::Text),
    optional("batch_no", Shape::Text),
    optional("lot_no", Shape::Text),
    optional("stage", Shape::Text),
    required("result", Shape::Word(&["passed", "failed"])),
    required("qty", Shape::Qty),
    optional("inspector", Shape::Text),
    optional("report_ref", Shape::Text),
    required("inspected_at", Shape::Instant),
];

/// The fields in the order of the contract, texts trimmed, nulls left out; or every problem.
pub(super) fn checked(kind: OutgoingKind, body: &Value) -> Result<Value, Vec<BodyProblem>> {
    let mut problems = Vec::new();
    let fields = match kind {
        OutgoingKind::DeliveryResult => DELIVERY,
        OutgoingKind::InspectionResult => INSPECTION,
    };
    let body = object("", fields, body, &mut problems);
    match kind {
        OutgoingKind::DeliveryResult => check_line_numbers(&body, &mut problems),
        OutgoingKind::InspectionResult => check_subject(&body, &mut problems),
    }
    if problems.is_empty() { Ok(Value::Object(body)) } else { Err(problems) }
}

fn object(
    path: &str,
    fields: &[Field],
    given: &Value,
    problems: &mut Vec<BodyProblem>,
) -> Map<String, Value> {
    let mut out = Map::new();
    let Some(given) = given.as_object() else {
        problem(problems, path, "should be an object");
        return out;
    };
    let within = |name: &str| if path.is_empty() { name.into() } else { format!("{path}.{name}") };
    for name in given.keys().filter(|name| !fields.iter().any(|field| field.name == **name)) {
        let known: Vec<_> = fields.iter().map(|field| field.name).collect();
        let message = format!("unknown field; known are {}", known.join(", "));
        problem(problems, &within(name), message);
    }
    for field in fields {
        let path = within(field.name);
        match given.get(field.name).filter(|value| !value.is_null()) {
            Some(value) => {
                out.extend(one(&path, field, value, problems).map(|v| (field.name.to_owned(), v)));
            }
            None if field.is_required => problem(problems, &path, "is required"),
            None => {}
        }
    }
    out
}

fn one(path: &str, field: &Field, value: &Value, problems: &mut Vec<BodyProblem>) -> Option<Value> {
    if let Shape::Lines(fields) = field.shape {
        return lines(path, fields, value, problems);
    }
    let text = match (field.shape, value) {
        (_, Value::String(text)) => text.trim().to_owned(),
        (Shape::LineNumber, Value::Number(number)) if number.is_u64() => number.to_string(),
        (Shape::Qty, Value::Number(number)) => {
            problem(problems, path, format!("write the quantity as text: \"{number}\""));
            return None;
        }
        _ => {
            problem(problems, path, "should be a text");
            return None;
        }
    };
    match check_text(field.shape, &text) {
        Ok(()) if text.is_empty() && !field.is_required => None,
        Ok(()) if text.is_empty() => {
            problem(problems, path, "is empty");
            None
        }
        Ok(()) => Some(Value::String(text)),
        Err(message) => {
            problem(problems, path, message);
            None
        }
    }
}

fn lines(
    path: &str,
    fields: &[Field],
    value: &Value,
    problems: &mut Vec<BodyProblem>,
) -> Option<Value> {
    let Some(lines) = value.as_array() else {
        problem(problems, path, "should be an array of lines");
        return None;
    };
    if lines.is_empty() || lines.len() > LINES_MAX {
        problem(problems, path, format!("should have 1 to {LINES_MAX} lines"));
        return None;
    }
    let line = |(at, line)| Value::Object(object(&format!("{path}[{at}]"), fields, line, problems));
    Some(Value::Array(lines.iter().enumerate().map(line).collect()))
}

fn check_text(shape: Shape, text: &str) -> Result<(), String> {
    match shape {
        Shape::Qty => check_qty(text),
        Shape::Instant => match DateTime::parse_from_rfc3339(text) {
            Ok(_) => Ok(()),
            Err(_) => Err(format!(
                "is `{text}`, should be a time with its offset, such as 2026-03-01T09:00:00+08:00"
            )),
        },
        Shape::Word(words) if !words.contains(&text) => {
            Err(format!("is `{text}`, should be one of {}", words.join(", ")))
        }
        Shape::Text | Shape::LineNumber | Shape::Word(_) | Shape::Lines(_) => Ok(()),
    }
}

fn check_qty(text: &str) -> Result<(), String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return Err(format!("is `{text}`, should be a decimal number such as 12.50"));
    }
    if text.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        return Err("should be more than zero".to_owned());
    }
    if whole.len() + fraction.len() > QTY_DIGITS_MAX || fraction.len() > QTY_SCALE_MAX {
        return Err(format!(
            "has more than {QTY_DIGITS_MAX} digits, or more than {QTY_SCALE_MAX} after the point"
        ));
    }
    Ok(())
}

fn check_line_numbers(body: &Map<String, Value>, problems: &mut Vec<BodyProblem>) {
    let mut seen = std::collections::HashSet::new();
    let lines = body.get("lines").and_then(Value::as_array).into_iter().flatten();
    for (at, line) in lines.enumerate() {
        if let Some(number) = line["line_no"].as_str()
            && !seen.insert(number)
        {
            let message = format!("`{number}` is the number of an earlier line");
            problem(problems, &format!("lines[{at}].line_no"), message);
        }
    }
}

/// A batch is of a product or a semi-finished material, a lot of a material or a product.
fn check_subject(body: &Map<String, Value>, problems: &mut Vec<BodyProblem>) {
    let number = match body.get("subject").and_then(Value::as_str) {
        Some("batch") => "batch_no",
        Some("lot") => "lot_no",
        _ => return,
    };
    if !body.contains_key(number) {
        problem(problems, number, "is required for this subject");
    }
    if body.contains_key("product_code") == body.contains_key("material_code") {
        problem(problems, "product_code", "give one of product_code and material_code");
    }
}

fn problem(problems: &mut Vec<BodyProblem>, path: &str, message: impl Into<String>) {
    problems.push(BodyProblem { path: path.to_owned(), message: message.into() });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::outbox::{content_hash, outgoing_document};

    fn delivery() -> Value {
        json!({"delivery_no": "FH-7", "order_no": null, "dealer_code": " D001 ",
            "warehouse_code": "CK1", "shipped_at": "2026-03-01T09:00:00+08:00",
            "lines": [{"line_no": 1, "product_code": "P1", "qty": "12.50", "batch_no": ""}]})
    }

    #[track_caller]
    fn refused(kind: OutgoingKind, body: Value, wanted: &[&str]) {
        let problems = outgoing_document(kind, &body).unwrap_err();
        let told: Vec<_> = problems.iter().map(|p| format!("{}: {}", p.path, p.message)).collect();
        assert_eq!(told, wanted);
    }

    #[test]
    fn a_document_is_named_by_its_number() {
        let document = outgoing_document(OutgoingKind::DeliveryResult, &delivery()).unwrap();
        assert_eq!(document.key, "DR-FH-7");
        assert_eq!(
            document.body,
            json!({"delivery_no": "FH-7", "dealer_code": "D001", "warehouse_code": "CK1",
                "shipped_at": "2026-03-01T09:00:00+08:00",
                "lines": [{"line_no": "1", "product_code": "P1", "qty": "12.50"}]})
        );
        let key = |number: &str| {
            let mut body = delivery();
            body["delivery_no"] = json!(number);
            outgoing_document(OutgoingKind::DeliveryResult, &body).unwrap().key
        };
        assert_eq!(key("12345678901234567890123456789").len(), 32);
        for number in ["123456789012345678901234567890", "出库 7", "A/7", "A_7"] {
            let key = key(number);
            assert_eq!(key.len(), 32, "{key}");
            assert!(key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{key}");
        }
        assert_ne!(key("A/7"), key("A_7"));
    }

    #[test]
    fn the_order_of_fields_is_not_content() {
        let one = outgoing_document(OutgoingKind::DeliveryResult, &delivery()).unwrap();
        let mut other = one.clone();
        let reversed = one.body.as_object().unwrap().iter().rev();
        other.body = Value::Object(reversed.map(|(k, v)| (k.clone(), v.clone())).collect());
        assert_eq!(content_hash(&one), content_hash(&other));
        other.body["lines"][0]["qty"] = json!("12.51");
        assert_ne!(content_hash(&one), content_hash(&other));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        refused(OutgoingKind::DeliveryResult, json!([]), &[": should be an object"]);
        let mut body = delivery();
        body["carrier"] = json!("SF");
        body["dealer_code"] = json!(" ");
        body["shipped_at"] = json!("2026-03-01");
        let line = |qty: Value| json!({"line_no": 1, "product_code": "P1", "qty": qty});
        body["lines"] = json!([line(json!(1.5)), line(json!("1e3")), line(json!("0.00"))]);
        refused(
            OutgoingKind::DeliveryResult,
            body,
            &[
                "carrier: unknown field; known are delivery_no, order_no, dealer_code, warehouse_code, shipped_at, lines",
                "dealer_code: is empty",
                "shipped_at: is `2026-03-01`, should be a time with its offset, such as 2026-03-01T09:00:00+08:00",
                "lines[0].qty: write the quantity as text: \"1.5\"",
                "lines[1].qty: is `1e3`, should be a decimal number such as 12.50",
                "lines[2].qty: should be more than zero",
                "lines[1].line_no: `1` is the number of an earlier line",
                "lines[2].line_no: `1` is the number of an earlier line",
            ],
        );
        refused(
            OutgoingKind::InspectionResult,
            json!({"inspection_no": "QC1", "subject": "lot", "batch_no": "B1", "result": "ok",
                "qty": "3", "inspected_at": "2026-03-01T09:00:00Z"}),
            &[
                "result: is `ok`, should be one of passed, failed",
                "lot_no: is required for this subject",
                "product_code: give one of product_code and material_code",
            ],
        );
    }
}
