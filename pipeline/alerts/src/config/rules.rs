//! Rules: which signals become an alert, for whom, and what is said.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use crate::config::people::REGION_MANAGER;
use crate::config::section::{Section, texts};
use crate::config::{FILE, Language, Names, Problem, Target};
use crate::kind::SignalKind;
use crate::severity::Severity;
use crate::signal::{Phase, Signal};
use crate::template::{ALWAYS, Template};

/// An hour: a thing that goes on is told again, but not with every run.
const DEDUP_MIN_DEFAULT: i64 = 60;

/// Who is told next if nobody acknowledges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// So long after the alert was told first.
    pub after: Duration,
    /// Whom.
    pub to: Vec<Target>,
}

/// Title and text in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wording {
    pub(crate) title: Template,
    pub(crate) text: Template,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, the same over changes of the file.
    pub name: String,
    /// The kind of signals it is for.
    pub on: SignalKind,
    /// Signals below this are not its concern.
    pub severity_from: Severity,
    /// What some fields must be: one of these texts.
    pub conditions: BTreeMap<String, Vec<String>>,
    /// What makes signals one alert, besides the rule; `subject` unless the file says otherwise.
    pub dedup_by: Vec<String>,
    /// People are told again only after this, and only by a further signal.
    pub dedup_window: Duration,
    /// Whom it tells.
    pub to: Vec<Target>,
    /// Who is told next, by ascending time.
    pub escalation: Vec<Step>,
    pub(crate) zh: Wording,
    pub(crate) en: Wording,
}

impl Rule {
    /// Whether a signal that began something is this rule's concern.
    pub(crate) fn matches(&self, signal: &Signal) -> bool {
        signal.phase == Phase::Raised
            && signal.kind == self.on
            && signal.severity >= self.severity_from
            && self.conditions.iter().all(|(field, accepted)| {
                field_text(signal, field).is_some_and(|text| accepted.contains(&text))
            })
    }

    /// Whether the all-clear of one subject ends an alert of this rule.
    ///
    /// An alert over several subjects is not over with one of them.
    pub(crate) fn is_ended_by(&self, signal: &Signal) -> bool {
        signal.phase == Phase::Cleared
            && signal.kind == self.on
            && self.dedup_by.iter().any(|field| field == "subject")
    }

    /// What signals of one alert have in common.
    pub(crate) fn dedup_key(&self, signal: &Signal) -> String {
        let parts = self.dedup_by.iter().map(|field| field_text(signal, field).unwrap_or_default());
        let parts: Vec<_> = std::iter::once(self.name.clone()).chain(parts).collect();
        // As JSON, parts cannot run into each other and a person can read them.
        Value::from(parts).to_string()
    }

    pub(crate) fn wording(&self, language: Language) -> &Wording {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// A field of a signal as text.
fn field_text(signal: &Signal, field: &str) -> Option<String> {
    match field {
        "subject" => Some(signal.subject.clone()),
        "region_code" => signal.region_code.clone(),
        "dealer_code" => signal.dealer_code.clone(),
        "severity" => Some(signal.severity.as_str().to_owned()),
        _ => signal.fields.get(field).and_then(value_text),
    }
}

/// A value as a person writes it; none for null.
pub(crate) fn value_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

pub(super) fn read(
    tables: Vec<toml::Table>,
    names: &Names<'_>,
    has_default_manager: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, table) in tables.into_iter().enumerate() {
        let name = table.get("name").and_then(toml::Value::as_str).map(str::to_owned);
        let place = name.clone().unwrap_or_else(|| (index + 1).to_string());
        let mut section = Section::new(format!("{FILE}: [[rules]] {place}"), table, problems);
        let mut reader = RuleReader { section: &mut section, names, has_default_manager };
        let rule = reader.read();
        if let Some(name) = name
            && !seen.insert(name)
        {
            section.problem("name", "is the name of another rule too; give each its own");
        }
        section.finish();
        rules.extend(rule);
    }
    rules
}

struct RuleReader<'r, 'p, 'c> {
    section: &'r mut Section<'p>,
    names: &'r Names<'c>,
    has_default_manager: bool,
}

impl RuleReader<'_, '_, '_> {
    fn read(&mut self) -> Option<Rule> {
        let name = self.section.needed_text("name");
        let kinds = SignalKind::ALL.map(SignalKind::as_str);
        let on = self.section.needed_word("on", SignalKind::parse, &kinds);
        let severities = Severity::ALL.map(Severity::as_str);
        let severity_from = self.section.word("severity_from", Severity::parse, &severities);
        let conditions = self.conditions(on);
        let dedup_min = self.section.integer("dedup_min", 1, 60 * 24 * 31, DEDUP_MIN_DEFAULT);
        let dedup_by = self.dedup_by(on);
        let to = self.section.texts("to");
        if to.is_empty() {
            self.section.problem("to", "names nobody; write a person, a channel or region_manager");
        }
        let to = self.targets("to", &to);
        let escalation = self.escalation();
        let on_or_any = on.unwrap_or(SignalKind::SyncFailed);
        let zh = self.wording(on, ["title_zh", "text_zh"], on_or_any.text_zh());
        let en = self.wording(on, ["title_en", "text_en"], on_or_any.text_en());
        Some(Rule {
            name: name?,
            on: on?,
            severity_from: severity_from.unwrap_or(Severity::Info),
            conditions,
            dedup_by,
            dedup_window: Duration::from_secs(dedup_min.unsigned_abs() * 60),
            to,
            escalation,
            zh,
            en,
        })
    }

    fn conditions(&mut self, on: Option<SignalKind>) -> BTreeMap<String, Vec<String>> {
        let mut conditions = BTreeMap::new();
        for (field, value) in self.section.table("where") {
            self.check_field("where", on, &field);
            match texts(&value) {
                Some(accepted) if !accepted.is_empty() => {
                    conditions.insert(field, accepted);
                }
                _ => {
                    let message = format!("`{field}` should be a text or a list of texts");
                    self.section.problem("where", message);
                }
            }
        }
        conditions
    }

    fn dedup_by(&mut self, on: Option<SignalKind>) -> Vec<String> {
        let fields = self.section.texts("dedup_by");
        for field in &fields {
            self.check_field("dedup_by", on, field);
        }
        if fields.is_empty() { vec!["subject".to_owned()] } else { fields }
    }

    fn check_field(&mut self, key: &str, on: Option<SignalKind>, field: &str) {
        let Some(kind) = on else { return };
        let own = ["subject", "region_code", "dealer_code", "severity"];
        if !own.contains(&field) && !kind.fields().contains(&field) {
            let known = own.iter().chain(kind.fields()).copied().collect::<Vec<_>>().join(", ");
            let message = format!("a {} has no field `{field}`; it has {known}", kind.as_str());
            self.section.problem(key, message);
        }
    }

    fn targets(&mut self, key: &str, words: &[String]) -> Vec<Target> {
        let mut targets = Vec::new();
        for word in words {
            match self.names.targets(word) {
                Ok(found) => targets.extend(found),
                Err(message) => self.section.problem(key, message),
            }
            if word == REGION_MANAGER && !self.has_default_manager {
                let message = "region_manager: a region without a manager would tell nobody; give \
                               [region_managers] an entry \"*\"";
                self.section.problem(key, message);
            }
        }
        targets
    }

    fn escalation(&mut self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for (index, mut table) in self.section.tables("escalation").into_iter().enumerate() {
            let place = format!("escalation {}", index + 1);
            let after = table.remove("after_min").and_then(|v| v.as_integer());
            let to = table.remove("to").as_ref().and_then(texts).unwrap_or_default();
            for key in table.keys() {
                let message = format!("unknown key `{key}`; known keys are after_min, to");
                self.section.problem(&place, message);
            }
            if to.is_empty() {
                self.section.problem(&place, "`to` should be a list of people or channels");
            }
            let to = self.targets(&place, &to);
            let Some(after) = after.filter(|minutes| (1..=60 * 24 * 31).contains(minutes)) else {
                self.section.problem(&place, "`after_min` should be minutes, from 1 to 44640");
                continue;
            };
            let after = Duration::from_secs(after.unsigned_abs() * 60);
            if steps.last().is_some_and(|step| step.after >= after) {
                self.section.problem(&place, "should come later than the step before it");
            }
            steps.push(Step { after, to });
        }
        steps
    }

    fn wording(
        &mut self,
        on: Option<SignalKind>,
        keys: [&'static str; 2],
        built_in: (&str, &str),
    ) -> Wording {
        let [title, text] = keys;
        Wording {
            title: self.template(on, title, built_in.0),
            text: self.template(on, text, built_in.1),
        }
    }

    fn template(&mut self, on: Option<SignalKind>, key: &'static str, built_in: &str) -> Template {
        let Some(written) = self.section.text(key) else { return Template::built_in(built_in) };
        let fields = on.map_or(&[][..], SignalKind::fields);
        let is_known =
            |name: &str| on.is_none() || ALWAYS.contains(&name) || fields.contains(&name);
        Template::parse(&written, is_known).unwrap_or_else(|message| {
            let known = ALWAYS.iter().chain(fields).copied().collect::<Vec<_>>().join(", ");
            self.section.problem(key, format!("{message}; placeholders are {known}"));
            Template::built_in(built_in)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_texts_name_known_placeholders_only() {
        for kind in SignalKind::ALL {
            let is_known = |name: &str| ALWAYS.contains(&name) || kind.fields().contains(&name);
            for text in [kind.text_zh(), kind.text_en()] {
                assert!(Template::parse(text.0, is_known).is_ok(), "{kind:?} {}", text.0);
                assert!(Template::parse(text.1, is_known).is_ok(), "{kind:?} {}", text.1);
            }
        }
    }
}
