//! A session's unsafe requests show that a page of this site sent them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use yuanliu_api::access::Role;

use super::client::Client;

fn pause(cookie: &str) -> axum::http::request::Builder {
    Request::post("/api/v1/jobs/build/pause").header("cookie", format!("yuanliu_session={cookie}"))
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let client = Client::new();
    let (cookie, csrf) = client.memory.session_of(Role::Admin);
    let (_, of_another) = client.memory.session_of(Role::Admin);
    for shown in [None, Some(""), Some("x"), Some(of_another.as_str())] {
        let mut request = pause(&cookie);
        if let Some(shown) = shown {
            request = request.header("x-csrf-token", shown);
        }
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{shown:?}");
        assert_eq!(answer.json()["code"], "csrf");
    }
    assert!(!client.memory.state().jobs[0].paused);
    let request = pause(&cookie).header("x-csrf-token", csrf).body(Body::empty()).unwrap();
    assert_eq!(client.send(request).await.status, StatusCode::OK);
    assert!(client.memory.state().jobs[0].paused);
}

#[tokio::test]
async fn reading_needs_none_and_neither_does_a_bearer_token() {
    let client = Client::new();
    let (cookie, _) = client.memory.session_of(Role::Admin);
    let request =
        Request::get("/api/v1/jobs").header("cookie", format!("yuanliu_session={cookie}"));
    let answer = client.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(client.ask(Role::Admin, "POST", "/jobs/build/pause", None).await.status, 200);
}

#[tokio::test]
async fn a_wrong_token_is_not_made_up_for_by_a_cookie() {
    let client = Client::new();
    let (cookie, _) = client.memory.session_of(Role::Admin);
    for given in ["Bearer wrong", "Bearer ", "Basic YWRtaW46YWRtaW4=", "nonsense"] {
        let request = Request::get("/api/v1/jobs")
            .header("cookie", format!("yuanliu_session={cookie}"))
            .header("authorization", given);
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{given}");
    }
}

#[tokio::test]
async fn another_sites_page_cannot_log_its_visitor_in() {
    let client = Client::new();
    let request = Request::post("/api/v1/session")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/json")
        .body(Body::from(r#"{"login":"admin","password":"password of admin"}"#));
    let answer = client.send(request.unwrap()).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
}
