//! Refusals as problem documents, RFC 9457, in two languages.

mod detail;
mod rejections;

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A refusal: a stable code, a title in two languages, and what to do in English, of which the document
/// has the Chinese too.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    title_zh: &'static str,
    detail: String,
    retry_after: Option<Duration>,
}

/// A refusal as it is sent (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Names the kind of problem: `urn:yuanliu:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:yuanliu:problem:not_found")]
    pub kind: String,
    /// What is wrong, in English; the same for every problem of the code.
    #[schema(example = "There is no such thing")]
    pub title: String,
    /// What is wrong, in Chinese.
    #[schema(example = "未找到")]
    pub title_zh: String,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// A stable code for programs.
    #[schema(example = "not_found")]
    pub code: String,
    /// What was being done to what, and what to do next, in English.
    #[schema(example = "there is no job `sync-erp`; list them with GET /api/v1/jobs")]
    pub detail: String,
    /// The same in Chinese; what another program said keeps its wording.
    #[schema(example = "任务 `sync-erp` 不存在，可通过 GET /api/v1/jobs 查看")]
    pub detail_zh: String,
}

impl Problem {
    fn new(
        status: StatusCode,
        (code, title, title_zh): (&'static str, &'static str, &'static str),
        detail: impl Into<String>,
    ) -> Self {
        Self { status, code, title, title_zh, detail: detail.into(), retry_after: None }
    }

    fn after(self, retry_after: Option<Duration>) -> Self {
        Self { retry_after, ..self }
    }

    /// Its HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What was being done to what, and what to do next, in English.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The request makes no sense as sent.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        let words = ("bad_request", "The request cannot be read", "请求无法识别");
        Self::new(StatusCode::BAD_REQUEST, words, detail)
    }

    /// The body is of a type that is not read here.
    pub fn unsupported(detail: impl Into<String>) -> Self {
        let words = ("unsupported_media_type", "The body's type is not known", "不支持的内容类型");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words, detail)
    }

    /// The body is longer than is read here.
    pub fn too_large(bytes_max: usize) -> Self {
        let words = ("content_too_large", "The body is too large", "请求体过大");
        let detail = format!("send at most {} MiB at a time", bytes_max >> 20);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, words, detail)
    }

    /// There is no such thing, or whoever asks may not know that there is.
    pub fn not_found(detail: impl Into<String>) -> Self {
        let words = ("not_found", "There is no such thing", "未找到");
        Self::new(StatusCode::NOT_FOUND, words, detail)
    }

    /// The path is there, but not for this method.
    pub fn method_not_allowed() -> Self {
        let words = ("method_not_allowed", "The path has no such method", "不支持的请求方法");
        let detail = "the header Allow lists the methods that this path has";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, words, detail)
    }

    /// Nobody known asks.
    pub fn unauthorized() -> Self {
        let words = ("unauthorized", "Nobody is logged in", "未登录或令牌错误");
        let detail = "log in with POST /api/v1/session, or send `Authorization: Bearer TOKEN` with \
                      a token of this hub";
        Self::new(StatusCode::UNAUTHORIZED, words, detail)
    }

    /// Login and password are not those of an account; which of them is not told.
    pub fn wrong_login() -> Self {
        let words = ("wrong_login", "The login or the password is wrong", "用户名或密码错误");
        let detail = "check both; after several failed attempts a login is locked for a while";
        Self::new(StatusCode::UNAUTHORIZED, words, detail)
    }

    /// Too many failed attempts.
    pub fn locked(retry_after: Duration) -> Self {
        let words = ("locked", "Too many failed attempts", "尝试次数过多，已暂时锁定");
        let detail = "wait for the time of Retry-After, or ask an admin to unlock the account";
        Self::new(StatusCode::TOO_MANY_REQUESTS, words, detail).after(Some(retry_after))
    }

    /// Whoever asks may not.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        let words = ("forbidden", "This is not for your role", "没有权限");
        Self::new(StatusCode::FORBIDDEN, words, detail)
    }

    /// An unsafe request of a session without what shows that its page sent it.
    pub fn csrf() -> Self {
        let words = ("csrf", "The request did not come from this site's pages", "请求来源校验失败");
        let detail = "send the csrf_token of GET /api/v1/session as X-CSRF-Token";
        Self::new(StatusCode::FORBIDDEN, words, detail)
    }

    /// A password that an admin gave opens nothing but its own change.
    pub fn password_change_required() -> Self {
        let words =
            ("password_change_required", "Set a password of your own first", "请先修改初始密码");
        let detail = "set one with PUT /api/v1/session/password";
        Self::new(StatusCode::FORBIDDEN, words, detail)
    }

    /// A solved challenge is wanted first.
    pub fn captcha(detail: impl Into<String>) -> Self {
        let words = ("captcha_required", "Show that a person asks", "请完成人机验证");
        Self::new(StatusCode::FORBIDDEN, words, detail)
    }

    /// It does not fit what is there now.
    pub fn conflict(detail: impl Into<String>) -> Self {
        let words = ("conflict", "It does not fit what is there now", "与当前状态冲突");
        Self::new(StatusCode::CONFLICT, words, detail)
    }

    /// More than is taken at a time.
    pub fn too_many(detail: impl Into<String>, retry_after: Duration) -> Self {
        let words = ("too_many_requests", "Too much at once", "请求过多");
        Self::new(StatusCode::TOO_MANY_REQUESTS, words, detail).after(Some(retry_after))
    }

    /// Not now.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        let words = ("unavailable", "The hub cannot answer now", "服务暂不可用");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, words, detail)
    }

    /// It took too long.
    pub fn timed_out(limit: Duration) -> Self {
        let words = ("timed_out", "The answer took too long", "处理超时");
        let detail = format!(
            "no answer within {} s; ask for less: fewer days, a smaller limit, a filter",
            limit.as_secs()
        );
        Self::new(StatusCode::GATEWAY_TIMEOUT, words, detail)
    }

    /// The hub's own fault. The log has `told` in full under the number that the caller gets.
    pub fn internal(told: &str) -> Self {
        let incident = Uuid::now_v7();
        tracing::error!(%incident, error = told, "a request failed");
        let words = ("internal", "The hub failed", "服务器内部错误");
        let detail = format!("the hub's log tells why under incident {incident}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, words, detail)
    }

    /// The document of it.
    pub fn document(&self) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:yuanliu:problem:{}", self.code),
            title: self.title.to_owned(),
            title_zh: self.title_zh.to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone(),
            detail_zh: detail::in_chinese(self.code, &self.detail),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.document())).into_response();
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
