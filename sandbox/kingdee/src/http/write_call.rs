//! Save, Submit, Audit, UnAudit and Delete, with the faults that strike them.

use std::time::Duration;

use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::envelope::{Call, member};
use super::response;
use super::server::{Server, State};
use crate::data::{Dataset, SaveError, SaveOptions, Step};
use crate::fault::Fault;
use crate::reply::{self, Missed, Reached, Wrapping, code, write_status};

/// Whether an operation, named in lower case, is one of these.
pub(super) fn is_served(operation: &str) -> bool {
    operation == "save" || Step::named(operation).is_some()
}

/// Answers one write call.
pub(super) async fn answer(server: &Server, operation: &str, call: &Call) -> Response {
    let now = server.clock().now();
    let fault = server.state().take_write_fault();
    if let Some(fault) = fault.filter(|fault| !fault.lets_write()) {
        if fault == Fault::SessionLost {
            server.state().sessions.close_all();
        }
        return response::faulty(fault, String::new(), Wrapping::Plain, now);
    }
    let mut body = write(&mut server.state(), operation, call, server.wall_clock());
    match fault {
        None => return response::json(body.to_string()),
        Some(Fault::Slow(ms)) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Some(Fault::PartialFailure) => {
            let status = &mut body["Result"]["ResponseStatus"];
            let message = "单据已保存，后续处理失败";
            status["IsSuccess"] = json!(false);
            status["Errors"] = json!([{"FieldName": "", "Message": message, "DIndex": 0}]);
            status["MsgCode"] = json!(code::INVALID);
        }
        Some(_) => {}
    }
    match fault {
        Some(fault) => response::faulty(fault, body.to_string(), Wrapping::Plain, now),
        None => response::json(body.to_string()),
    }
}

fn write(state: &mut State, operation: &str, call: &Call, now: chrono::NaiveDateTime) -> Json {
    let form = call.form_id();
    let refuse = |code, message: &str| {
        let error = reply::error(Wrapping::Plain, code, message);
        serde_json::from_str(&error).unwrap_or_default()
    };
    if form.is_empty() {
        return refuse(code::FORM_EMPTY, "业务对象标识不能为空");
    }
    if state.dataset.form(&form).is_none() {
        return refuse(code::NOT_EXIST, &format!("业务对象标识“{form}”不存在"));
    }
    let data = call.data();
    let empty = Map::new();
    let data = data.as_object().unwrap_or(&empty);
    match Step::named(operation) {
        Some(step) => take_step(&mut state.dataset, &form, step, data, now),
        None => save(&mut state.dataset, &form, data, now),
    }
}

fn save(
    dataset: &mut Dataset,
    form: &str,
    data: &Map<String, Json>,
    now: chrono::NaiveDateTime,
) -> Json {
    let options = SaveOptions {
        deletes_entries: flag(data, "IsDeleteEntry", true),
        verifies_base_data: flag(data, "IsVerifyBaseDataField", false),
    };
    let empty = Map::new();
    let model = member(data, "Model").and_then(Json::as_object).unwrap_or(&empty);
    let failed = |errors: Vec<SaveError>| {
        let missed = |e: SaveError| Missed { field: e.field, message: e.message, index: 0 };
        let missed: Vec<_> = errors.into_iter().map(missed).collect();
        json!({"Result": {"ResponseStatus": write_status(&[], &missed), "Id": "", "Number": "",
            "NeedReturnData": [{}]}})
    };
    let id = match dataset.save(form, model, options, now) {
        Ok(id) => id,
        Err(errors) => return failed(errors),
    };
    let number = number(dataset, form, id);
    let reached = Reached { id, number: number.clone(), index: 0 };
    json!({"Result": {"ResponseStatus": write_status(&[reached], &[]), "Id": id,
        "Number": number, "NeedReturnData": [returned(dataset, form, id, data)]}})
}

/// The header fields a client asked to have back.
fn returned(dataset: &Dataset, form: &str, id: i64, data: &Map<String, Json>) -> Json {
    let mut out = Map::new();
    let keys = member(data, "NeedReturnFields").and_then(Json::as_array).into_iter().flatten();
    let Some(form) = dataset.form(form) else { return Json::Object(out) };
    let Some(document) = form.documents.get(&id) else { return Json::Object(out) };
    for key in keys.filter_map(Json::as_str) {
        let at = form.meta.header_index(key);
        if let Some(value) = at.and_then(|at| document.header.values.get(at)) {
            let mut text = String::new();
            value.write_json(&mut text);
            out.insert(key.to_owned(), serde_json::from_str(&text).unwrap_or_default());
        }
    }
    Json::Object(out)
}

fn take_step(
    dataset: &mut Dataset,
    form: &str,
    step: Step,
    data: &Map<String, Json>,
    now: chrono::NaiveDateTime,
) -> Json {
    let (mut reached, mut missed) = (Vec::new(), Vec::new());
    for (index, name) in names(data).into_iter().enumerate() {
        let found = match &name {
            Name::Id(id) => Some(*id),
            Name::Number(number) => by_number(dataset, form, number),
        };
        let Some(id) = found else {
            let message = format!("没有找到单据“{name}”");
            missed.push(Missed { field: String::new(), message, index });
            continue;
        };
        let number = number(dataset, form, id);
        match dataset.step(form, id, step, now) {
            Ok(()) => reached.push(Reached { id, number, index }),
            Err(message) => missed.push(Missed { field: String::new(), message, index }),
        }
    }
    if reached.is_empty() && missed.is_empty() {
        let message = "Numbers 与 Ids 不能同时为空".to_owned();
        missed.push(Missed { field: String::new(), message, index: 0 });
    }
    json!({"Result": {"ResponseStatus": write_status(&reached, &missed)}})
}

enum Name {
    Id(i64),
    Number(String),
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Number(number) => f.write_str(number),
        }
    }
}

/// The documents a call names: `Numbers` as an array, or `Ids` as text with commas.
fn names(data: &Map<String, Json>) -> Vec<Name> {
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let numbers = member(data, "Numbers").and_then(Json::as_array).into_iter().flatten();
    let mut names: Vec<_> = numbers.map(|number| Name::Number(text(number))).collect();
    if names.is_empty()
        && let Some(ids) = member(data, "Ids")
    {
        let ids = text(ids);
        names.extend(ids.split(',').filter_map(|id| id.trim().parse().ok()).map(Name::Id));
    }
    names
}

fn by_number(dataset: &Dataset, form: &str, number: &str) -> Option<i64> {
    let form = dataset.form(form)?;
    let found = form.documents.values().find(|document| document.number(&form.meta) == number);
    found.map(|document| document.pk)
}

fn number(dataset: &Dataset, form: &str, id: i64) -> String {
    let Some(form) = dataset.form(form) else { return String::new() };
    form.documents.get(&id).map(|document| document.number(&form.meta)).unwrap_or_default()
}

/// A yes or no, which clients send as bool or as text.
fn flag(data: &Map<String, Json>, name: &str, default: bool) -> bool {
    match member(data, name) {
        Some(Json::Bool(value)) => *value,
        Some(Json::String(text)) if !text.is_empty() => text.eq_ignore_ascii_case("true"),
        _ => default,
    }
}
