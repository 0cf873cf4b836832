//! How old the data behind a report is, and whether it may be that old. Told even when nothing failed.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::signal::{Signal, SignalKind};

/// Whether a name fits a pattern in which `*` stands for any characters.
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<_> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = left.get(at + part.len()..).unwrap_or_default();
    }
    left.ends_with(last)
}

/// How old the data of reports may be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    patterns: Vec<(String, Duration)>,
}

impl Bounds {
    /// Bounds by pattern; the one that says most of a name counts.
    pub fn new(patterns: Vec<(String, Duration)>) -> Self {
        Self { patterns }
    }

    /// The bound of a report; none if it may be of any age.
    pub fn of(&self, report: &str) -> Option<Duration> {
        let weight = |pattern: &str| (!pattern.contains('*'), pattern.len());
        let fitting = self.patterns.iter().filter(|(pattern, _)| matches(pattern, report));
        fitting.max_by_key(|(pattern, _)| weight(pattern)).map(|(_, age)| *age)
    }
}

/// What is known of a report's times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTimes {
    /// The report or model.
    pub report: String,
    /// When its tables were last brought up to date; none: never.
    pub built_at: Option<DateTime<Utc>>,
    /// Every system it draws on was read well up to here; none: at least one never was.
    pub data_until: Option<DateTime<Utc>>,
    /// The system that holds `data_until` back.
    pub slowest: Option<String>,
}

/// Whether a report is as fresh as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// The report or model.
    pub report: String,
    /// When it was last brought up to date.
    pub built_at: Option<DateTime<Utc>>,
    /// What it shows is whole up to here: no later than the build and no later than the reading.
    pub data_until: Option<DateTime<Utc>>,
    /// The age it may have.
    pub bound: Option<Duration>,
    /// Whether it is older.
    pub is_late: bool,
    /// Why, English.
    pub why: String,
    /// Why, Chinese.
    pub why_zh: String,
}

/// Judges one report at an instant.
pub fn judge(times: &ReportTimes, bounds: &Bounds, now: DateTime<Utc>) -> Freshness {
    let bound = bounds.of(&times.report);
    let data_until = match (times.built_at, times.data_until) {
        (Some(built), Some(read)) => Some(built.min(read)),
        _ => None,
    };
    let oldest = bound.and_then(|b| now.checked_sub_signed(TimeDelta::from_std(b).ok()?));
    let is_late = oldest.is_some_and(|oldest| data_until.is_none_or(|until| until < oldest));
    let (why, why_zh) = reason(times, data_until, bound, is_late, now);
    Freshness {
        report: times.report.clone(),
        built_at: times.built_at,
        data_until,
        bound,
        is_late,
        why,
        why_zh,
    }
}

fn reason(
    times: &ReportTimes,
    data_until: Option<DateTime<Utc>>,
    bound: Option<Duration>,
    is_late: bool,
    now: DateTime<Utc>,
) -> (String, String) {
    let system = times.slowest.as_deref();
    if times.built_at.is_none() {
        return ("was never built".to_owned(), "尚未构建".to_owned());
    }
    let Some(until) = data_until else {
        let (name, name_zh) =
            (system.unwrap_or("a system it draws on"), system.unwrap_or("某个来源系统"));
        return (format!("{name} was never read to its end"), format!("{name_zh} 从未完整同步"));
    };
    let age = now.signed_duration_since(until).to_std().unwrap_or_default();
    let (old, old_zh) = (spell(age), spell_zh(age));
    let (Some(bound), true) = (bound, is_late) else {
        return (format!("data is {old} old"), format!("数据为 {old_zh}前"));
    };
    let (allowed, allowed_zh) = (spell(bound), spell_zh(bound));
    let is_build_behind = times.built_at == Some(until) && times.data_until != Some(until);
    let (cause, cause_zh) = match system {
        _ if is_build_behind => ("not built since".to_owned(), "此后未构建".to_owned()),
        Some(name) => (format!("{name} not read since"), format!("{name} 此后未同步")),
        None => ("not read since".to_owned(), "此后未同步".to_owned()),
    };
    (
        format!("data is {old} old, {allowed} allowed: {cause}"),
        format!("数据已有 {old_zh}未更新，限 {allowed_zh}：{cause_zh}"),
    )
}

fn spell(age: Duration) -> String {
    parts(age, ["d", "h", "min"])
}

fn spell_zh(age: Duration) -> String {
    parts(age, ["天", "小时", "分钟"])
}

/// The two greatest units of an age.
fn parts(age: Duration, units: [&str; 3]) -> String {
    let minutes = age.as_secs() / 60;
    let counts = [minutes / 1440, minutes / 60 % 24, minutes % 60];
    let told = counts.iter().zip(units).skip_while(|(count, _)| **count == 0).take(2);
    let told: Vec<_> = told
        .filter(|(count, _)| **count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if told.is_empty() { format!("0 {}", units[2]) } else { told.join(" ") }
}

/// Remembers which reports are late and tells when that changes.
#[derive(Debug, Default)]
pub struct FreshnessWatch {
    late: BTreeSet<String>,
}

impl FreshnessWatch {
    /// Judges all reports and gives what is new: late ones, and ones that are late no longer.
    pub fn observe(
        &mut self,
        times: &[ReportTimes],
        bounds: &Bounds,
        now: DateTime<Utc>,
    ) -> Vec<Signal> {
        let mut signals = Vec::new();
        for found in times.iter().map(|times| judge(times, bounds, now)) {
            let was_late = self.late.contains(&found.report);
            if found.is_late == was_late {
                continue;
            }
            let kind = if found.is_late { SignalKind::ReportLate } else { SignalKind::ReportFresh };
            let report = &found.report;
            signals.push(Signal {
                kind,
                object: report.clone(),
                key: format!("freshness/{report}"),
                at: now,
                message: format!("{report}: {}", found.why),
                message_zh: format!("{report}：{}", found.why_zh),
            });
            if found.is_late {
                self.late.insert(found.report);
            } else {
                self.late.remove(&found.report);
            }
        }
        signals
    }
}
