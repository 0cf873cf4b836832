//! What is wrong with a configuration is said at once, before anything is contacted.

#![allow(clippy::unwrap_used, reason = "a test whose world cannot be set up should stop")]

use std::sync::Arc;

use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{Connector, Seams, Settings, Unlimited};
use yuanliu_sql_server::{SQL_SERVER, SqlServerKind};

const COMPLETE: &str = r#"
    host = "db.example.com"
    database = "UFDATA_001_2026"
    user = "yuanliu_reader"
    password = "env:PASSWORD"
"#;

/// The places of all problems.
fn problems(kind: SqlServerKind, text: &str) -> Vec<String> {
    let secrets = FixedSecrets::default().with("env:PASSWORD", "s3cret");
    let table: toml::Table = toml::from_str(text).unwrap();
    let clock = Arc::new(ManualClock::at(default_now()));
    let seams = Seams { clock, budget: Arc::new(Unlimited) };
    let found = match Settings::check("erp", &kind.config_spec(), &table, &[], &secrets) {
        Ok(settings) => kind.open(&settings, seams).err().unwrap_or_default(),
        Err(found) => found,
    };
    found.into_iter().map(|problem| problem.path).collect()
}

#[test]
fn a_complete_configuration_opens() {
    assert_eq!(problems(SQL_SERVER, COMPLETE), [""; 0]);
    assert!(SQL_SERVER.capabilities().own_streams);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let text = r#"
        host = "db\\sql2019"
        instance = "sql2019"
        user = "u"
        password = "env:PASSWORD"
        trust = "ca_file"
    "#;
    assert_eq!(problems(SQL_SERVER, text), ["host", "port", "database", "ca_file"]);
}

#[test]
fn a_password_in_clear_is_refused() {
    let text = COMPLETE.replace("env:PASSWORD", "letmein");
    assert_eq!(problems(SQL_SERVER, &text), ["password"]);
}

#[test]
fn change_tracking_needs_a_table() {
    let text = format!(
        "{COMPLETE}\n[[stream]]\nname = \"x\"\nquery = \"select a from t\"\nkey = [\"a\"]\n\
         deletes = \"change_tracking\"\ncolumns = [{{ name = \"a\", type = \"integer\" }}]"
    );
    assert_eq!(problems(SQL_SERVER, &text), ["stream x"]);
}

#[test]
fn a_product_is_a_catalogue() {
    let product = SqlServerKind {
        kind: "example",
        title: "示例 Example",
        catalog: "[[stream]]\nname = \"customer\"\ntable = \"dbo.Customer\"\nkey = [\"id\"]\n\
                  columns = [{ name = \"id\", type = \"integer\" }]",
        has_yearly_databases: false,
    };
    assert_eq!(product.default_streams()[0].name, "customer");
    assert!(!product.capabilities().own_streams);
    assert_eq!(problems(product, COMPLETE), [""; 0]);
    // One database only.
    let text = format!("databases = [\"a\", \"b\"]\n{COMPLETE}");
    assert_eq!(problems(product, &text), ["databases"]);
}
