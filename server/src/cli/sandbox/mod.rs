//! `yuanliu sandbox KIND`: the made-up company behind one ERP's protocol, one file for each vendor.

mod kingdee;
mod sql_server;
mod yonyou;

use std::io::Write as _;
use std::str::FromStr;

use anyhow::{Context, Result};
use futures::future::BoxFuture;
use serde_json::Value;
use yuanliu_company::Company;

use super::args::{SandboxArgs, SandboxKind};
use crate::exit::{self, UsageError};

/// A running sandbox. Dropping it stops the server.
pub(super) struct Sandbox {
    /// What is printed: `kind`, address and credentials, and under `config` the text of each file
    /// below a configuration folder that connects a hub to it, secrets included.
    pub(super) description: Value,
    /// Stops the server in good order.
    pub(super) stop: BoxFuture<'static, ()>,
}

pub(super) async fn run(args: SandboxArgs) -> Result<u8> {
    let sandbox = start(&args).await?;
    if let Some(folder) = &args.scans {
        super::demo::write_company_files(folder, args.seed, args.scale)?;
    }
    // One line, so that a script can read it while the server goes on.
    let line = serde_json::to_string(&sandbox.description)?;
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes())?;
    stdout.flush()?;
    drop(stdout);
    tokio::signal::ctrl_c().await.context("waiting for Ctrl-C")?;
    sandbox.stop.await;
    Ok(exit::DONE)
}

/// Starts the made-up company's server of one kind.
pub(super) async fn start(args: &SandboxArgs) -> Result<Sandbox> {
    let company = Company::demo(args.seed, args.scale);
    match args.kind {
        SandboxKind::Kingdee => kingdee::start(args, &company).await,
        SandboxKind::YonyouBip => yonyou::start_bip(args, &company).await,
        SandboxKind::YonyouU8Openapi => yonyou::start_u8_openapi(args, &company).await,
        SandboxKind::YonyouU8Eai => yonyou::start_u8_eai(args, &company).await,
        SandboxKind::SqlServer => sql_server::start(args, &company).await,
    }
}

/// The faults asked for, in the words of the kind's own sandbox.
fn faults<F>(args: &SandboxArgs) -> Result<F>
where
    F: FromStr<Err: std::fmt::Display> + Default,
{
    match &args.faults {
        Some(text) => Ok(text.parse().map_err(|e| UsageError(format!("--faults: {e}")))?),
        None => Ok(F::default()),
    }
}
