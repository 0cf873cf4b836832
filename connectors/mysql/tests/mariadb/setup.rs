//! Opening a system and reading it.

use std::sync::Arc;

use chrono::Utc;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{
    Connector, Cursor, Page, ReadRange, Result, Seams, Settings, System, Unlimited,
};
use yuanliu_mysql::MySql;
use yuanliu_sandbox_servers::{DATABASE, PASSWORD, USER};

/// What every configuration starts with.
pub(crate) fn account(port: u16) -> String {
    format!(
        "host = \"127.0.0.1\"\nport = {port}\ndatabase = \"{DATABASE}\"\nuser = \"{USER}\"\n\
         password = \"env:PASSWORD\"\n"
    )
}

/// Where the password is.
pub(crate) fn secrets() -> FixedSecrets {
    FixedSecrets::default().with("env:PASSWORD", PASSWORD)
}

/// A system by its configuration's text.
pub(crate) fn open_with(config: &str, secrets: &FixedSecrets) -> Arc<dyn System> {
    let table = toml::from_str(config).unwrap();
    let settings = Settings::check("mes", &MySql.config_spec(), &table, &[], secrets).unwrap();
    let clock = Arc::new(ManualClock::at(Utc::now()));
    MySql.open(&settings, Seams { clock, budget: Arc::new(Unlimited) }).unwrap()
}

/// A system of the sandbox's own account with further configuration.
pub(crate) fn open(port: u16, more: &str) -> Arc<dyn System> {
    open_with(&format!("{}{more}", account(port)), &secrets())
}

/// Every page of a stream.
pub(crate) async fn read(
    system: &dyn System,
    stream: &str,
    cursor: Option<&Cursor>,
) -> Result<Vec<Page>> {
    let mut source = system.read(stream, cursor, &ReadRange::default()).await?;
    let mut pages = Vec::new();
    while let Some(page) = source.next_page().await? {
        pages.push(page);
    }
    Ok(pages)
}
