//! `yuanliu outbox add|list|approve|send|discard`, one file for each verb.

mod add;
mod list;
mod send;
mod settle;

use anyhow::{Context, Result};
use clap::Subcommand;
use yuanliu_metadata::Metadata;

use super::args::Common;
use crate::config::{Config, SystemConfig};
use crate::exit::UsageError;

#[derive(Debug, Subcommand)]
pub(crate) enum OutboxCommand {
    /// check documents and add them as drafts
    Add(add::AddArgs),
    /// documents with their status, number and last error
    List(list::ListArgs),
    /// let drafts, or again what a system refused, be sent
    Approve(settle::ApproveArgs),
    /// send what is approved; a document a system holds is never sent again
    Send(send::SendArgs),
    /// drop documents that no system holds
    Discard(settle::DiscardArgs),
}

pub(super) async fn run(common: &Common, command: OutboxCommand) -> Result<u8> {
    let config = Config::load(&common.config)?;
    let data = &config.hub.data;
    std::fs::create_dir_all(data)
        .with_context(|| format!("making the data folder {}", data.display()))?;
    let metadata = Metadata::open(&data.join("metadata.db")).await?;
    match command {
        OutboxCommand::Add(args) => add::add(common, &config, &metadata, args).await,
        OutboxCommand::List(args) => list::list(common, &metadata, args).await,
        OutboxCommand::Approve(args) => settle::approve(common, &metadata, args).await,
        OutboxCommand::Send(args) => send::send(common, &config, &metadata, args).await,
        OutboxCommand::Discard(args) => settle::discard(common, &metadata, args).await,
    }
}

/// The system, if it is switched on and documents are written to it.
fn writable(system: &SystemConfig) -> Result<&SystemConfig, UsageError> {
    let name = &system.name;
    if !system.enabled {
        return Err(UsageError(format!("the system `{name}` is switched off")));
    }
    if system.write.is_none() {
        let message = format!("nothing is written to `{name}`: systems/{name}.toml has no [write]");
        return Err(UsageError(message));
    }
    Ok(system)
}
