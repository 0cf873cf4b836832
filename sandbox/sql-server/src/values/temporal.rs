//! Dates and times: reading their texts, and the grains of the types.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use super::value::DAY;

/// Days from 0001-01-01 to 1900-01-01, where `datetime` counts from.
pub(crate) const DAYS_TO_1900: i32 = 693_595;
const SECOND: i64 = 10_000_000;

/// A text read as a date and time: ticks, and the offset in minutes if the text has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) ticks: i64,
    pub(super) offset: Option<i16>,
    /// Whether the text had a date; a bare time stands on 1900-01-01.
    pub(super) dated: bool,
}

/// Reads `2026-01-31`, `20260131`, `2026-01-31T09:05:00.1234567+08:00`, `09:05`, and mixtures.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Instant { ticks: i64::from(DAYS_TO_1900) * DAY, offset: None, dated: true });
    }
    let looks_dated =
        text.as_bytes().get(2) != Some(&b':') && text.as_bytes().get(1) != Some(&b':');
    let (date, time) = if looks_dated {
        match text.split_once(['T', ' ']) {
            Some((date, time)) => (Some(date), time.trim()),
            None => (Some(text), ""),
        }
    } else {
        (None, text)
    };
    let days = match date {
        Some(date) => parse_date(date)?,
        None => DAYS_TO_1900,
    };
    let (time, offset) = split_offset(time)?;
    let ticks = if time.is_empty() { 0 } else { parse_time(time)? };
    Some(Instant { ticks: i64::from(days) * DAY + ticks, offset, dated: date.is_some() })
}

fn parse_date(text: &str) -> Option<i32> {
    let format = match text.len() {
        8 if text.bytes().all(|b| b.is_ascii_digit()) => "%Y%m%d",
        _ if text.contains('/') => "%Y/%m/%d",
        _ => "%Y-%m-%d",
    };
    NaiveDate::parse_from_str(text, format).ok().map(|date| date.num_days_from_ce() - 1)
}

fn split_offset(time: &str) -> Option<(&str, Option<i16>)> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some((time, Some(0)));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, None)) };
    let (time, offset) = time.split_at(at);
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let minutes = hours.parse::<i16>().ok()? * 60 + minutes.parse::<i16>().ok()?;
    Some((time.trim_end(), Some(if offset.starts_with('-') { -minutes } else { minutes })))
}

fn parse_time(text: &str) -> Option<i64> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 59 || fraction.len() > 9 {
        return None;
    }
    let digits: i64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    // Nine digits are read, and rounded to the seven that a type can hold.
    let nanos = digits * 10i64.pow(9 - u32::try_from(fraction.len()).ok()?);
    Some(((hours * 60 + minutes) * 60 + seconds) * SECOND + (nanos + 50) / 100)
}

/// Rounds ticks to `scale` digits of a second, halves up.
pub(super) fn round_to_scale(ticks: i64, scale: u8) -> i64 {
    let grain = 10i64.pow(7 - u32::from(scale.min(7)));
    (ticks + grain / 2).div_euclid(grain) * grain
}

/// Ticks of a day as 1/300 s, rounded: may be a full day.
pub(crate) fn datetime_units(ticks_of_day: i64) -> i64 {
    (ticks_of_day * 3 + 50_000) / 100_000
}

/// Rounds ticks to the grain of `datetime`; the thirds are kept as nearest tick.
pub(super) fn round_datetime(ticks: i64) -> i64 {
    let units = datetime_units(ticks.rem_euclid(DAY));
    ticks.div_euclid(DAY) * DAY + (units * 100_000 + 1) / 3
}

/// Rounds ticks to minutes, as `smalldatetime` does: 29.998 s and less fall down.
pub(super) fn round_minute(ticks: i64) -> i64 {
    let grain = 60 * SECOND;
    (round_datetime(ticks) + grain / 2).div_euclid(grain) * grain
}

/// Ticks as chrono's date-time; out of range is clamped to the first day.
pub(crate) fn to_chrono(ticks: i64) -> NaiveDateTime {
    let days = i32::try_from(ticks.div_euclid(DAY)).unwrap_or_default();
    let date = NaiveDate::from_num_days_from_ce_opt(days + 1).unwrap_or_default();
    date.and_time(NaiveTime::MIN) + TimeDelta::nanoseconds(ticks.rem_euclid(DAY) * 100)
}

/// Ticks of chrono's date-time, finer digits cut.
pub(crate) fn from_chrono(at: NaiveDateTime) -> i64 {
    let seconds = i64::from(at.num_seconds_from_midnight());
    i64::from(at.num_days_from_ce() - 1) * DAY + seconds * SECOND + i64::from(at.nanosecond()) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(text: &str) -> i64 {
        parse(text).unwrap().ticks
    }

    #[test]
    fn reads_the_usual_texts() {
        assert_eq!(
            to_chrono(ticks("2026-01-31T09:05:07.1234567")).to_string(),
            "2026-01-31 09:05:07.123456700"
        );
        assert_eq!(ticks("20260131"), ticks("2026-01-31 00:00"));
        assert_eq!(parse("2026-01-31 09:05 +08:00").unwrap().offset, Some(480));
        assert!(!parse("09:05").unwrap().dated);
        assert_eq!(parse("2026-02-30"), None);
        assert_eq!(parse("yesterday"), None);
    }

    #[test]
    fn grains_are_the_servers() {
        let third = round_datetime(ticks("2026-01-01 00:00:00.005"));
        assert_eq!(to_chrono(third).to_string(), "2026-01-01 00:00:00.006666700");
        assert_eq!(round_datetime(third), third);
        assert_eq!(
            to_chrono(round_minute(ticks("2026-01-01 00:00:29.998"))).to_string(),
            "2026-01-01 00:00:00"
        );
        assert_eq!(
            to_chrono(round_minute(ticks("2026-01-01 00:00:29.999"))).to_string(),
            "2026-01-01 00:01:00"
        );
    }
}
