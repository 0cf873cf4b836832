//! From a request to its answer.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Query, State as Shared};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use encoding_rs::GBK;

use super::server::Server;
use super::{eai, response, tree, xchange};
use crate::fault::Fault;

/// Answers every request. The path is taken in any case, the body with any content type.
pub(super) async fn answer(
    Shared(server): Shared<Server>,
    method: Method,
    uri: Uri,
    query: Query<BTreeMap<String, String>>,
    body: Bytes,
) -> Response {
    let Query(parameters) = query;
    let path = uri.path().to_ascii_lowercase();
    let is_eai = path == "/u8eai/import.asp";
    if !is_eai && path != "/service/xchangeservlet" {
        return response::with(StatusCode::NOT_FOUND, "text/html", Vec::new());
    }
    if method == Method::GET {
        let (encoded, _, _) = GBK.encode("正常");
        let said = if server.is_gbk() { encoded.into_owned() } else { "正常".into() };
        return response::with(StatusCode::OK, "text/html", said);
    }
    let fault = {
        let mut state = server.state();
        state.posts += 1;
        state.faults.take()
    };
    match fault {
        Some(Fault::Html500) => return response::html_500(),
        Some(Fault::Busy) => {
            return response::with(StatusCode::SERVICE_UNAVAILABLE, "text/html", Vec::new());
        }
        Some(Fault::Reset) => return response::reset(),
        Some(Fault::Slow(ms)) => tokio::time::sleep(Duration::from_millis(ms)).await,
        _ => {}
    }
    let text = match std::str::from_utf8(&body) {
        Ok(text) => text.to_owned(),
        Err(_) => GBK.decode(&body).0.into_owned(),
    };
    let Some(root) = tree::parse(&text) else { return response::html_500() };
    let answer = {
        let mut state = server.state();
        match (is_eai, fault) {
            (true, Some(Fault::Item)) => eai::refusal("", "5", "数据库操作失败"),
            (true, _) => eai::answer(&mut state.dataset, &root, fault == Some(Fault::EmptyPage)),
            (false, _) => xchange::answer(&mut state.dataset, &root, &parameters),
        }
    };
    match fault {
        Some(Fault::Malformed) => response::malformed(&answer),
        Some(Fault::ResetAfter) => response::reset(),
        _ => response::xml(&answer, server.is_gbk()),
    }
}
