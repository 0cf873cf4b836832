//! The folder of a demo: its marker and its configuration.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::exit::UsageError;

/// Marks a folder as one that a demo made and may make again.
const MARKER: &str = ".yuanliu-demo";

/// What the hub of the demo does by itself while it serves.
const JOBS: &str = r#"# 任务计划 of the demo; docs/schedules.md says what each key means.
[[job]]
name = "sync_erp_main"
kind = "sync"
system = "erp_main"
schedule = "*/15 * * * *"
missed = "last"
overlap = "skip"
timeout_s = 3600

[[job]]
name = "sync_inbox"
kind = "sync"
system = "inbox"
schedule = "*/30 * * * *"

[[job]]
name = "sync_decisions"
kind = "sync"
system = "decisions"
schedule = "*/5 * * * *"

[[job]]
name = "build"
kind = "build"
after = ["sync_erp_main"]

[[job]]
name = "backup"
kind = "backup"
schedule = "0 2 * * *"

[budgets.erp_main]
otherwise = 6000
windows = [{ days = "MON-FRI", from = "08:30", to = "18:00", calls_per_minute = 3000 }]

[freshness]
"regional-sales" = "2h"
"promoter-*" = "26h"
"#;

/// An empty folder for the demo; one that an earlier demo made is made again.
pub(super) fn make(home: &Path) -> Result<PathBuf> {
    if home.exists() {
        if !home.join(MARKER).exists() {
            bail!(UsageError(format!(
                "{} exists and was not made by a demo; name another folder with --home",
                home.display()
            )));
        }
        std::fs::remove_dir_all(home).with_context(|| format!("removing {}", home.display()))?;
    }
    std::fs::create_dir_all(home.join("config/systems"))
        .with_context(|| format!("making {}", home.display()))?;
    std::fs::write(home.join(MARKER), "")?;
    home.canonicalize().with_context(|| format!("finding {}", home.display()))
}

/// Connects the demo's hub to the sandbox and to the company's files. BI tools find it beside the web's port.
pub(super) fn write_config(home: &Path, sandbox: &Value, port: u16) -> Result<()> {
    let config = home.join("config");
    let bi = port.checked_add(u16::from(port > 0)).unwrap_or_default();
    let hub = format!("{}\n[bi]\nport = {bi}\n", include_str!("../../../../config/hub.toml"));
    std::fs::write(config.join("hub.toml"), hub)?;
    std::fs::write(config.join("rules.toml"), include_str!("../../../../config/rules.toml"))?;
    std::fs::write(config.join("jobs.toml"), JOBS)?;
    let files = sandbox["config"].as_object().into_iter().flatten();
    for (path, text) in files.filter_map(|(path, text)| Some((path.as_str(), text.as_str()?))) {
        // The sandbox is gone when the demo ends; its data stays in the lake.
        let path = if path.starts_with("systems/") { "systems/erp_main.toml" } else { path };
        std::fs::write(config.join(path), text)?;
    }
    let inbox = "# 门店、区域、促销员、费率: what the ERP does not hold.\nkind = \"files\"\n\
                 folder = \"../company/files\"\n";
    std::fs::write(config.join("systems/inbox.toml"), inbox)?;
    let decisions = "# 人工决定: what people decide in the web, read like any other files.\nkind = \"files\"\n\
                     folder = \"../data/decisions\"\n";
    std::fs::create_dir_all(home.join("data/decisions"))?;
    std::fs::write(config.join("systems/decisions.toml"), decisions)?;
    Ok(())
}
