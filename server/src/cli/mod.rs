//! The commands, one file each.

mod answer;
mod args;
mod backup;
mod build;
mod case;
mod check_config;
mod demo;
mod drift;
mod feed;
mod index;
mod ingest;
mod maintain;
mod outbox;
mod recall;
mod rejects;
mod report;
mod restore;
mod runs;
mod sandbox;
mod serve;
mod sql;
mod sync;
mod systems;
mod trace;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use yuanliu_telemetry::{Guard, LogFormat, LogSettings};

use crate::config::Config;
use crate::exit;
use args::{Arguments, Command};
pub(crate) use args::{BuildArgs, Common, RecallArgs, RejectPick, SyncArgs, parse_instant};
pub(crate) use build::build;
pub(crate) use ingest::keep_rejects;
pub(crate) use recall::asked;
pub(crate) use rejects::replay_picked;
pub(crate) use report::ask_report;
pub(crate) use sync::sync;

/// Runs the command the arguments name and returns its exit code.
pub(crate) async fn run(arguments: Vec<OsString>) -> ExitCode {
    let arguments = report::with_dimension_filters(arguments);
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { exit::USAGE } else { exit::DONE };
            // Printing help to a closed pipe is not worth a message.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let log = match start_log(&arguments) {
        Ok(log) => log,
        Err(error) => return exit::report(&error),
    };
    let code = match dispatch(arguments).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => exit::report(&error),
    };
    // It waits for the last traces to be sent, which needs the runtime's workers.
    let _ = tokio::task::spawn_blocking(move || drop(log)).await;
    code
}

async fn dispatch(arguments: Arguments) -> anyhow::Result<u8> {
    let common = arguments.common;
    match arguments.command {
        Command::Demo(args) => demo::run(&common, args).await,
        Command::Sandbox(args) => sandbox::run(args).await,
        Command::CheckConfig => check_config::run(&common),
        Command::Systems(command) => systems::run(&common, command).await,
        Command::Sync(args) => sync::run(&common, args).await,
        Command::Ingest(args) => ingest::run(&common, args).await,
        Command::Serve(args) => serve::run(&common, args).await,
        Command::Index(command) => index::run(&common, command).await,
        Command::Verify(args) => verify::run(&common, args).await,
        Command::Build(args) => build::run(&common, args).await,
        Command::Report(args) => report::run(&common, args).await,
        Command::Trace(args) => trace::run(&common, args).await,
        Command::Recall(args) => recall::run(&common, args).await,
        Command::Case(args) => case::run(&common, args).await,
        Command::Rejects(command) => rejects::run(&common, command).await,
        Command::Outbox(command) => outbox::run(&common, command).await,
        Command::Runs(args) => runs::run(&common, args).await,
        Command::Sql(args) => sql::run(&common, args).await,
        Command::Maintain => maintain::run(&common).await,
        Command::Backup(args) => backup::run(&common, args).await,
        Command::Restore(args) => restore::run(&common, args).await,
    }
}

/// Logs go to the error stream; `RUST_LOG` overrides the level. A hub that serves logs as `[telemetry]` of
/// `hub.toml` says, and everything else for a person.
fn start_log(arguments: &Arguments) -> anyhow::Result<Guard> {
    let said = match &arguments.command {
        // What is wrong with the configuration is told when it is opened.
        Command::Serve(_) => Config::load(&arguments.common.config).ok(),
        _ => None,
    };
    let said = said.map(|config| config.hub.telemetry);
    let format = said.as_ref().map_or(LogFormat::Text, |said| said.log);
    let default = match (arguments.common.verbose, format) {
        // The client of SQL Server logs every error it returns, those that are retried as well.
        (false, LogFormat::Text) => "error,tiberius=off",
        _ => "info,datafusion=warn,deltalake=warn,tiberius=off",
    };
    let filter = std::env::var("RUST_LOG").unwrap_or_else(|_| default.to_owned());
    let traces = said.and_then(|said| said.traces);
    Ok(yuanliu_telemetry::install(&LogSettings { format, filter }, traces.as_ref())?)
}
