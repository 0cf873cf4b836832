//! What the tests stand on: a sandbox and its clock, and a system opened over them.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use yuanliu_acceptance::subject::default_now;
use yuanliu_acceptance::{FixedSecrets, ManualClock};
use yuanliu_contract::{
    ConfigProblem, Connector, Page, ReadRange, Result, Seams, Settings, System, Unlimited,
};
use yuanliu_sandbox_yonyou_bip::{BipHandle, BipOptions, BipSandbox, Clock};
use yuanliu_yonyou_bip::YonyouBip;

/// A sandbox whose clock stands.
pub(crate) async fn start(options: BipOptions) -> BipHandle {
    let clock = Clock::manual(default_now());
    BipSandbox::start(BipOptions { clock, ..options }).await.unwrap()
}

/// Settings with `more` lines; `secret` stands behind every reference.
pub(crate) fn settings(
    server: &BipHandle,
    more: &str,
    secret: &str,
) -> std::result::Result<Settings, Vec<ConfigProblem>> {
    let text = format!(
        "discovery_url = {:?}\ntenant_id = {:?}\napp_key = {:?}\napp_secret = \"env:SECRET\"\n{more}\n",
        server.discovery_url(),
        server.credentials().tenant_id,
        server.credentials().app_key,
    );
    let secrets = FixedSecrets::default()
        .with("env:SECRET", secret)
        .with("env:TICKET", &server.credentials().suite_ticket);
    let table = toml::from_str(&text).unwrap();
    Settings::check("erp", &YonyouBip.config_spec(), &table, &[], &secrets)
}

/// The hub's clock, which stands where the sandbox's does.
pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(default_now()))
}

/// Seams over a clock.
pub(crate) fn seams(clock: &Arc<ManualClock>) -> Seams {
    Seams { clock: clock.clone(), budget: Arc::new(Unlimited) }
}

/// An opened system with further settings.
pub(crate) fn open(server: &BipHandle, more: &str, clock: &Arc<ManualClock>) -> Arc<dyn System> {
    let settings = settings(server, more, &server.credentials().app_secret).unwrap();
    Connector::open(&YonyouBip, &settings, seams(clock)).unwrap()
}

/// Every page of a stream from its beginning.
pub(crate) async fn read(system: &dyn System, stream: &str) -> Result<Vec<Page>> {
    let mut source = system.read(stream, None, &ReadRange::default()).await?;
    let mut pages = Vec::new();
    while let Some(page) = source.next_page().await? {
        pages.push(page);
    }
    Ok(pages)
}

/// A column of ids over pages.
pub(crate) fn ids(pages: &[Page], column: &str) -> Vec<i64> {
    let values =
        |page: &Page| page.rows.batch[column].as_primitive::<Int64Type>().values().to_vec();
    pages.iter().flat_map(values).collect()
}
