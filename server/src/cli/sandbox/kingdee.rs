//! 金蝶云星空 Kingdee Galaxy.

use anyhow::Result;
use serde_json::json;
use yuanliu_company::Company;
use yuanliu_sandbox_kingdee::{Dataset, KingdeeOptions, KingdeeSandbox};

use super::{Sandbox, faults};
use crate::cli::args::SandboxArgs;

pub(super) async fn start(args: &SandboxArgs, company: &Company) -> Result<Sandbox> {
    let options = KingdeeOptions {
        port: args.port,
        dataset: Dataset::from_company(company),
        faults: faults(args)?,
        ..KingdeeOptions::default()
    };
    let handle = KingdeeSandbox::start(options).await?;
    let credentials = handle.credentials();
    let system = format!(
        "# 沙箱 sandbox\nkind = \"kingdee_galaxy\"\nbase_url = {:?}\nacct_id = {:?}\nuser = {:?}\n\
         login = \"login_by_sign\"\napp_id = {:?}\napp_secret = \"file:kingdee_app_secret\"\n\
         organisation = {:?}\n\n[sync]\ncalls_per_minute = 100000\n",
        handle.base_url(),
        credentials.acct_id,
        credentials.user,
        credentials.app_id,
        credentials.org,
    );
    let mut description = serde_json::to_value(credentials)?;
    description["kind"] = json!("kingdee_galaxy");
    description["base_url"] = json!(handle.base_url());
    description["config"] = json!({
        "systems/kingdee.toml": system,
        "kingdee_app_secret": credentials.app_secret,
    });
    Ok(Sandbox { description, stop: Box::pin(handle.shutdown()) })
}
