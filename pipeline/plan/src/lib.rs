//! What a change of the configuration means before it is made: which keys change, and what is read again,
//! rebuilt or restarted because of it, and why.
//!
//! Texts in, plain data out; nothing is read, written or resolved. What a key brings about stands in one
//! table, [`policy`]. Values of secret keys never come out, only references to them. Whether the values
//! are right is for those who use them to say; only what is no TOML or no file of a configuration is a
//! problem here.

mod diff;
mod effects;
mod file;
mod flat;
mod models;
pub mod policy;
mod secret;

use std::collections::BTreeMap;

pub use diff::{Change, ChangeKind};
pub use effects::{Effect, EffectKind};
pub use models::Models;
pub use secret::HIDDEN;

use file::FileKind;
use flat::Flat;

/// Files of a configuration folder by path: `hub.toml`, `systems/erp_main.toml`.
pub type Texts = BTreeMap<String, String>;

/// Something that keeps a plan from being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what would be right, English.
    pub message: String,
    /// The same, Chinese.
    pub message_zh: String,
}

/// What a change means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Key by key.
    pub changes: Vec<Change>,
    /// What comes of it, each thing once.
    pub effects: Vec<Effect>,
    /// What has to be put right first; there are no changes and effects then.
    pub problems: Vec<Problem>,
}

/// What the plan has to know besides the texts.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The SQL models of the hub.
    pub models: Models,
    /// Names of secret fields as the connectors' specs tell them, beyond those that are told by their names.
    pub secret_fields: Vec<String>,
}

/// Compares two whole configurations.
pub fn plan(old: &Texts, new: &Texts, surroundings: &Surroundings) -> Plan {
    let mut problems = Vec::new();
    let mut files = BTreeMap::new();
    for path in old.keys().chain(new.keys()) {
        let Some(kind) = FileKind::of(path) else {
            if new.contains_key(path) {
                problems.push(unknown_file(path));
            }
            continue;
        };
        // A broken file in force is mended by any that is right.
        let before = old.get(path).map(|text| Flat::parse(text).unwrap_or_default());
        let after = match new.get(path).map(|text| Flat::parse(text)).transpose() {
            Ok(after) => after,
            Err((line, told)) => {
                problems.push(no_toml(path, line, &told));
                continue;
            }
        };
        files.insert(path.as_str(), (kind, before, after));
    }
    if !problems.is_empty() {
        return Plan { problems, ..Plan::default() };
    }
    let mut found = Plan::default();
    for (path, (kind, before, after)) in &files {
        let changes = diff::compare(path, before.as_ref(), after.as_ref(), surroundings);
        let file =
            effects::File { path, kind: *kind, before: before.as_ref(), after: after.as_ref() };
        effects::of(&file, &changes, &surroundings.models, &mut found.effects);
        found.changes.extend(changes);
    }
    effects::sum_up(&mut found.effects);
    found
}

fn unknown_file(path: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        line: 1,
        message: format!(
            "is no file of the configuration; there are {}, and systems/NAME.toml with a name of lower-case letters, digits and single underscores",
            FileKind::NAMES.join(", ")
        ),
        message_zh: format!(
            "不属于配置文件；可用：{}，以及 systems/名称.toml（小写字母、数字、单下划线）",
            FileKind::NAMES.join("、")
        ),
    }
}

fn no_toml(path: &str, line: usize, told: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        line,
        message: format!("is no TOML: {told}"),
        message_zh: format!("不是有效的 TOML：{told}"),
    }
}
