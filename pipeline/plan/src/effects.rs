//! What comes of the changes of one file.

use toml::Value;

use crate::diff::Change;
use crate::file::{FileKind, system};
use crate::flat::Flat;
use crate::models::Models;
use crate::policy::{self, Act, Line, Moved};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectKind {
    /// Something is read again.
    Reread,
    /// A table or the index is built anew.
    Rebuild,
    /// The process must be started again.
    Restart,
    /// It holds from then on, and nothing has to be done.
    None,
}

impl EffectKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reread => "reread",
            Self::Rebuild => "rebuild",
            Self::Restart => "restart",
            Self::None => "none",
        }
    }
}

/// One thing that comes of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What is to be done.
    pub kind: EffectKind,
    /// With what: a system, `system.stream`, a model, `*` for all models, `trace index`, a process, or a key.
    pub object: String,
    /// Why, English.
    pub why: String,
    /// Why, Chinese.
    pub why_zh: String,
}

/// One file and its two states.
pub(crate) struct File<'f> {
    pub(crate) path: &'f str,
    pub(crate) kind: FileKind,
    pub(crate) before: Option<&'f Flat>,
    pub(crate) after: Option<&'f Flat>,
}

/// Stands for every model.
const EVERY_MODEL: &str = "*";

/// Stands for the index that answers for one code.
const TRACE_INDEX: &str = "trace index";

/// How far a stream is read again where its file does not say.
const LOOK_BACK_S: i64 = 600;

/// Adds what comes of a file's changes; what is there already is not added again.
pub(crate) fn of(file: &File<'_>, changes: &[Change], models: &Models, effects: &mut Vec<Effect>) {
    if file.before.is_none() && file.after.is_some_and(is_switched_off) {
        return effects.push(Effect {
            kind: EffectKind::None,
            object: file.path.to_owned(),
            why: format!("{}: switched off; nothing is read until it is switched on", file.path),
            why_zh: format!("{}：未启用；启用前不读取", file.path),
        });
    }
    // A system that comes or goes is one change, whatever keys it has.
    let is_whole = file.kind == FileKind::System && file.before.is_some() != file.after.is_some();
    for change in changes.iter().filter(|change| !is_whole || change.key == "kind") {
        let moved = moved(file, &change.key);
        let Some(line) = policy::of(file.kind, &change.key, change.kind, moved) else { continue };
        for act in line.acts {
            for effect in effects_of(*act, line, change, file, models) {
                let is_same = |e: &Effect| e.kind == effect.kind && e.object == effect.object;
                if !effects.iter().any(is_same) {
                    effects.push(effect);
                }
            }
        }
    }
}

fn is_switched_off(flat: &Flat) -> bool {
    flat.values.get("enabled").and_then(Value::as_bool) == Some(false)
}

fn moved(file: &File<'_>, key: &str) -> Moved {
    let value = |flat: Option<&Flat>| flat.and_then(|flat| flat.values.get(key)).cloned();
    let (from, to) = (value(file.before), value(file.after));
    let number = |value: &Option<Value>| match value {
        None => Some(LOOK_BACK_S),
        Some(value) => value.as_integer(),
    };
    let is_on = |value: &Option<Value>| value.as_ref().is_none_or(|v| v.as_bool() == Some(true));
    match key {
        "enabled" if is_on(&to) && !is_on(&from) => Moved::On,
        _ if number(&to) > number(&from) => Moved::Up,
        _ => Moved::Otherwise,
    }
}

fn effects_of(
    act: Act,
    line: &Line,
    change: &Change,
    file: &File<'_>,
    models: &Models,
) -> Vec<Effect> {
    let system = system(file.path).unwrap_or_default();
    let cause = format!("{}: {}", file.path, change.key);
    let one = |kind, object: String| {
        let why = format!("{}: {}", cause, line.why);
        let why_zh = format!("{}：{}", cause, line.why_zh);
        vec![Effect { kind, object, why, why_zh }]
    };
    let rebuilt = |tables: Vec<String>| rebuild(&tables, line, &cause, models);
    match act {
        Act::RereadSystem | Act::RereadWindow => one(EffectKind::Reread, system.to_owned()),
        Act::RereadStream => {
            let stream = change.key.split('.').nth(1).unwrap_or_default();
            one(EffectKind::Reread, format!("{system}.{stream}"))
        }
        Act::Rebuild(tables) => rebuilt(tables.iter().map(|table| (*table).to_owned()).collect()),
        Act::RebuildMapping => {
            let states = [file.before, file.after];
            let tables = states.into_iter().flatten().flat_map(|flat| mapped(system, flat));
            rebuilt(tables.collect())
        }
        Act::RebuildAll => one(EffectKind::Rebuild, EVERY_MODEL.to_owned()),
        Act::RebuildIndex => one(EffectKind::Rebuild, TRACE_INDEX.to_owned()),
        Act::Restart => one(EffectKind::Restart, "yuanliu serve".to_owned()),
        Act::Nothing => one(EffectKind::None, cause.clone()),
    }
}

/// The tables that models address a system's streams by: its mapping, its kind, or its own name where it
/// defines its streams.
fn mapped(system: &str, flat: &Flat) -> Vec<String> {
    let names = match flat.text("mapping") {
        Some(mapping) => vec![mapping],
        None => flat.text("kind").into_iter().chain([system]).collect(),
    };
    names.iter().map(|name| format!("current.{name}__*")).collect()
}

fn rebuild(tables: &[String], line: &Line, cause: &str, models: &Models) -> Vec<Effect> {
    let effect = |(model, by): (&str, String)| {
        let (how, how_zh) = if tables.contains(&by) {
            (format!("reads {by}: {}", line.why), format!("读取 {by}：{}", line.why_zh))
        } else {
            (format!("reads {by}, which is rebuilt"), format!("读取将重建的 {by}"))
        };
        Effect {
            kind: EffectKind::Rebuild,
            object: model.to_owned(),
            why: format!("{cause}: {how}"),
            why_zh: format!("{cause}：{how_zh}"),
        }
    };
    models.downstream(tables).into_iter().map(effect).collect()
}

/// Where everything is rebuilt, single models need no mention.
pub(crate) fn sum_up(effects: &mut Vec<Effect>) {
    let is_rebuild = |effect: &Effect| effect.kind == EffectKind::Rebuild;
    if effects.iter().any(|effect| is_rebuild(effect) && effect.object == EVERY_MODEL) {
        effects.retain(|effect| {
            !is_rebuild(effect) || effect.object == EVERY_MODEL || effect.object == TRACE_INDEX
        });
    }
}
