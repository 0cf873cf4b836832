//! One request to the provider, bounded in time and size.

use std::error::Error;
use std::time::Duration;

use openidconnect::http::Response;
use openidconnect::{HttpRequest, HttpResponse};
use reqwest::redirect::Policy;

/// Documents and tokens of a provider are far smaller.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// The provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("the request failed")]
    Request(#[source] reqwest::Error),
    #[error("the answer is larger than {BODY_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the answer has a malformed head")]
    Head(#[source] openidconnect::http::Error),
}

/// A client that goes nowhere else than it is told to.
pub(crate) fn http_client(
    timeout: Duration,
) -> Result<reqwest::Client, Box<dyn Error + Send + Sync>> {
    let builder = reqwest::Client::builder().timeout(timeout).connect_timeout(timeout);
    Ok(builder.redirect(Policy::none()).build()?)
}

/// Asks the provider.
pub(crate) async fn call(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let (head, body) = request.into_parts();
    let asked = client.request(head.method, head.uri.to_string()).headers(head.headers).body(body);
    let mut answer = asked.send().await.map_err(HttpError::Request)?;
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(HttpError::Request)? {
        if bytes.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(HttpError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    response.body(bytes).map_err(HttpError::Head)
}
