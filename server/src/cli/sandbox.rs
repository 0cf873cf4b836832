//! `yuanliu sandbox KIND`.

use anyhow::{Context, Result};

use super::args::{SandboxArgs, SandboxKind};
use crate::exit;

pub(super) async fn run(args: SandboxArgs) -> Result<u8> {
    let SandboxKind::Kingdee = args.kind;
    let sandbox = super::demo::start_kingdee(&args).await?;
    if let Some(folder) = &args.scans {
        super::demo::write_company_files(folder, args.seed, args.scale)?;
    }
    // One line, so that a script can read it while the server goes on.
    let line = serde_json::to_string(&sandbox.description)?;
    let mut stdout = std::io::stdout().lock();
    std::io::Write::write_all(&mut stdout, format!("{line}\n").as_bytes())?;
    std::io::Write::flush(&mut stdout)?;
    drop(stdout);
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    sandbox.handle.shutdown().await;
    Ok(exit::DONE)
}
