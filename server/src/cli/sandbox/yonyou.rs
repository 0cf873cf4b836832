//! 用友 Yonyou: BIP and U8 over HTTP.

use anyhow::Result;
use serde_json::json;
use yuanliu_company::Company;
use yuanliu_sandbox_yonyou_bip::{BipOptions, BipSandbox, Dataset as BipDataset};
use yuanliu_sandbox_yonyou_eai::{ACCOUNT, Dataset as EaiDataset, EaiOptions, EaiSandbox, SENDER};
use yuanliu_sandbox_yonyou_u8_openapi::{Dataset as U8Dataset, U8Options, U8Sandbox};

use super::{Sandbox, faults};
use crate::cli::args::SandboxArgs;

/// A sandbox sets no limit of calls.
const SYNC: &str = "[sync]\ncalls_per_minute = 100000\n";

pub(super) async fn start_bip(args: &SandboxArgs, company: &Company) -> Result<Sandbox> {
    let options = BipOptions {
        port: args.port,
        dataset: BipDataset::from_company(company),
        faults: faults(args)?,
        ..BipOptions::default()
    };
    let handle = BipSandbox::start(options).await?;
    let credentials = handle.credentials();
    let system = format!(
        "# 沙箱 sandbox\nkind = \"yonyou_bip\"\ndiscovery_url = {:?}\ntenant_id = {:?}\n\
         app_key = {:?}\napp_secret = \"file:bip_app_secret\"\ncalls_per_minute = 100000\n\n{SYNC}",
        handle.discovery_url(),
        credentials.tenant_id,
        credentials.app_key,
    );
    let description = json!({
        "kind": "yonyou_bip",
        "discovery_url": handle.discovery_url(),
        "tenant_id": credentials.tenant_id,
        "app_key": credentials.app_key,
        "app_secret": credentials.app_secret,
        "suite_ticket": credentials.suite_ticket,
        "config": {"systems/bip.toml": system, "bip_app_secret": credentials.app_secret},
    });
    Ok(Sandbox { description, stop: Box::pin(handle.shutdown()) })
}

pub(super) async fn start_u8_openapi(args: &SandboxArgs, company: &Company) -> Result<Sandbox> {
    let options = U8Options {
        port: args.port,
        dataset: U8Dataset::from_company(company),
        faults: faults(args)?,
        ..U8Options::default()
    };
    let handle = U8Sandbox::start(options).await?;
    let credentials = handle.credentials();
    let system = format!(
        "# 沙箱 sandbox\nkind = \"yonyou_u8_openapi\"\nbase_url = {:?}\nfrom_account = {:?}\n\
         to_account = {:?}\napp_key = {:?}\napp_secret = \"file:u8_app_secret\"\n\n{SYNC}",
        handle.base_url(),
        credentials.from_account,
        credentials.to_account,
        credentials.app_key,
    );
    let mut description = serde_json::to_value(credentials)?;
    description["kind"] = json!("yonyou_u8_openapi");
    description["base_url"] = json!(handle.base_url());
    description["config"] = json!({
        "systems/u8_openapi.toml": system,
        "u8_app_secret": credentials.app_secret,
    });
    Ok(Sandbox { description, stop: Box::pin(handle.shutdown()) })
}

/// Serves NC's XChange as well, which cannot be read.
pub(super) async fn start_u8_eai(args: &SandboxArgs, company: &Company) -> Result<Sandbox> {
    let options = EaiOptions {
        port: args.port,
        dataset: EaiDataset::from_company(company),
        faults: faults(args)?,
        ..EaiOptions::default()
    };
    let handle = EaiSandbox::start(options).await?;
    let system = format!(
        "# 沙箱 sandbox\nkind = \"yonyou_u8_eai\"\nurl = {:?}\nsender = {SENDER:?}\n\
         start_date = \"{}\"\n\n{SYNC}",
        handle.eai_url(),
        company.start,
    );
    let description = json!({
        "kind": "yonyou_u8_eai",
        "url": handle.eai_url(),
        "sender": SENDER,
        "xchange_url": handle.xchange_url(),
        "account": ACCOUNT,
        "config": {"systems/u8_eai.toml": system},
    });
    Ok(Sandbox { description, stop: Box::pin(handle.shutdown()) })
}
