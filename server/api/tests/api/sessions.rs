//! Logging in and out.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use yuanliu_api::Options;
use yuanliu_api::access::Role;

use super::client::{Answered, Client};
use super::memory::{ATTEMPTS_MAX, password};

async fn log_in(client: &Client, login: &str, password: &str) -> Answered {
    let body = json!({"login": login, "password": password});
    client.post(Role::Public, "/session", &body).await
}

async fn with_cookie(
    client: &Client,
    method: &str,
    path: &str,
    cookie: &str,
    csrf: &str,
    body: &str,
) -> Answered {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("cookie", cookie)
        .header("x-csrf-token", csrf)
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()));
    client.send(request.unwrap()).await
}

#[tokio::test]
async fn a_login_sets_a_cookie_that_a_logout_takes_back() {
    let client = Client::with(Options { is_tls: true, ..Options::default() });
    let answer = log_in(&client, "management", &password("management")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let set = answer.header("set-cookie").to_owned();
    for part in ["yuanliu_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=3600"]
    {
        assert!(set.contains(part), "{set}");
    }
    let session = answer.json();
    assert_eq!((&session["role"], &session["locale"]), (&json!("management"), &json!("zh-CN")));
    assert!(session["permissions"].as_array().unwrap().contains(&json!("sales.read")));
    assert!(!session["permissions"].as_array().unwrap().contains(&json!("jobs.read")));
    let (cookie, csrf) = (set.split(';').next().unwrap(), session["csrf_token"].as_str().unwrap());
    let own = with_cookie(&client, "GET", "/session", cookie, "", "").await;
    assert_eq!(own.json(), session);
    let gone = with_cookie(&client, "DELETE", "/session", cookie, csrf, "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert!(gone.header("set-cookie").contains("Max-Age=0"));
    let after = with_cookie(&client, "GET", "/session", cookie, "", "").await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_unknown_login_is_answered_like_a_wrong_password() {
    let client = Client::new();
    let wrong = log_in(&client, "admin", "wrong").await;
    let unknown = log_in(&client, "nobody", "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.body, unknown.body);
    assert_eq!(wrong.headers, unknown.headers);
    for login in ["admin", "nobody"] {
        for _ in 1..ATTEMPTS_MAX {
            log_in(&client, login, "wrong").await;
        }
        let locked = log_in(&client, login, "wrong").await;
        assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS, "{login}");
        assert_eq!(locked.header("retry-after"), "900");
        assert_eq!(locked.json()["code"], "locked");
    }
    let right = log_in(&client, "admin", &password("admin")).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let client = Client::new();
    let (token, csrf) = client.memory.session_of(Role::Finance);
    let (other, _) = client.memory.session_of(Role::Finance);
    let cookie = format!("yuanliu_session={token}");
    let change = async |current: &str, next: &str| {
        let body = json!({"current": current, "next": next}).to_string();
        with_cookie(&client, "PUT", "/session/password", &cookie, &csrf, &body).await
    };
    let wrong = change("wrong", "a long enough password").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let short = change(&password("finance"), "short").await;
    assert_eq!(short.status, StatusCode::BAD_REQUEST);
    let changed = change(&password("finance"), "a long enough password").await;
    assert_eq!(changed.status, StatusCode::OK);
    let anew = changed.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_ne!(anew, cookie);
    let goes_on = with_cookie(&client, "GET", "/session", &anew, "", "").await;
    assert_eq!(goes_on.json()["login"], "finance");
    let other = format!("yuanliu_session={other}");
    let ended = with_cookie(&client, "GET", "/session", &other, "", "").await;
    assert_eq!(ended.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_first_password_opens_nothing_but_its_own_change() {
    let client = Client::new();
    let (token, csrf) = client.memory.session_of(Role::Admin);
    for session in client.memory.state().sessions.values_mut() {
        session.must_change_password = true;
    }
    let cookie = format!("yuanliu_session={token}");
    let jobs = with_cookie(&client, "GET", "/jobs", &cookie, &csrf, "").await;
    assert_eq!(jobs.json()["code"], "password_change_required");
    let verify = with_cookie(&client, "GET", "/regions", &cookie, &csrf, "").await;
    assert_eq!(verify.status, StatusCode::FORBIDDEN);
    let own = with_cookie(&client, "GET", "/session", &cookie, &csrf, "").await;
    assert_eq!(own.json()["must_change_password"], true);
    let body = json!({"current": password("admin"), "next": "a long enough password"}).to_string();
    let changed = with_cookie(&client, "PUT", "/session/password", &cookie, &csrf, &body).await;
    assert_eq!(changed.status, StatusCode::OK);
}

#[tokio::test]
async fn single_sign_on_comes_back_to_the_browser_that_began_it() {
    let client = Client::new();
    let start = client.get(Role::Public, "/session/oidc/start?return_to=/map").await;
    assert_eq!(start.status, StatusCode::SEE_OTHER);
    assert!(start.header("location").starts_with("https://login.example/"));
    let state = start.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(start.header("set-cookie").contains("HttpOnly"));
    let back = "/session/oidc/callback?code=good&state=s1";
    let other = client.get(Role::Public, back).await;
    assert_eq!(other.header("location"), "/login?problem=bad_request");
    let own = with_cookie(&client, "GET", back, &state, "", "").await;
    assert_eq!(own.header("location"), "/map");
    let cookies: Vec<_> = own.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2);
    let refused = "/session/oidc/callback?error=access_denied";
    let refused = with_cookie(&client, "GET", refused, &state, "", "").await;
    assert_eq!(refused.header("location"), "/login?problem=bad_request");
    for away in ["//evil.example", "https://evil.example", "/%5Cevil.example"] {
        let path = format!("/session/oidc/start?return_to={away}");
        assert_eq!(client.get(Role::Public, &path).await.status, StatusCode::BAD_REQUEST, "{away}");
    }
}
