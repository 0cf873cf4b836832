//! Files, and what the audit log knows of them.

use yuanliu_api::access::Role::{self, Admin, Finance, Operations};

use super::client::Client;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[tokio::test]
async fn a_file_has_a_name_and_a_line_in_the_audit_log() {
    let questions: [(Role, &str, &str, &str, &str); 5] = [
        (
            Admin,
            "/reports/regional-sales?format=csv&dealer_code=D1",
            "text/csv; charset=utf-8",
            "UTF-8''%E6%8A%A5%E8%A1%A8%20regional-sales.csv",
            "report.export",
        ),
        (
            Admin,
            "/addresses/unresolved?format=xlsx",
            XLSX,
            "unresolved-addresses.xlsx",
            "report.export",
        ),
        (
            Operations,
            "/recall/codes?work_order=W&format=csv",
            "text/csv; charset=utf-8",
            "%E5%8F%AC%E5%9B%9E.csv",
            "recall.export",
        ),
        (Operations, "/cases/D1/P1/430102/2026-03/file", XLSX, "D1.xlsx", "case.export"),
        (
            Finance,
            "/settlement?period=2026-03&format=xlsx",
            XLSX,
            "2026-03.xlsx",
            "settlement.export",
        ),
    ];
    for (role, path, kind, name, action) in questions {
        let client = Client::new();
        let answer = client.get(role, path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        let disposition = answer.header("content-disposition");
        assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
        assert!(disposition.contains(name), "{disposition}");
        assert!(!answer.body.is_empty());
        let audit = client.get(Admin, &format!("/audit?action={action}")).await.json();
        assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{path}");
        assert_eq!(audit["items"][0]["outcome"], "done");
    }
}

#[tokio::test]
async fn a_file_holds_what_whoever_asks_may_see() {
    let client = Client::new();
    let path = "/reports/regional-sales?format=csv";
    let lines = async |role| client.get(role, path).await.body.split(|byte| *byte == b'\n').count();
    assert_eq!(lines(Role::Admin).await, 37);
    assert_eq!(lines(Role::Dealer).await, 13);
    let audit = client.get(Admin, "/audit?action=report.export&actor=dealer").await.json();
    assert_eq!(audit["items"][0]["detail"], "format=csv");
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_a_problem() {
    let client = Client::new();
    for (path, status) in [
        ("/reports/regional-sales?format=csv&nowhere=1", 400),
        ("/reports/regional-sales?format=pdf", 400),
        ("/settlement?period=2026-13", 400),
        ("/settlement?period=2026-03&format=csv", 400),
        ("/cases/D1/P1/430102/2026-03/file?format=csv", 400),
        ("/cases/D9/P1/430102/2026-03/file", 404),
        ("/recall/codes?work_order=W&line=L&format=csv", 400),
    ] {
        let answer = client.get(Admin, path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.is_problem(), "{path}");
    }
}
