//! Asks the router as a browser or a device would.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use yuanliu_api::access::Role;
use yuanliu_api::{Options, router};

use super::memory::{Memory, token};

/// The routes over a memory of their own.
pub struct Client {
    pub memory: Arc<Memory>,
    pub routes: Router,
}

/// An answer that was read to its end.
#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Whether it is a whole problem document of its status, in both languages.
    pub fn is_problem(&self) -> bool {
        let document = self.json();
        let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        let is_chinese = |name: &str| text(name).contains(|c| ('一'..='龥').contains(&c));
        self.header("content-type") == "application/problem+json"
            && document["status"] == self.status.as_u16()
            && ["type", "title", "code", "detail"].iter().all(|name| !text(name).is_empty())
            && ["title_zh", "detail_zh"].into_iter().all(is_chinese)
    }
}

impl Client {
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        let memory = Memory::new();
        let routes = router(memory.api(options));
        Self { memory, routes }
    }

    pub async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answered { status: parts.status, headers: parts.headers, body }
    }

    /// Asks with the bearer token of a role; the public has none.
    pub async fn ask(
        &self,
        role: Role,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answered {
        self.send(request(role, method, path, body)).await
    }

    pub async fn get(&self, role: Role, path: &str) -> Answered {
        self.ask(role, "GET", path, None).await
    }

    pub async fn post(&self, role: Role, path: &str, body: &Value) -> Answered {
        self.ask(role, "POST", path, Some(body)).await
    }
}

pub fn request(role: Role, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
    let method: Method = method.parse().unwrap();
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    if role != Role::Public {
        request = request.header("authorization", format!("Bearer {}", token(role)));
    }
    match body {
        None => request.body(Body::empty()).unwrap(),
        Some(body) => request
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap(),
    }
}
