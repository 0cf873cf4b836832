//! Quiet hours: when only what is urgent disturbs.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

use crate::config::section::Section;
use crate::config::{Channel, FILE, Problem};
use crate::severity::Severity;

/// A span of the day in which messages are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietHours {
    /// On which days it begins.
    pub days: Vec<Weekday>,
    /// When it begins.
    pub from: NaiveTime,
    /// When it ends; not after `from`: on the next day.
    pub to: NaiveTime,
    /// Whose clock.
    pub time_zone: Tz,
    /// Alerts of at least this severity pass.
    pub pass_from: Severity,
    /// On which channels; empty: on all.
    pub channels: Vec<String>,
}

impl QuietHours {
    /// The end of these hours, if they hold such a message now.
    fn until(
        &self,
        channel: &str,
        severity: Severity,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let concerns = self.channels.is_empty() || self.channels.iter().any(|c| c == channel);
        if !concerns || severity >= self.pass_from {
            return None;
        }
        let today = now.with_timezone(&self.time_zone).date_naive();
        let yesterday = today.checked_sub_days(Days::new(1))?;
        [yesterday, today].into_iter().find_map(|day| {
            let (start, end) = self.span(day)?;
            (self.days.contains(&day.weekday()) && start <= now && now < end).then_some(end)
        })
    }

    fn span(&self, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let crosses = self.to <= self.from;
        let last = if crosses { day.checked_add_days(Days::new(1))? } else { day };
        Some((self.instant(day, self.from)?, self.instant(last, self.to)?))
    }

    fn instant(&self, day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
        let local = day.and_time(time);
        let found = self.time_zone.from_local_datetime(&local).earliest();
        // A time that the clock skips in spring comes an hour later.
        let later = || self.time_zone.from_local_datetime(&(local + Duration::hours(1))).earliest();
        found.or_else(later).map(|at| at.with_timezone(&Utc))
    }
}

/// When a message may go out: now, or at the end of all quiet hours that hold it.
pub(crate) fn allowed_at(
    quiet_hours: &[QuietHours],
    channel: &str,
    severity: Severity,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let mut at = now;
    // Spans that follow on each other are passed one by one; more than these hold always.
    for _ in 0..=quiet_hours.len() {
        let ends = quiet_hours.iter().filter_map(|hours| hours.until(channel, severity, at));
        match ends.max() {
            Some(end) => at = end,
            None => break,
        }
    }
    at
}

pub(super) fn read(
    tables: Vec<toml::Table>,
    channels: &BTreeMap<String, Channel>,
    problems: &mut Vec<Problem>,
) -> Vec<QuietHours> {
    let read_each = |(index, table)| {
        let path = format!("{FILE}: [[quiet_hours]] {}", index + 1);
        let mut section = Section::new(path, table, problems);
        let hours = read_one(&mut section, channels);
        section.finish();
        hours
    };
    tables.into_iter().enumerate().filter_map(read_each).collect()
}

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn read_one(section: &mut Section<'_>, channels: &BTreeMap<String, Channel>) -> Option<QuietHours> {
    let mut days = Vec::new();
    for word in section.texts("days") {
        match word.parse::<Weekday>() {
            Ok(day) if WEEK.contains(&word.as_str()) => days.push(day),
            _ => section.problem("days", format!("`{word}` should be one of {}", WEEK.join(", "))),
        }
    }
    if days.is_empty() {
        days = WEEK.iter().filter_map(|word| word.parse().ok()).collect();
    }
    let mut time = |key| {
        let text = section.needed_text(key)?;
        let found = NaiveTime::parse_from_str(&text, "%H:%M").ok();
        if found.is_none() {
            section.problem(key, format!("`{text}` should be a time of the day, as 22:00"));
        }
        found
    };
    let (from, to) = (time("from"), time("to"));
    let zone = section.word("time_zone", |w| w.parse().ok(), &["IANA zones, as Asia/Shanghai"]);
    let words = Severity::ALL.map(Severity::as_str);
    let pass_from = section.word("pass_from", Severity::parse, &words);
    let named = section.texts("channels");
    for name in named.iter().filter(|name| !channels.contains_key(*name)) {
        section.problem("channels", format!("there is no channel `{name}`"));
    }
    Some(QuietHours {
        days,
        from: from?,
        to: to?,
        time_zone: zone.unwrap_or(chrono_tz::Asia::Shanghai),
        pass_from: pass_from.unwrap_or(Severity::Critical),
        channels: named,
    })
}
