//! The configuration files over the API: read, planned, applied.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use chrono::Utc;
use serde_json::{Value, json};
use uuid::Uuid;
use yuanliu_access::Principal;
use yuanliu_api::ports::{
    Answer, ChangeKind, Configuration, ConfigurationChange, ConfigurationDesk, ConfigurationFile,
    EffectKind, KeyChange, Page, PageAsked, Plan, PlanDraft, PlanEffect, PlanProblem, PortError,
};
use yuanliu_metadata::{ChangedFile, NewConfigurationChange, PageRequest};
use yuanliu_plan::{Models, Surroundings, Texts};

use super::Desk;
use super::answer::failed;
use super::{kinds, problems};
use crate::config::{Config, SystemConfig};
use crate::writer;

/// Files of a configuration are short; what is longer is none.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Plans that wait to be applied; the oldest go.
const PLANS_MAX: usize = 100;

/// A plan that waits to be applied.
#[derive(Debug, Clone)]
pub(super) struct Drafted {
    plan: Plan,
    before: Texts,
    after: Texts,
}

#[async_trait]
impl ConfigurationDesk for Desk {
    async fn files(&self, _who: &Principal) -> Answer<Configuration> {
        let texts = self.texts()?;
        let files = texts.into_iter().map(|(path, text)| {
            let hash = hash(&text);
            ConfigurationFile { path, text, hash }
        });
        Ok(Configuration { files: files.collect() })
    }

    async fn plan(&self, _who: &Principal, draft: &PlanDraft) -> Answer<Plan> {
        let before = self.texts()?;
        let mut after = before.clone();
        for file in &draft.files {
            if !is_file_of_configuration(&file.path) {
                return Err(PortError::invalid(
                    format!("`{}` is no file of a configuration", file.path),
                    "name hub.toml, rules.toml, gates.toml, jobs.toml, alerts.toml or systems/NAME.toml",
                ));
            }
            match &file.text {
                Some(text) => after.insert(file.path.clone(), text.clone()),
                None => after.remove(&file.path),
            };
        }
        let models = &self.service().models.files;
        let texts = models.all().iter().map(|file| file.text.as_str());
        let surroundings =
            Surroundings { models: Models::of(texts), secret_fields: kinds::secrets() };
        let planned = yuanliu_plan::plan(&before, &after, &surroundings);
        let mut problems: Vec<_> = planned.problems.into_iter().map(problems::planned).collect();
        if problems.is_empty() {
            problems = self.checked(&before, &after).map_err(failed)?;
        }
        let mut seen = BTreeSet::new();
        problems.retain(|one| {
            seen.insert((one.path.clone(), one.line, one.key.clone(), one.message.clone()))
        });
        let mut changes: Vec<_> = planned.changes.into_iter().map(change).collect();
        if changes.is_empty() {
            changes = retold(&before, &after);
        }
        let plan = Plan {
            plan_id: Uuid::now_v7().to_string(),
            changes,
            effects: planned.effects.into_iter().map(effect).collect(),
            problems,
        };
        let mut plans = self.0.plans.lock().await;
        if plans.len() >= PLANS_MAX {
            plans.pop_first();
        }
        let drafted = Drafted { plan: plan.clone(), before, after };
        plans.insert(plan.plan_id.clone(), drafted);
        Ok(plan)
    }

    async fn apply(&self, who: &Principal, plan_id: &str) -> Answer<ConfigurationChange> {
        let mut plans = self.0.plans.lock().await;
        let Some(drafted) = plans.get(plan_id).cloned() else {
            let told = format!("there is no plan {plan_id}, or it was applied; plan again");
            return Err(PortError::NotFound(told));
        };
        if !drafted.plan.problems.is_empty() {
            return Err(PortError::Conflict(
                "the plan has problems; correct them first".to_owned(),
            ));
        }
        if self.texts()? != drafted.before {
            let told = "the files changed since this plan was made; plan again";
            return Err(PortError::Conflict(told.to_owned()));
        }
        let files = self.write(&drafted).map_err(failed)?;
        plans.remove(plan_id);
        drop(plans);
        let (changes, effects) = (drafted.plan.changes, drafted.plan.effects);
        let change = NewConfigurationChange {
            plan_id: plan_id.to_owned(),
            changed_by: who.login.clone(),
            files,
            plan: json!({ "changes": changes, "effects": effects }),
        };
        let (metadata, at) = (&self.service().hub.metadata, Utc::now());
        let noted = metadata.note_configuration_change(&change, at).await;
        noted.map_err(|error| failed(error.into()))?;
        // The hub opens itself anew under the files that are there now.
        self.0.restart.notify_one();
        Ok(ConfigurationChange {
            plan_id: plan_id.to_owned(),
            applied_by: who.login.clone(),
            applied_at: at,
            changes,
            effects,
        })
    }

    async fn history(
        &self,
        _who: &Principal,
        page: &PageAsked,
    ) -> Answer<Page<ConfigurationChange>> {
        let request = PageRequest::after(page.after.clone(), page.limit);
        let found = self.service().hub.metadata.configuration_changes(&request).await;
        let found = found.map_err(|error| failed(error.into()))?;
        let items = found.items.into_iter().map(|row| ConfigurationChange {
            changes: listed(&row.plan["changes"]),
            effects: listed(&row.plan["effects"]),
            plan_id: row.plan_id,
            applied_by: row.changed_by,
            applied_at: row.changed_at,
        });
        Ok(Page { items: items.collect(), next: found.next_cursor })
    }
}

/// Files whose text changes and whose meaning does not: comments, order, spacing.
fn retold(before: &Texts, after: &Texts) -> Vec<KeyChange> {
    let changed =
        after.iter().filter(|(path, text)| before.get(*path).is_some_and(|was| was != *text));
    let told = changed.map(|(path, _)| KeyChange {
        path: path.clone(),
        kind: ChangeKind::Changed,
        key: String::new(),
        from: None,
        to: None,
    });
    told.collect()
}

impl Desk {
    fn texts(&self) -> Answer<Texts> {
        read_texts(&self.0.folder).map_err(failed)
    }

    /// The problems that the hub itself would report of these files, and the writers of the systems
    /// whose files are others than `before`.
    fn checked(&self, before: &Texts, texts: &Texts) -> anyhow::Result<Vec<PlanProblem>> {
        let place = tempfile::tempdir()?;
        copy_aside(&self.0.folder, place.path())?;
        for path in read_texts(place.path())?.keys() {
            if !texts.contains_key(path) {
                fs::remove_file(place.path().join(path))?;
            }
        }
        for (path, text) in texts {
            write_whole(&place.path().join(path), text)?;
        }
        let found = match Config::load(place.path()) {
            Ok(config) => {
                let is_drafted = |system: &&SystemConfig| {
                    let path = format!("systems/{}.toml", system.name);
                    texts.get(&path) != before.get(&path)
                };
                writer::problems(config.systems.iter().filter(is_drafted))
            }
            Err(error) => error.problems,
        };
        Ok(found.into_iter().map(problems::checked).collect())
    }

    fn write(&self, drafted: &Drafted) -> anyhow::Result<Vec<ChangedFile>> {
        let (before, after) = (&drafted.before, &drafted.after);
        let mut changed = Vec::new();
        let paths: BTreeMap<&String, ()> =
            before.keys().chain(after.keys()).map(|p| (p, ())).collect();
        for path in paths.into_keys() {
            let (was, is) = (before.get(path), after.get(path));
            if was == is {
                continue;
            }
            let place = self.0.folder.join(path);
            match is {
                Some(text) => write_whole(&place, text)?,
                None => fs::remove_file(&place)?,
            }
            changed.push(ChangedFile {
                path: path.clone(),
                before: was.map(|text| hash(text)),
                after: is.map(|text| hash(text)),
            });
        }
        Ok(changed)
    }
}

/// Every file of a configuration by its path in the folder.
fn read_texts(folder: &Path) -> anyhow::Result<Texts> {
    let mut texts = Texts::new();
    for (prefix, folder) in [("", folder.to_owned()), ("systems/", folder.join("systems"))] {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if is_file_of_configuration(&path) && entry.metadata()?.len() <= FILE_BYTES_MAX {
                texts.insert(path, fs::read_to_string(entry.path())?);
            }
        }
    }
    Ok(texts)
}

fn is_file_of_configuration(path: &str) -> bool {
    const FILES: [&str; 5] = ["hub.toml", "rules.toml", "gates.toml", "jobs.toml", "alerts.toml"];
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let system = path.strip_prefix("systems/").and_then(|name| name.strip_suffix(".toml"));
    FILES.contains(&path)
        || system.is_some_and(|name| !name.is_empty() && name.chars().all(is_plain))
}

/// A copy of the folder for a look at it; what is large or deeper is no configuration.
fn copy_aside(from: &Path, to: &Path) -> anyhow::Result<()> {
    for folder in [PathBuf::new(), PathBuf::from("systems")] {
        fs::create_dir_all(to.join(&folder))?;
        let Ok(entries) = fs::read_dir(from.join(&folder)) else { continue };
        for entry in entries {
            let entry = entry?;
            let about = entry.metadata()?;
            if about.is_file() && about.len() <= FILE_BYTES_MAX {
                fs::copy(entry.path(), to.join(&folder).join(entry.file_name()))?;
            }
        }
    }
    Ok(())
}

/// Writes a file beside the old one and puts it in its place, so that no reader sees half of it.
fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("toml.new");
    fs::write(&beside, text)?;
    fs::File::open(&beside)?.sync_all()?;
    fs::rename(&beside, path)?;
    Ok(())
}

fn hash(text: &str) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
}

fn listed<T: serde::de::DeserializeOwned>(value: &Value) -> Vec<T> {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

fn change(one: yuanliu_plan::Change) -> KeyChange {
    KeyChange {
        path: one.path,
        kind: match one.kind {
            yuanliu_plan::ChangeKind::Added => ChangeKind::Added,
            yuanliu_plan::ChangeKind::Removed => ChangeKind::Removed,
            yuanliu_plan::ChangeKind::Changed => ChangeKind::Changed,
        },
        key: one.key,
        from: one.from,
        to: one.to,
    }
}

fn effect(one: yuanliu_plan::Effect) -> PlanEffect {
    PlanEffect {
        kind: match one.kind {
            yuanliu_plan::EffectKind::Reread => EffectKind::Reread,
            yuanliu_plan::EffectKind::Rebuild => EffectKind::Rebuild,
            yuanliu_plan::EffectKind::Restart => EffectKind::Restart,
            yuanliu_plan::EffectKind::None => EffectKind::None,
        },
        object: one.object,
        why: one.why,
        why_zh: one.why_zh,
    }
}
