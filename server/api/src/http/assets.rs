//! The web's own files.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::problem::Problem;

/// A file of the web.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its bytes.
    pub bytes: Bytes,
    /// What it is: `text/html; charset=utf-8`.
    pub media_type: String,
    /// A hash of the bytes, without quotes.
    pub etag: String,
    /// Whether its name changes with its bytes, so that it can be kept for ever.
    pub is_immutable: bool,
}

/// Finds files of the web by path, without a leading slash.
pub trait Assets: Send + Sync {
    /// The file, if there is one. `name.br` and `name.gz` may hold `name` compressed.
    fn file(&self, path: &str) -> Option<Asset>;
}

impl<F: Fn(&str) -> Option<Asset> + Send + Sync> Assets for F {
    fn file(&self, path: &str) -> Option<Asset> {
        self(path)
    }
}

/// A hub without a web.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAssets;

impl Assets for NoAssets {
    fn file(&self, _: &str) -> Option<Asset> {
        None
    }
}

/// The page that draws every path of the web.
const INDEX: &str = "index.html";

/// Ways to compress, the best first.
const CODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Answers with a file, or with the page that draws the path.
pub(crate) fn answer(
    assets: &dyn Assets,
    method: &Method,
    path: &str,
    asked: &HeaderMap,
) -> Response {
    if ![Method::GET, Method::HEAD].contains(method) {
        return Problem::method_not_allowed().into_response();
    }
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { INDEX } else { path };
    let found = assets.file(path).map(|asset| (path, asset));
    // A path of the web has no ending; a file that is gone must not be answered with a page.
    let is_page = path.rsplit('/').next().is_some_and(|name| !name.contains('.'));
    let found = found.or_else(|| Some((INDEX, assets.file(INDEX).filter(|_| is_page)?)));
    let Some((path, asset)) = found else {
        return Problem::not_found("there is no such file; the API is below /api/v1")
            .into_response();
    };
    let (asset, coding) = smaller(assets, path, asset, asked);
    let etag = format!("\"{}\"", asset.etag);
    let is_known = asked
        .get_all(header::IF_NONE_MATCH)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == etag);
    let mut headers = HeaderMap::new();
    let mut tell = |name, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    };
    tell(header::ETAG, &etag);
    tell(header::VARY, "accept-encoding");
    let keep = "public, max-age=31536000, immutable";
    tell(header::CACHE_CONTROL, if asset.is_immutable { keep } else { "no-cache" });
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    tell(header::CONTENT_TYPE, &asset.media_type);
    tell(header::CONTENT_LENGTH, &asset.bytes.len().to_string());
    if let Some(coding) = coding {
        tell(header::CONTENT_ENCODING, coding);
    }
    let body = if method == Method::HEAD { Body::empty() } else { Body::from(asset.bytes) };
    (headers, body).into_response()
}

/// The same file compressed, if there is one that the browser takes.
fn smaller(
    assets: &dyn Assets,
    path: &str,
    plain: Asset,
    asked: &HeaderMap,
) -> (Asset, Option<&'static str>) {
    let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let accepted = accepted.unwrap_or_default();
    for (coding, ending) in CODINGS {
        let mut offers = accepted.split(',').map(str::trim);
        if !offers.any(|offer| is_taken(offer, coding)) {
            continue;
        }
        if let Some(asset) = assets.file(&format!("{path}.{ending}")) {
            let Asset { media_type, is_immutable, .. } = plain;
            return (Asset { media_type, is_immutable, ..asset }, Some(coding));
        }
    }
    (plain, None)
}

/// Whether `gzip;q=0.5` takes gzip; a weight of 0 refuses it.
fn is_taken(offer: &str, coding: &str) -> bool {
    let (name, weight) = offer.split_once(';').unwrap_or((offer, ""));
    let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
    name.trim().eq_ignore_ascii_case(coding) && weight.is_ok_and(|weight| weight > 0.0)
}
