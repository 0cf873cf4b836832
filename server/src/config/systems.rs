//! `systems/*.toml`: one file per connected system.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use yuanliu_contract::{ConfigProblem, ConfigSpec, FieldKind, FieldSpec, Settings};
use yuanliu_engine::{DriftPolicy, MinuteBudget};
use yuanliu_schedule::CallBudgets;

use super::secrets::FolderSecrets;
use crate::adapters::SystemClock;

/// Keys of a system's file that belong to the hub and not to its connector.
const HUB_KEYS: [&str; 6] = ["kind", "enabled", "sync", "write", "organisation", "mapping"];

/// A configured system. Its connector is opened by whoever needs it.
#[derive(Debug, Clone)]
pub(crate) struct SystemConfig {
    /// The file's name; part of the raw tables' names.
    pub(crate) name: String,
    /// The connector's kind.
    pub(crate) kind: String,
    /// Whether `sync` without `--system` reads it.
    pub(crate) enabled: bool,
    /// The organisation whose masters keep their bare number.
    pub(crate) organisation: Option<String>,
    /// What staging models address its streams by: `current.<mapping>__<stream>`. The kind, or the
    /// system's own name where each system defines its streams.
    pub(crate) mapping: String,
    /// The connector's own settings; none for a system that is switched off.
    pub(crate) settings: Option<Settings>,
    /// How documents are written to it; none if none are.
    pub(crate) write: Option<Settings>,
    /// How it is read.
    pub(crate) sync: SyncSettings,
    /// The calls its account may take, shared by everything that calls it.
    pub(crate) budget: Arc<MinuteBudget>,
}

impl SystemConfig {
    /// Lets the budgets of `jobs.toml` go before the system's own.
    pub(super) fn share_budget(&mut self, budgets: &Arc<CallBudgets>) {
        let (budgets, name) = (Arc::clone(budgets), self.name.clone());
        let otherwise = self.sync.calls_per_minute;
        self.budget = Arc::new(MinuteBudget::new(Arc::new(SystemClock), move |at| {
            let calls = budgets.calls_per_minute(&name, at);
            calls.map_or(otherwise, |calls| usize::try_from(calls).unwrap_or(usize::MAX))
        }));
    }
}

/// How a system is read.
#[derive(Debug, Clone)]
pub(crate) struct SyncSettings {
    /// How far behind its position a run starts again.
    pub(crate) look_back: Duration,
    /// How far behind the source's clock the upper fence stays.
    pub(crate) safety_lag: Duration,
    /// Calls in any minute.
    pub(crate) calls_per_minute: usize,
    /// Only these streams; empty: all.
    pub(crate) streams: Vec<String>,
    /// Streams that are not read while their object has changed and nobody accepted it; `*`: all.
    freeze_on_drift: Vec<String>,
    /// Streams whose rows are set aside then; `*`: all.
    quarantine_on_drift: Vec<String>,
}

impl SyncSettings {
    /// What happens to a stream whose object has changed in what is read.
    pub(crate) fn on_drift(&self, stream: &str) -> DriftPolicy {
        let names = |list: &[String]| list.iter().any(|name| name == stream || name == "*");
        match (names(&self.freeze_on_drift), names(&self.quarantine_on_drift)) {
            (true, _) => DriftPolicy::Freeze,
            (false, true) => DriftPolicy::Quarantine,
            (false, false) => DriftPolicy::Evolve,
        }
    }

    /// Whether any stream is to be held back when its object changes.
    pub(crate) fn watches_drift(&self) -> bool {
        !self.freeze_on_drift.is_empty() || !self.quarantine_on_drift.is_empty()
    }
}

fn sync_spec() -> ConfigSpec {
    let field = |name, kind, default, help| FieldSpec {
        name,
        kind,
        required: false,
        default: Some(default),
        help,
    };
    let seconds = FieldKind::Integer { min: 0, max: 30 * 86_400 };
    ConfigSpec {
        fields: vec![
            field("look_back_s", seconds, "600", "回看秒数 for rows committed late"),
            field("safety_lag_s", seconds, "120", "安全滞后秒数 behind the source's clock"),
            field(
                "calls_per_minute",
                FieldKind::Integer { min: 1, max: 1_000_000 },
                "600",
                "每分钟调用次数 on this account",
            ),
            field("streams", FieldKind::TextList, "[]", "只同步这些对象 only these streams"),
            field(
                "freeze_on_drift",
                FieldKind::TextList,
                "[]",
                "结构变化后停读的对象 streams not read after their object changed, until accepted",
            ),
            field(
                "quarantine_on_drift",
                FieldKind::TextList,
                "[]",
                "结构变化后隔离的对象 streams set aside after their object changed, until accepted",
            ),
        ],
    }
}

/// Reads every `systems/*.toml`, in the order of their names.
pub(super) fn load(
    folder: &Path,
    secrets: &FolderSecrets,
    problems: &mut Vec<ConfigProblem>,
) -> Vec<SystemConfig> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder.join("systems")).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            found.insert(path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), path);
        }
    }
    found.into_iter().filter_map(|(name, path)| load_one(name, &path, secrets, problems)).collect()
}

fn load_one(
    name: String,
    path: &PathBuf,
    secrets: &FolderSecrets,
    problems: &mut Vec<ConfigProblem>,
) -> Option<SystemConfig> {
    let file = format!("systems/{name}.toml");
    let mut problem = |key: &str, message: String| {
        let place = if key.is_empty() { file.clone() } else { format!("{file}: {key}") };
        problems.push(ConfigProblem::new(place, message));
    };
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.chars().all(is_plain) || name.contains("__") {
        problem("", "name the file with lower-case letters, digits and single underscores: it becomes part of table names".to_owned());
    }
    let text =
        fs::read_to_string(path).map_err(|e| problem("", format!("cannot be read: {e}"))).ok()?;
    let table: toml::Table =
        text.parse().map_err(|e: toml::de::Error| problem("", e.to_string())).ok()?;
    let enabled = match table.get("enabled") {
        None => true,
        Some(value) => value.as_bool().or_else(|| {
            problem("enabled", "should be true or false".to_owned());
            None
        })?,
    };
    let organisation = match table.get("organisation") {
        None => None,
        Some(value) => Some(value.as_str().map(str::to_owned).or_else(|| {
            problem("organisation", "should be an organisation's number, as text".to_owned());
            None
        })?),
    };
    let empty = toml::Table::new();
    let sync_table = table.get("sync").and_then(toml::Value::as_table).unwrap_or(&empty);
    let sync = Settings::check(&name, &sync_spec(), sync_table, &[], secrets).map_err(|found| {
        found.into_iter().for_each(|p| problem(&format!("[sync] {}", p.path), p.message))
    });
    let Some(kind) = table.get("kind").and_then(toml::Value::as_str) else {
        problem("kind", format!("is required: one of {}", kinds().join(", ")));
        return None;
    };
    let connector = match yuanliu_registry::find(kind) {
        Ok(connector) => connector,
        Err(error) => {
            problem("kind", error.to_string());
            return None;
        }
    };
    let mapping = match table.get("mapping").map(|value| value.as_str()) {
        None if connector.capabilities().own_streams => name.clone(),
        None => kind.to_owned(),
        Some(Some(text))
            if !text.is_empty() && text.chars().all(is_plain) && !text.contains("__") =>
        {
            text.to_owned()
        }
        Some(_) => {
            let wanted = "lower-case letters, digits and single underscores: the folder under \
                          staging/ whose models read this system";
            problem("mapping", format!("should be {wanted}"));
            return None;
        }
    };
    let write = write_settings(&name, kind, &table, secrets, &mut problem);
    // A system that is switched off may lack its secrets on this machine.
    let settings = if enabled {
        let checked = Settings::check(&name, &connector.config_spec(), &table, &HUB_KEYS, secrets);
        match checked {
            Ok(settings) => Some(settings),
            Err(found) => {
                found.into_iter().for_each(|p| problem(&p.path, p.message));
                return None;
            }
        }
    } else {
        None
    };
    let sync = sync_settings(&sync.ok()?)?;
    let calls_per_minute = sync.calls_per_minute;
    Some(SystemConfig {
        kind: kind.to_owned(),
        enabled,
        organisation,
        mapping,
        settings,
        write: write.ok()?,
        budget: Arc::new(MinuteBudget::new(Arc::new(SystemClock), move |_| calls_per_minute)),
        sync,
        name,
    })
}

/// Checks `[write]` against what the kind's writer wants; without the section nothing is written.
fn write_settings(
    name: &str,
    kind: &str,
    table: &toml::Table,
    secrets: &FolderSecrets,
    problem: &mut dyn FnMut(&str, String),
) -> Result<Option<Settings>, ()> {
    let Some(section) = table.get("write") else { return Ok(None) };
    let writers = yuanliu_registry::write_backs();
    let Some(writer) = writers.iter().find(|writer| writer.kind() == kind) else {
        let known: Vec<_> = writers.iter().map(|writer| writer.kind()).collect();
        let message = format!("nothing is written to {kind}; kinds are {}", known.join(", "));
        problem("[write]", message);
        return Err(());
    };
    let Some(section) = section.as_table() else {
        problem("[write]", "should be a section, written [write]".to_owned());
        return Err(());
    };
    Settings::check(name, &writer.spec().fields, section, &[], secrets).map(Some).map_err(|found| {
        found.into_iter().for_each(|p| problem(&format!("[write] {}", p.path), p.message));
    })
}

fn kinds() -> Vec<&'static str> {
    yuanliu_registry::connectors().iter().map(|connector| connector.kind()).collect()
}

fn sync_settings(settings: &Settings) -> Option<SyncSettings> {
    let seconds = |name| Some(Duration::from_secs(u64::try_from(settings.integer(name)?).ok()?));
    Some(SyncSettings {
        look_back: seconds("look_back_s")?,
        safety_lag: seconds("safety_lag_s")?,
        calls_per_minute: usize::try_from(settings.integer("calls_per_minute")?).ok()?,
        streams: settings.text_list("streams"),
        freeze_on_drift: settings.text_list("freeze_on_drift"),
        quarantine_on_drift: settings.text_list("quarantine_on_drift"),
    })
}
