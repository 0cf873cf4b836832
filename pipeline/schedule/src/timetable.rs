//! When a job is due: a cron expression in a zone.
//!
//! Five fields as in a crontab, or six with seconds first. Weekdays are written by name: 1 is Sunday to
//! some programs and Monday to others.
//!
//! Where the clocks change, a job with a given hour is due once for each time on the wall: a time that
//! does not exist is due when the clocks have gone on, one that comes twice is due the first time. A job
//! whose hour is `*` is due as time passes: neither twice at once nor an hour too late.

use std::str::FromStr;

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use cron::Schedule;

/// Clocks go back by at most this.
const SETBACK_MAX: TimeDelta = TimeDelta::hours(3);

/// A cron expression in a zone.
#[derive(Debug, Clone)]
pub struct Timetable {
    expression: String,
    schedule: Schedule,
    time_zone: Tz,
    is_hourly: bool,
}

impl PartialEq for Timetable {
    fn eq(&self, other: &Self) -> bool {
        self.expression == other.expression && self.time_zone == other.time_zone
    }
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadExpression {
    /// English.
    pub message: String,
    /// Chinese.
    pub message_zh: String,
}

impl Timetable {
    /// Reads an expression.
    pub fn parse(expression: &str, time_zone: Tz) -> Result<Self, BadExpression> {
        let fields: Vec<_> = expression.split_whitespace().collect();
        let (hour, weekday) = match fields.as_slice() {
            [word] if word.starts_with('@') => (if *word == "@hourly" { "*" } else { "0" }, "*"),
            [_, hour, _, _, weekday] | [_, _, hour, _, _, weekday] => (*hour, *weekday),
            _ => return Err(wrong_fields(expression, fields.len())),
        };
        if weekday.chars().any(|c| c.is_ascii_digit()) {
            return Err(numbered_weekday(expression, weekday));
        }
        let text =
            if fields.len() == 5 { format!("0 {}", fields.join(" ")) } else { fields.join(" ") };
        let schedule =
            Schedule::from_str(&text).map_err(|error| no_expression(expression, &error))?;
        let timetable = Self {
            expression: fields.join(" "),
            schedule,
            time_zone,
            is_hourly: hour == "*" || hour == "?",
        };
        match timetable.next_after(DateTime::UNIX_EPOCH) {
            Some(_) => Ok(timetable),
            None => Err(never_due(expression)),
        }
    }

    /// The expression as it was given, blanks apart.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The zone its fields are of.
    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// The first due time after an instant.
    pub fn next_after(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = after.with_timezone(&self.time_zone).naive_local();
        // A time on the wall that has passed may come once more only if the clocks go back soon.
        let is_steady = self.offset(after) == self.offset(after + SETBACK_MAX)
            && self.offset(after) == self.offset(after - SETBACK_MAX);
        let from = if is_steady { local } else { local - SETBACK_MAX };
        let mut first: Option<DateTime<Utc>> = None;
        for wall in self.schedule.after(&from.and_utc()) {
            let wall = wall.naive_utc();
            let (once, again) = self.instants(wall);
            let earliest = once.or(again);
            if let Some(found) = first
                && earliest.is_some_and(|instant| instant >= found)
            {
                break;
            }
            for instant in [once, again].into_iter().flatten().filter(|instant| *instant > after) {
                first = Some(first.map_or(instant, |found| found.min(instant)));
            }
        }
        first
    }

    /// The newest due times after `from` and up to `until`, oldest first, at most `times_max`; and
    /// whether there are earlier ones.
    pub fn between(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        times_max: usize,
    ) -> (Vec<DateTime<Utc>>, bool) {
        // Looked for in ever longer stretches, so that a year's downtime of a job that is due every
        // minute is not walked through.
        let mut stretch = TimeDelta::hours(1);
        loop {
            let start = until.checked_sub_signed(stretch).map_or(from, |start| start.max(from));
            let mut times = Vec::new();
            let mut at = start;
            while let Some(next) = self.next_after(at).filter(|next| *next <= until) {
                times.push(next);
                at = next;
            }
            let is_whole = start == from;
            if times.len() > times_max || is_whole {
                let surplus = times.len().saturating_sub(times_max);
                times.drain(..surplus);
                return (times, surplus > 0);
            }
            stretch = stretch * 4;
        }
    }

    fn offset(&self, at: DateTime<Utc>) -> i32 {
        self.time_zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
    }

    /// When the wall shows a time: the first time, and the second where that makes it due again.
    fn instants(&self, wall: NaiveDateTime) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        match self.time_zone.from_local_datetime(&wall) {
            MappedLocalTime::Single(at) => (Some(at.to_utc()), None),
            MappedLocalTime::Ambiguous(once, again) => {
                (Some(once.to_utc()), self.is_hourly.then(|| again.to_utc()))
            }
            MappedLocalTime::None if self.is_hourly => (None, None),
            MappedLocalTime::None => (self.end_of_gap(wall), None),
        }
    }

    /// The first instant after a stretch that the clocks leave out.
    fn end_of_gap(&self, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
        // A gap ends on a whole minute, and at most a day later where a date is left out.
        let mut later = wall;
        for _ in 0..=24 * 60 {
            later += TimeDelta::minutes(1);
            let whole = later - TimeDelta::seconds(later.and_utc().timestamp().rem_euclid(60));
            if let Some(at) = self.time_zone.from_local_datetime(&whole).earliest() {
                return Some(at.to_utc());
            }
        }
        None
    }
}

fn wrong_fields(expression: &str, count: usize) -> BadExpression {
    BadExpression {
        message: format!(
            "`{expression}` has {count} fields; write minute, hour, day, month, weekday, as in `30 2 * * MON-FRI`"
        ),
        message_zh: format!(
            "`{expression}` 有 {count} 个字段；应为 分 时 日 月 星期，例如 `30 2 * * MON-FRI`"
        ),
    }
}

fn numbered_weekday(expression: &str, weekday: &str) -> BadExpression {
    BadExpression {
        message: format!(
            "`{expression}` gives weekdays by number (`{weekday}`), which programs count differently; write SUN, MON, … SAT"
        ),
        message_zh: format!(
            "`{expression}` 用数字表示星期（`{weekday}`），各程序含义不同；请写 SUN、MON … SAT"
        ),
    }
}

fn no_expression(expression: &str, error: &cron::error::Error) -> BadExpression {
    let told = error.to_string();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    BadExpression {
        message: format!(
            "`{expression}` is no cron expression ({told}); write minute, hour, day, month, weekday, as in `30 2 * * MON-FRI`"
        ),
        message_zh: format!(
            "`{expression}` 不是有效的 cron 表达式（{told}）；应为 分 时 日 月 星期，例如 `30 2 * * MON-FRI`"
        ),
    }
}

fn never_due(expression: &str) -> BadExpression {
    BadExpression {
        message: format!("`{expression}` is never due; check day and month"),
        message_zh: format!("`{expression}` 永远不会到期；请检查日和月"),
    }
}
