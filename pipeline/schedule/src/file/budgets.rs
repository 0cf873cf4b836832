//! `[budgets.SYSTEM]`: calls a minute by day and hour.

use chrono::{NaiveTime, Weekday};
use chrono_tz::Tz;
use toml::Spanned;
use toml::de::DeValue;

use super::Known;
use super::problem::Problems;
use super::section::Section;
use crate::budget::{BudgetWindow, CallBudget, CallBudgets};

/// As many calls a minute as a system's own file may allow.
const CALLS: (u32, u32) = (1, 1_000_000);

const WEEK: [(&str, Weekday); 7] = [
    ("MON", Weekday::Mon),
    ("TUE", Weekday::Tue),
    ("WED", Weekday::Wed),
    ("THU", Weekday::Thu),
    ("FRI", Weekday::Fri),
    ("SAT", Weekday::Sat),
    ("SUN", Weekday::Sun),
];

/// Reads all budgets.
pub(super) fn read(
    section: &Section<'_>,
    default_zone: Tz,
    known: &Known,
    problems: &mut Problems<'_>,
) -> CallBudgets {
    let mut budgets = CallBudgets::default();
    for (system, value) in section.entries() {
        let name = format!("[budgets.{system}]");
        if let Some(systems) = &known.systems
            && !systems.iter().any(|known| known == system)
        {
            problems.add(
                value.span(),
                name.clone(),
                format!("there is no system `{system}`; there are: {}", systems.join(", ")),
                format!("没有名为 `{system}` 的系统；现有：{}", systems.join("、")),
            );
        }
        if let Some(inner) = Section::of(name, value, problems)
            && let Some(budget) = budget(inner, default_zone, problems)
        {
            budgets.by_system.insert(system.to_owned(), budget);
        }
    }
    budgets
}

fn budget(
    mut section: Section<'_>,
    default_zone: Tz,
    problems: &mut Problems<'_>,
) -> Option<CallBudget> {
    let time_zone = section.time_zone("time_zone", default_zone, problems);
    let otherwise = required_calls(&mut section, "otherwise", problems);
    let mut windows = Vec::new();
    if let Some(value) = section.value("windows") {
        let name = section.key("windows");
        match value.get_ref().as_array() {
            Some(list) => {
                windows.extend(list.iter().filter_map(|item| window(&name, item, problems)));
            }
            None => problems.add(
                value.span(),
                name,
                "should be a list of windows: { days, from, to, calls_per_minute }",
                "应为时段列表：{ days, from, to, calls_per_minute }",
            ),
        }
    }
    section.finish(problems);
    Some(CallBudget { time_zone, windows, otherwise: otherwise? })
}

fn required_calls(
    section: &mut Section<'_>,
    key: &'static str,
    problems: &mut Problems<'_>,
) -> Option<u32> {
    if section.value(key).is_none() {
        problems.add(
            section.at.clone(),
            section.key(key),
            "is missing: how many calls a minute are allowed",
            "缺少：每分钟允许的调用次数",
        );
        return None;
    }
    section.whole(key, CALLS, problems)
}

fn window<'t>(
    name: &str,
    value: &'t Spanned<DeValue<'t>>,
    problems: &mut Problems<'_>,
) -> Option<BudgetWindow> {
    let mut section = Section::of(name, value, problems)?;
    let days = section.text("days", problems).unwrap_or("MON-SUN");
    let days = weekdays(days).or_else(|| {
        problems.add(
            section.place("days"),
            section.key("days"),
            format!("is `{days}`, should be weekdays such as MON-FRI or SAT,SUN"),
            format!("为 `{days}`，应为星期，例如 MON-FRI 或 SAT,SUN"),
        );
        None
    });
    let from = time_of_day(&mut section, "from", problems);
    let to = time_of_day(&mut section, "to", problems);
    let calls_per_minute = required_calls(&mut section, "calls_per_minute", problems);
    section.finish(problems);
    Some(BudgetWindow { days: days?, from: from?, to: to?, calls_per_minute: calls_per_minute? })
}

fn time_of_day(
    section: &mut Section<'_>,
    key: &'static str,
    problems: &mut Problems<'_>,
) -> Option<NaiveTime> {
    let text =
        section.required_text(key, ("a time such as 08:30", "时间，例如 08:30"), problems)?;
    NaiveTime::parse_from_str(text, "%H:%M").ok().or_else(|| {
        problems.add(
            section.place(key),
            section.key(key),
            format!("is `{text}`, should be a time of day such as 08:30"),
            format!("为 `{text}`，应为时间，例如 08:30"),
        );
        None
    })
}

fn weekdays(text: &str) -> Option<Vec<Weekday>> {
    let day = |name: &str| WEEK.iter().position(|(known, _)| *known == name.trim());
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (day(first)?, day(last)?),
            None => (day(part)?, day(part)?),
        };
        // FRI-MON goes over the end of the week.
        let length = (last + WEEK.len() - first) % WEEK.len();
        days.extend(WEEK.iter().cycle().skip(first).take(length + 1).map(|(_, day)| *day));
    }
    Some(days)
}
