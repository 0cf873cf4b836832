//! What a limited view shows, and that no statement sees more.

use std::sync::Arc;

use yuanliu_warehouse::{
    QueryScope, RegionLimit, RowLimit, RowPolicy, RowPolicyText, RowRule, Through,
};

use crate::fixture::{Fixture, read};

const SALES: &str = "select 'D1' as dealer, '430102' as place, 'a' as id
    union all select 'D2', '440300', 'b' union all select 'D1', '440300', 'c'
    union all select null, '430100', 'd' union all select 'D3', null, 'e'";

async fn fixture() -> Fixture {
    let fixture = Fixture::new(&[]);
    fixture.land("raw.erp__sale", 1, SALES).await;
    fixture.land("raw.erp__line", 1, "select 'a' as sale, 1 as qty union all select 'b', 2").await;
    fixture.land("raw.erp__unit", 1, "select 'kg' as unit").await;
    fixture.land("raw.erp__secret", 1, "select 'x' as cost").await;
    fixture.land("raw.erp__rule", 1, "select 'D9' as dealer, '430000' as place, 'r' as id").await;
    fixture
}

fn policy() -> Arc<RowPolicy> {
    let sale = RowRule {
        permission: "sales.read".to_owned(),
        dealer: Some("dealer".to_owned()),
        region: vec!["place".to_owned()],
        ..RowRule::default()
    };
    let of = "raw.erp__sale".to_owned();
    let through = Through { column: "sale".to_owned(), of, key: Some("id".to_owned()) };
    let permission = "lines.read".to_owned();
    let line = RowRule { permission, through: Some(through), ..RowRule::default() };
    let rule = RowRule { region_covers: true, ..sale.clone() };
    let tables = [("raw.erp__sale", sale), ("raw.erp__line", line), ("raw.erp__rule", rule)];
    let tables = tables.into_iter().map(|(name, rule)| (name.to_owned(), rule)).collect();
    let text = RowPolicyText { open: vec!["raw.erp__unit".to_owned()], tables };
    Arc::new(RowPolicy::new(text).unwrap())
}

fn list(codes: &[&str]) -> Arc<[String]> {
    codes.iter().map(ToString::to_string).collect()
}

fn dealers(codes: &[&str]) -> RowLimit {
    RowLimit { dealers: Some(list(codes)), regions: None }
}

fn regions(codes: &[&str], there: &[&str]) -> RowLimit {
    let regions = RegionLimit { codes: list(codes), dealers: list(there) };
    RowLimit { dealers: None, regions: Some(regions) }
}

async fn seen(scope: &QueryScope, sql: &str) -> String {
    match scope.query(sql, Vec::new()).await {
        Ok(_) => read(scope, sql).await.replace('\n', " "),
        Err(_) => "refused".to_owned(),
    }
}

#[tokio::test]
async fn a_limited_view_shows_the_rows_of_its_dealers_and_regions() {
    let fixture = fixture().await;
    let sales = "select id from raw.erp__sale order by id";
    for (limit, expected) in [
        (RowLimit::default(), "a b c d e"),
        (dealers(&["D1"]), "a c"),
        (dealers(&["D1", "D3"]), "a c e"),
        (dealers(&[]), ""),
        (regions(&["430000"], &[]), "a d"),
        (regions(&["430100"], &[]), "a d"),
        (regions(&["430102", "440300"], &[]), "a b c"),
        (RowLimit { dealers: Some(list(&["D1"])), ..regions(&["440000"], &[]) }, "c"),
    ] {
        let shown = format!("{limit:?}");
        let scope = fixture.scope().limited(policy(), limit);
        assert_eq!(seen(&scope, sales).await, expected, "{shown}");
    }
}

#[tokio::test]
async fn totals_joins_and_rows_that_point_are_limited_alike() {
    let fixture = fixture().await;
    let scope = fixture.scope().limited(policy(), dealers(&["D1"]));
    assert_eq!(seen(&scope, "select count(*) from raw.erp__sale").await, "2");
    assert_eq!(seen(&scope, "select sum(qty) from raw.erp__line").await, "1");
    assert_eq!(seen(&scope, "select unit from raw.erp__unit").await, "kg");
    let joined = "select l.qty from raw.erp__line l left join raw.erp__sale s on s.id = l.sale";
    assert_eq!(seen(&scope, joined).await, "1");
    let rule = "select id from raw.erp__rule";
    assert_eq!(
        seen(&fixture.scope().limited(policy(), regions(&["430102"], &[])), rule).await,
        "r"
    );
    assert_eq!(seen(&fixture.scope().limited(policy(), regions(&["440300"], &[])), rule).await, "");
}

#[tokio::test]
async fn what_the_policy_does_not_name_is_not_there() {
    let fixture = fixture().await;
    let limited = fixture.scope().limited(policy(), regions(&["430000"], &["D1"]));
    for hidden in ["raw.erp__secret", "current.erp__sale"] {
        assert_eq!(seen(&limited, &format!("select * from {hidden}")).await, "refused", "{hidden}");
    }
    let names =
        "select table_name from information_schema.tables where table_schema = 'raw' order by 1";
    assert_eq!(seen(&limited, names).await, "erp__line erp__rule erp__sale erp__unit");
    assert!(seen(&fixture.scope(), names).await.contains("erp__secret"));
    let named = policy().tables(|permission| permission == "lines.read");
    let scope = fixture.scope().limited_to_tables(policy(), dealers(&["D1"]), named);
    assert_eq!(seen(&scope, names).await, "erp__line erp__unit");
    assert_eq!(seen(&scope, "select sum(qty) from raw.erp__line").await, "1");
    assert_eq!(seen(&scope, "select count(*) from raw.erp__sale").await, "refused");
}
