//! The web's files.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use yuanliu_api::{Asset, Options, router};

use super::client::{Answered, Client};
use super::memory::Memory;

fn asset(path: &str) -> Option<Asset> {
    let (bytes, media_type, is_immutable) = match path {
        "index.html" => ("<html>", "text/html; charset=utf-8", false),
        "assets/main-1a2b.js" => ("long script", "text/javascript", true),
        "assets/main-1a2b.js.br" => ("short", "application/octet-stream", false),
        _ => return None,
    };
    let etag = format!("{path}-1");
    Some(Asset { bytes: bytes.into(), media_type: media_type.to_owned(), etag, is_immutable })
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> Answered {
    let memory = Memory::new();
    let routes = router(memory.api_with(Options::default(), Arc::new(asset)));
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Client { memory, routes }.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_path_of_the_web_is_drawn_by_the_page() {
    for path in ["/", "/map", "/diversion/D1/P1/430102/2026-03", "/index.html"] {
        let answer = ask("GET", path, &[]).await;
        assert_eq!((answer.status.as_u16(), &*answer.body), (200, &b"<html>"[..]), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
    for path in ["/assets/gone.js", "/favicon.ico", "/../Cargo.toml"] {
        let answer = ask("GET", path, &[]).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.is_problem());
    }
    assert_eq!(ask("GET", "/api/v1/nowhere", &[]).await.status, 404);
    assert_eq!(ask("POST", "/map", &[]).await.status, 405);
}

#[tokio::test]
async fn a_file_with_its_hash_in_its_name_is_kept_for_ever() {
    let path = "/assets/main-1a2b.js";
    let plain = ask("GET", path, &[]).await;
    assert_eq!(plain.body, b"long script");
    assert!(plain.header("cache-control").contains("immutable"));
    let short = ask("GET", path, &[("accept-encoding", "gzip, br;q=0.8")]).await;
    assert_eq!((short.header("content-encoding"), &*short.body), ("br", &b"short"[..]));
    assert_eq!(short.header("content-type"), "text/javascript");
    assert!(short.header("cache-control").contains("immutable"));
    let refused = ask("GET", path, &[("accept-encoding", "br;q=0")]).await;
    assert_eq!(refused.header("content-encoding"), "");
    let etag = plain.header("etag").to_owned();
    let known = ask("GET", path, &[("if-none-match", &format!("\"x\", W/{etag}"))]).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let head = ask("HEAD", path, &[]).await;
    assert_eq!((head.header("content-length"), head.body.len()), ("11", 0));
}
