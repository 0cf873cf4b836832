//! Saves in the documented envelope (reference: yonyou.md 1.7).

use axum::response::Response;
use chrono::TimeDelta;
use serde_json::{Map, Value as Json, json};

use super::response;
use super::server::Server;
use crate::data::{Object, text};

/// Longest idempotency key.
const KEY_CHARS_MAX: usize = 32;

/// How long a key is remembered.
const KEY_LIFE: TimeDelta = TimeDelta::hours(1);

/// Saves one document.
pub(super) fn answer(server: &Server, object: Object, body: &Json) -> Response {
    let Some(data) = body["data"].as_object() else {
        return response::failure(310_008, "参数data不能为空");
    };
    if let Err(message) = check(data) {
        return response::failure(999, &message);
    }
    let key = text(data.get("resubmitCheckKey"));
    let now = server.now();
    let mut state = server.state();
    state.save_calls += 1;
    state.saved_keys.retain(|_, saved| now - *saved < KEY_LIFE);
    if !key.is_empty() && state.saved_keys.contains_key(&key) {
        return response::failure(100_004, "请勿重复提交");
    }
    state.saved_keys.insert(key, now);
    state.last_id += 1;
    let id = state.last_id;
    let mut header = Map::new();
    let mut lines = Vec::new();
    for (name, value) in data {
        match value {
            Json::Array(items) => {
                for item in items {
                    state.last_id += 1;
                    lines.push(line(object, name, item, state.last_id));
                }
            }
            _ if name == "_status" || name == "resubmitCheckKey" => {}
            _ => {
                header.insert(name.clone(), value.clone());
            }
        }
    }
    header.insert("id".to_owned(), json!(id));
    header.insert("pubts".to_owned(), json!(server.wall_clock()));
    let code = header.entry("code").or_insert_with(|| json!(format!("YL{id}"))).clone();
    state.dataset.put(object, Json::Object(header), lines);
    if state.loses_next_save {
        state.loses_next_save = false;
        return response::broken();
    }
    response::json(&json!({"code": "200", "message": "操作成功", "data": {"count": 1,
        "sucessCount": 1, "failCount": 0, "messages": [], "infos": [{"id": id, "code": code}]}}))
}

fn line(object: Object, array: &str, item: &Json, id: i64) -> Json {
    let mut row = Map::new();
    for (name, value) in item.as_object().into_iter().flatten().filter(|(n, _)| *n != "_status") {
        let bare = matches!(name.as_str(), "qty" | "subQty" | "batchno");
        let name = if bare { name.clone() } else { format!("{array}_{name}") };
        row.insert(name, value.clone());
    }
    if let Some(key) = object.line_id() {
        row.insert(key.to_owned(), json!(id));
    }
    Json::Object(row)
}

/// What the platform objects to in a document.
fn check(data: &Map<String, Json>) -> Result<(), String> {
    if text(data.get("resubmitCheckKey")).chars().count() > KEY_CHARS_MAX {
        return Err("resubmitCheckKey长度不能超过32".to_owned());
    }
    let lines = data.values().filter_map(Json::as_array).flatten().filter_map(Json::as_object);
    for object in std::iter::once(data).chain(lines) {
        if !matches!(text(object.get("_status")).as_str(), "Insert" | "Update") {
            return Err("_status必须为Insert或Update".to_owned());
        }
        // Since 2025-03 explicit nulls reach the backend.
        if let Some((name, _)) = object.iter().find(|(_, value)| value.is_null()) {
            return Err(format!("字段{name}不能为空"));
        }
    }
    Ok(())
}
