//! `jobs.toml` and `alerts.toml`: what the hub does by itself, and whom it tells. Either may be missing.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use chrono_tz::Tz;
use yuanliu_alerts::AlertsConfig;
use yuanliu_contract::ConfigProblem;
use yuanliu_contract::config::SecretSource;
use yuanliu_schedule::{Jobs, Known};

use super::secrets::FolderSecrets;

/// Reads `jobs.toml`; without it there are no jobs.
pub(super) fn jobs(
    folder: &Path,
    time_zone: Tz,
    systems: Vec<String>,
    problems: &mut Vec<ConfigProblem>,
) -> Jobs {
    let text = text_of(folder, "jobs.toml", problems).unwrap_or_default();
    let known = Known { systems: Some(systems), reports: None };
    Jobs::parse(&text, time_zone, &known).unwrap_or_else(|found| {
        problems.extend(found.into_iter().map(|problem| {
            ConfigProblem::new(
                format!("jobs.toml:{}: {}", problem.line, problem.key),
                problem.message,
            )
        }));
        Jobs::default()
    })
}

/// Reads `alerts.toml`; without it nobody is told anything.
pub(super) fn alerts(
    folder: &Path,
    secrets: &FolderSecrets,
    problems: &mut Vec<ConfigProblem>,
) -> AlertsConfig {
    let Some(text) = text_of(folder, "alerts.toml", problems) else { return AlertsConfig::none() };
    AlertsConfig::parse(&text, &Lent(secrets)).unwrap_or_else(|found| {
        let found = found.into_iter();
        problems.extend(found.map(|problem| ConfigProblem::new(problem.path, problem.message)));
        AlertsConfig::none()
    })
}

/// The secrets of the folder, for alerts.
struct Lent<'a>(&'a FolderSecrets);

impl yuanliu_alerts::SecretSource for Lent<'_> {
    fn resolve(&self, reference: &str) -> Result<String, String> {
        self.0.resolve(reference)
    }
}

fn text_of(folder: &Path, file: &str, problems: &mut Vec<ConfigProblem>) -> Option<String> {
    match fs::read_to_string(folder.join(file)) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => {
            problems.push(ConfigProblem::new(file, format!("cannot be read ({error})")));
            None
        }
    }
}
