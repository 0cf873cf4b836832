//! Exit codes, and how a failure is told.
//!
//! 0 done · 1 found problems · 2 usage or configuration · 3 a system could not be reached.

use std::process::ExitCode;

use yuanliu_contract::{ConnectorError, ErrorKind};
use yuanliu_engine::policy;

use crate::config::ConfigError;

/// Everything was done.
pub(crate) const DONE: u8 = 0;
/// Done, and something needs a person's attention.
pub(crate) const PROBLEMS: u8 = 1;
/// The command or the configuration is wrong.
pub(crate) const USAGE: u8 = 2;
/// A system could not be reached.
pub(crate) const UNREACHABLE: u8 = 3;

/// A mistake in the command itself.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

/// Tells a failure on the error stream and returns its exit code.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {}", chain(error));
    for cause in error.chain() {
        if let Some(config) = cause.downcast_ref::<ConfigError>() {
            for problem in &config.problems {
                eprintln!("  {}: {}", problem.path, problem.message);
            }
        }
        if let Some(system) = cause.downcast_ref::<ConnectorError>() {
            let hint = system.hint.as_deref().unwrap_or(policy::directive(system.kind).hint);
            eprintln!("  what to do: {hint}");
        }
    }
    ExitCode::from(code(error))
}

fn code(error: &anyhow::Error) -> u8 {
    for cause in error.chain() {
        if cause.is::<ConfigError>() || cause.is::<UsageError>() {
            return USAGE;
        }
        if let Some(system) = cause.downcast_ref::<ConnectorError>() {
            return of_kind(system.kind);
        }
    }
    PROBLEMS
}

/// The exit code of a system's failure.
pub(crate) fn of_kind(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Config | ErrorKind::Auth | ErrorKind::NotFound | ErrorKind::Permission => USAGE,
        ErrorKind::Unreachable
        | ErrorKind::Timeout
        | ErrorKind::RateLimited
        | ErrorKind::SessionExpired
        | ErrorKind::Busy => UNREACHABLE,
        ErrorKind::Malformed | ErrorKind::Refused | ErrorKind::Internal => PROBLEMS,
    }
}

/// The layers of an error in one line, a layer that repeats its neighbour left out.
pub(crate) fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for layer in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = layer;
        } else if !text.ends_with(&layer) {
            text = format!("{text}: {layer}");
        }
    }
    text
}
