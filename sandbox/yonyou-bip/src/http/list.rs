//! List calls and their faults.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use serde_json::{Map, Value as Json, json};

use super::response;
use super::server::Server;
use crate::data::{Object, Selected, Shape, select, text};
use crate::fault::Fault;

/// Answers a list call, unless a fault strikes it.
pub(super) async fn answer(
    server: &Server,
    path: &str,
    object: Object,
    shape: Shape,
    body: &Json,
) -> Response {
    let fault = server.take_fault();
    if let Some(Fault::Slow(ms)) = fault {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    let options = server.options();
    let is_unordered = options.unordered.contains(path);
    let selected = {
        let state = server.state();
        select(&state.dataset, object, body, options.page_rows_max, is_unordered)
    };
    let mut selected = match selected {
        Ok(selected) => selected,
        Err(message) => return response::failure(999, &message),
    };
    let first = selected.rows.first().map(|row| text(row.get("id")));
    if fault == Some(Fault::EmptyPage) {
        selected.rows.clear();
    }
    if options.is_document_code_number {
        selected.rows.iter_mut().for_each(number_code);
    }
    let code = if options.is_code_number { json!(200) } else { json!("200") };
    let data = data(selected, shape);
    let right = json!({"code": code, "message": "操作成功", "data": data}).to_string();
    match fault {
        None | Some(Fault::Slow(_) | Fault::EmptyPage) => response::json_text(right),
        Some(Fault::MutateBetweenPages) => {
            if let Some(id) = first {
                let now = json!(server.wall_clock());
                server.state().dataset.set(object, &id, "pubts", now);
            }
            response::json_text(right)
        }
        Some(fault) => faulty(server, fault, &right),
    }
}

fn faulty(server: &Server, fault: Fault, right: &str) -> Response {
    match fault {
        Fault::TokenLost => {
            server.state().tokens.revoke_all();
            response::failure(310_036, "非法token")
        }
        Fault::TokenLostText => {
            server.state().tokens.revoke_all();
            response::text(StatusCode::OK, "非法token")
        }
        Fault::Code(999) => response::failure(999, "服务端逻辑异常"),
        Fault::Code(code) => response::failure(code, "调用失败"),
        Fault::Http500 => response::text(StatusCode::INTERNAL_SERVER_ERROR, "内部服务器错误"),
        Fault::RateLimitedSeconds(seconds) => response::limited(&seconds.to_string()),
        Fault::RateLimitedDate(seconds) => {
            let seconds = i64::try_from(seconds).unwrap_or_default();
            let until = server.now() + TimeDelta::seconds(seconds);
            response::limited(&httpdate::fmt_http_date(until.into()))
        }
        Fault::MalformedPage => response::json_text(response::half(right)),
        Fault::ConnectionReset => response::broken(),
        Fault::HtmlPage => response::html(),
        Fault::Slow(_) | Fault::EmptyPage | Fault::MutateBetweenPages => {
            response::json_text(right.to_owned())
        }
    }
}

fn number_code(row: &mut Map<String, Json>) {
    let Some(Json::String(code)) = row.get("code") else { return };
    let is_number = !code.starts_with('0') && code.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(number) = serde_json::from_str::<Json>(code).ok().filter(|_| is_number) {
        row.insert("code".to_owned(), number);
    }
}

fn data(selected: Selected, shape: Shape) -> Json {
    let Selected { rows, page_index, page_rows, rows_in_all } = selected;
    let pages = rows_in_all.div_ceil(page_rows);
    match shape {
        // Customer V2 filters on pubts and does not show it.
        Shape::BareArray => {
            let hide = |mut row: Map<String, Json>| {
                row.remove("pubts");
                row
            };
            rows.into_iter().map(hide).map(Json::Object).collect()
        }
        Shape::Page => json!({"pageIndex": page_index, "pageSize": page_rows,
            "recordCount": rows_in_all, "pageCount": pages, "beginPageIndex": 1,
            "endPageIndex": pages, "recordList": rows, "sumRecordList": []}),
        Shape::TextPage => json!({"pageIndex": page_index.to_string(),
            "pageSize": page_rows.to_string(), "recordCount": rows_in_all.to_string(),
            "pageCount": pages.to_string(), "recordList": rows}),
        Shape::StaffPage => json!({"pageIndex": page_index, "pageSIze": page_rows,
            "recordCount": rows_in_all, "pageCount": pages.to_string(), "recordList": rows}),
    }
}
