//! Lists a page at a time.

use axum::http::StatusCode;
use yuanliu_api::access::Role::{Admin, Dealer, Operations};

use super::client::Client;

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let client = Client::new();
    for (role, path, key, total) in [
        (Admin, "/runs?system=erp-main&limit=90", "run_id", 250),
        (Admin, "/rejects?limit=50", "reject_id", 120),
        (Admin, "/jobs/sync-erp-main/runs?limit=100", "run_id", 250),
        (Dealer, "/dealer/codes?limit=100", "code", 250),
        (Operations, "/recall/codes?work_order=W&limit=100", "code", 250),
    ] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let answer = client.get(role, &format!("{path}{cursor}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}{cursor}");
            let page = answer.json();
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item[key].to_string()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let distinct: std::collections::HashSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (total, total), "{path}");
    }
}

#[tokio::test]
async fn a_report_has_pages_too() {
    let client = Client::new();
    let first = client.get(Admin, "/reports/regional-sales?limit=30").await.json();
    assert_eq!(first["rows"].as_array().unwrap().len(), 30);
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/reports/regional-sales?limit=30&cursor={cursor}");
    let second = client.get(Admin, &path).await.json();
    assert_eq!(second["rows"].as_array().unwrap().len(), 6);
    assert!(second["next_cursor"].is_null());
    assert_eq!(second["rows"][5]["ordered_amount"], "1200.50");
}

#[tokio::test]
async fn a_cursor_fits_the_question_it_was_made_for() {
    let client = Client::new();
    let first = client.get(Admin, "/runs?limit=10").await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    for path in [
        format!("/runs?kind=build&cursor={cursor}"),
        format!("/rejects?cursor={cursor}"),
        "/runs?cursor=".to_owned(),
        "/runs?cursor=AAAA".to_owned(),
        "/runs?cursor=%00%ff".to_owned(),
        format!("/runs?cursor={}", "A".repeat(5_000)),
        format!("/runs?cursor={cursor}&cursor={cursor}"),
        "/runs?limit=0".to_owned(),
        "/runs?limit=1001".to_owned(),
        "/runs?limit=ten".to_owned(),
        "/runs?unknown=1".to_owned(),
    ] {
        let answer = client.get(Admin, &path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.is_problem(), "{path}");
    }
    let other_size = client.get(Admin, &format!("/runs?limit=20&cursor={cursor}")).await;
    assert_eq!(other_size.status, StatusCode::OK);
}
