//! Refusals as problem documents, RFC 9457.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{BytesRejection, JsonRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use yuanliu_trace_index::IndexError;

use super::BODY_BYTES_MAX;
use crate::exit;
use crate::ledger::LedgerError;

/// A refusal: a stable code, a title in two languages, and what to do.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    title_zh: &'static str,
    detail: String,
    retry_after: Option<Duration>,
}

impl Problem {
    fn new(
        status: StatusCode,
        (code, title, title_zh): (&'static str, &'static str, &'static str),
        detail: impl Into<String>,
    ) -> Self {
        Self { status, code, title, title_zh, detail: detail.into(), retry_after: None }
    }

    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        let words = ("bad_request", "The request cannot be read", "请求无法识别");
        Self::new(StatusCode::BAD_REQUEST, words, detail)
    }

    pub(super) fn unsupported(detail: impl Into<String>) -> Self {
        let words = ("unsupported_media_type", "The body's type is not known", "不支持的内容类型");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words, detail)
    }

    pub(super) fn too_large() -> Self {
        let words = ("content_too_large", "The body is too large", "请求体过大");
        let detail = format!("send at most {} MiB at a time", BODY_BYTES_MAX >> 20);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, words, detail)
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        let words = ("not_found", "There is no such thing", "未找到");
        Self::new(StatusCode::NOT_FOUND, words, detail)
    }

    pub(super) fn unauthorized() -> Self {
        let words = ("unauthorized", "The token is missing or wrong", "令牌缺失或错误");
        let detail = "send `Authorization: Bearer TOKEN` with a token of this hub's device list";
        Self::new(StatusCode::UNAUTHORIZED, words, detail)
    }

    pub(super) fn captcha(detail: impl Into<String>) -> Self {
        let words = ("captcha_required", "Show that a person asks", "请完成人机验证");
        Self::new(StatusCode::FORBIDDEN, words, detail)
    }

    pub(super) fn too_many(detail: impl Into<String>, retry_after: Duration) -> Self {
        let words = ("too_many_requests", "Too much at once", "请求过多");
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, words, detail);
        Self { retry_after: Some(retry_after), ..problem }
    }

    pub(super) fn unavailable(detail: impl Into<String>) -> Self {
        let words = ("unavailable", "The hub cannot answer now", "服务暂不可用");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, words, detail)
    }

    pub(super) fn internal(error: &anyhow::Error) -> Self {
        tracing::error!(error = %format!("{error:#}"), "a request failed");
        let words = ("internal", "The hub failed", "服务器内部错误");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, words, exit::chain(error))
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            _ => Self::bad_request(rejection.body_text()),
        }
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

impl From<IndexError> for Problem {
    fn from(error: IndexError) -> Self {
        Self::unavailable(error.to_string())
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        let retry_after = error.retry_after();
        let detail = exit::chain(&anyhow::Error::new(error));
        match retry_after {
            Some(wait) => Self::too_many(detail, wait),
            None => Self::unavailable(detail),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:yuanliu:problem:{}", self.code),
            "title": self.title,
            "title_zh": self.title_zh,
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
