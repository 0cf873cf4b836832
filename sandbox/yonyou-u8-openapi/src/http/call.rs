//! The business verbs.

use serde_json::{Map, Value, json};

use super::response::failure;
use super::route::Parameters;
use super::server::Server;
use crate::data::{Dataset, Row, is_addable, key_field, listed};

/// Rows of a page that did not ask for a number of them (reference: yonyou.md 2.3).
const PAGE_ROWS_DEFAULT: usize = 20;

/// Parameters that are no filters.
const ENVELOPE: &[&str] = &[
    "from_account",
    "to_account",
    "app_key",
    "token",
    "ds_sequence",
    "page_index",
    "rows_per_page",
];

/// `batch_get`.
pub(super) fn list(
    dataset: &Dataset,
    name: &str,
    parameters: &Parameters,
    is_emptied: bool,
) -> Value {
    let Some((resource, is_headers)) = listed(name) else { return unknown(name, "batch_get") };
    let number = |name: &str, default: usize| match parameters.get(name) {
        Some(text) => text.parse::<usize>().ok().filter(|number| *number > 0),
        None => Some(default),
    };
    let (Some(page), Some(size)) =
        (number("page_index", 1), number("rows_per_page", PAGE_ROWS_DEFAULT))
    else {
        return failure("20005", "分页参数不正确");
    };
    let filters: Vec<_> =
        parameters.iter().filter(|(name, _)| !ENVELOPE.contains(&name.as_str())).collect();
    let rows = dataset.all(resource).into_iter().flatten();
    let found: Vec<&Row> =
        rows.filter(|row| filters.iter().all(|(name, value)| passes(row, name, value))).collect();
    let count = if is_emptied { 0 } else { found.len() };
    let shown: Vec<Value> = found
        .into_iter()
        .take(count)
        .skip((page - 1).saturating_mul(size))
        .take(size)
        .map(|row| Value::Object(visible(row, is_headers)))
        .collect();
    let mut answer = json!({"errcode": "0", "errmsg": "", "page_index": page.to_string(),
        "rows_per_page": size.to_string(), "row_count": count.to_string(),
        "page_count": count.div_ceil(size).to_string()});
    if !shown.is_empty() {
        answer[name] = Value::Array(shown);
    }
    answer
}

/// `get`; a key nobody has gives an answer without the object.
pub(super) fn get(dataset: &Dataset, resource: &str, parameters: &Parameters) -> Value {
    if dataset.rows(resource).is_none() {
        return unknown(resource, "get");
    }
    let key = parameters.get("id").map(String::as_str).unwrap_or_default();
    let mut answer = json!({"errcode": "0", "errmsg": ""});
    if let Some(row) = dataset.get(resource, key) {
        answer[resource] = Value::Object(visible(row, false));
    }
    answer
}

/// `add`: once per `tradeid` or `biz_id`, and once per number.
pub(super) fn add(server: &Server, resource: &str, parameters: &Parameters, body: &[u8]) -> Value {
    if !is_addable(resource) {
        return unknown(resource, "add");
    }
    if parameters.get("sync").map(String::as_str) != Some("1") {
        return failure("20006", "沙箱只支持同步调用 sync=1");
    }
    let trade = match (parameters.get("tradeid"), parameters.get("biz_id")) {
        (Some(trade), None) | (None, Some(trade)) => trade.clone(),
        _ => return failure("20007", "tradeid 与 biz_id 必须且只能提供一个"),
    };
    let mut state = server.state();
    if let Some(done) = state.trades.get(&trade) {
        return json!({"errcode": "0", "errmsg": "", "id": done});
    }
    let sent: Option<Value> = serde_json::from_slice(body).ok();
    let Some(row) = sent.as_ref().and_then(|sent| sent[resource].as_object()) else {
        return failure("20008", &format!("请求体应为 {{\"{resource}\":{{…}}}}"));
    };
    let code = row.get("code").and_then(Value::as_str).unwrap_or_default();
    if !code.is_empty() && state.dataset.has_code(resource, code) {
        return failure("40001", &format!("编码 {code} 已存在"));
    }
    let key = state.dataset.put(resource, row.clone());
    if key.is_none() {
        return failure("20008", &format!("缺少 {}", key_field(resource)));
    }
    state.trades.insert(trade, key.clone());
    json!({"errcode": "0", "errmsg": "", "id": key})
}

/// A resource or verb nobody has.
pub(super) fn unknown(resource: &str, verb: &str) -> Value {
    failure("20004", &format!("接口 {resource}/{verb} 不存在"))
}

/// A row as it is sent: empty columns left out, lines only if asked for.
fn visible(row: &Row, is_header: bool) -> Row {
    let is_there = |value: &Value| value.as_str().is_none_or(|text| !text.is_empty());
    let shown = row.iter().filter(|(name, value)| {
        !value.is_null() && is_there(value) && !(is_header && name.as_str() == "entry")
    });
    let line = |line: &Value| match line {
        Value::Object(line) => Value::Object(visible(line, false)),
        other => other.clone(),
    };
    let cell = |value: &Value| match value {
        Value::Array(lines) => Value::Array(lines.iter().map(line).collect()),
        other => other.clone(),
    };
    shown.map(|(name, value)| (name.clone(), cell(value))).collect::<Map<_, _>>()
}

/// Whether a row passes a filter: `…_begin` and `…_end` bound a column, anything else equals it.
/// Dates are compared by day.
fn passes(row: &Row, filter: &str, wanted: &str) -> bool {
    let (column, bound) = match (filter.strip_suffix("_begin"), filter.strip_suffix("_end")) {
        (Some(column), _) => (column, Some(true)),
        (_, Some(column)) => (column, Some(false)),
        _ => (filter, None),
    };
    let cell = row.iter().find(|(name, _)| name.eq_ignore_ascii_case(column));
    let Some(value) = cell.and_then(|(_, value)| value.as_str()).filter(|text| !text.is_empty())
    else {
        return false;
    };
    let is_day = column.to_ascii_lowercase().ends_with("date");
    let value = if is_day { value.get(..10).unwrap_or(value) } else { value };
    match bound {
        Some(true) => value >= wanted,
        Some(false) => value <= wanted,
        None => value == wanted,
    }
}
