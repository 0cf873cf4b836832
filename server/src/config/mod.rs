//! The configuration folder: `hub.toml`, `rules.toml`, `gates.toml`, `systems/*.toml`.
//!
//! Read in one place, checked whole: every problem of every file is reported at once, unknown keys
//! are refused, and secrets are references that are resolved here and nowhere else.

mod bi;
mod gates;
mod hub;
mod rules;
mod secrets;
mod service;
mod systems;
mod telemetry;
mod visitors;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use yuanliu_alerts::AlertsConfig;
use yuanliu_contract::{ConfigProblem, ConfigSpec, Settings};
use yuanliu_gates::Gates;
use yuanliu_schedule::Jobs;

pub(crate) use bi::BiConfig;
pub(crate) use hub::{CaptchaConfig, HubConfig, RegionsConfig, SecretText, ServeConfig};
pub(crate) use rules::{RulesConfig, VerifyRules};
pub(crate) use systems::SystemConfig;
pub(crate) use visitors::VisitorRegion;

use secrets::FolderSecrets;

/// The system of kind `files` whose files the hub itself writes: what people decided.
pub(crate) const DECISIONS: &str = "decisions";

/// Everything the configuration folder says.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) hub: HubConfig,
    pub(crate) rules: RulesConfig,
    pub(crate) systems: Vec<SystemConfig>,
    pub(crate) gates: Arc<Gates>,
    /// What the hub does by itself while it serves.
    pub(crate) jobs: Jobs,
    /// Who is told what.
    pub(crate) alerts: Arc<AlertsConfig>,
}

/// Every problem found, each with its place.
#[derive(Debug, thiserror::Error)]
#[error("the configuration in {} has {} problem(s)", folder.display(), problems.len())]
pub(crate) struct ConfigError {
    pub(crate) folder: PathBuf,
    pub(crate) problems: Vec<ConfigProblem>,
}

impl Config {
    /// Reads and checks a configuration folder.
    pub(crate) fn load(folder: &Path) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let secrets = FolderSecrets::new(folder);
        let hub = read_table(folder, "hub.toml", &mut problems)
            .and_then(|table| HubConfig::check(folder, &table, &secrets, &mut problems));
        let rules = read_table(folder, "rules.toml", &mut problems)
            .and_then(|table| RulesConfig::check(&table, &secrets, &mut problems));
        let mut systems = systems::load(folder, &secrets, &mut problems);
        let gates = gates::load(folder, &mut problems);
        let zone = hub.as_ref().map_or(chrono_tz::Asia::Shanghai, |hub| hub.time_zone);
        let names = systems.iter().map(|system| system.name.clone()).collect();
        let jobs = service::jobs(folder, zone, names, &mut problems);
        systems.iter_mut().for_each(|system| system.share_budget(&jobs.budgets));
        let alerts = service::alerts(folder, &secrets, &mut problems);
        match (hub, rules, gates) {
            (Some(hub), Some(rules), Some(gates)) if problems.is_empty() => Ok(Self {
                hub,
                rules,
                systems,
                gates: Arc::new(gates),
                jobs,
                alerts: Arc::new(alerts),
            }),
            _ => Err(ConfigError { folder: folder.to_owned(), problems }),
        }
    }

    /// The folder in which the warehouse reads what people decided; none without a system for it.
    pub(crate) fn decisions_folder(&self) -> Option<PathBuf> {
        let system = self.systems.iter().find(|system| system.name == DECISIONS)?;
        system.settings.as_ref().filter(|_| system.kind == "files")?.path("folder").cloned()
    }

    /// The system called `name`, or the names there are.
    pub(crate) fn system(&self, name: &str) -> Result<&SystemConfig, String> {
        self.systems.iter().find(|system| system.name == name).ok_or_else(|| {
            let names: Vec<_> = self.systems.iter().map(|system| system.name.as_str()).collect();
            format!("there is no system `{name}`; configured are: {}", names.join(", "))
        })
    }
}

/// Reads a TOML file; a missing or broken one is a problem.
fn read_table(folder: &Path, file: &str, problems: &mut Vec<ConfigProblem>) -> Option<toml::Table> {
    let path = folder.join(file);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            let hint = "copy it from the config folder of the repository, or name another folder with --config";
            problems.push(ConfigProblem::new(file, format!("cannot be read ({error}); {hint}")));
            return None;
        }
    };
    match text.parse::<toml::Table>() {
        Ok(table) => Some(table),
        Err(error) => {
            problems.push(ConfigProblem::new(file, error.to_string().trim_end().to_owned()));
            None
        }
    }
}

/// Checks the sections of a file against their specs; unknown sections are problems too.
fn check_sections(
    file: &str,
    table: &toml::Table,
    specs: &[(&'static str, ConfigSpec)],
    secrets: &FolderSecrets,
    problems: &mut Vec<ConfigProblem>,
) -> Option<Vec<Settings>> {
    let before = problems.len();
    for key in table.keys() {
        if !specs.iter().any(|(name, _)| name == key) {
            let known: Vec<_> = specs.iter().map(|(name, _)| *name).collect();
            let message = format!("unknown section; known sections are {}", known.join(", "));
            problems.push(ConfigProblem::new(format!("{file}: [{key}]"), message));
        }
    }
    let empty = toml::Table::new();
    let mut sections = Vec::new();
    for (name, spec) in specs {
        let section = match table.get(*name) {
            None => &empty,
            Some(toml::Value::Table(section)) => section,
            Some(_) => {
                let message = format!("should be a section, written [{name}]");
                problems.push(ConfigProblem::new(format!("{file}: {name}"), message));
                continue;
            }
        };
        match Settings::check(name, spec, section, &[], secrets) {
            Ok(settings) => sections.push(settings),
            Err(found) => problems.extend(
                found
                    .into_iter()
                    .map(|p| ConfigProblem::new(format!("{file}: [{name}] {}", p.path), p.message)),
            ),
        }
    }
    (problems.len() == before).then_some(sections)
}
