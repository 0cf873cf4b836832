//! Dates and times as U8 writes them: `2026-03-01`, `2026-03-01 09:30:11.0`, and from EAI
//! `2026-03-01T09:30:11.453+08:00`, of which the `+` may have become a space.

use chrono::{
    DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;

/// Clocks are never set forward by more than this at once.
const SHIFT_MAX: TimeDelta = TimeDelta::hours(3);

/// A date; a time behind it is dropped.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    parse(text).map(|(time, _)| time.date())
}

/// An instant; without an offset it is the server's wall clock. A time that occurs twice is the
/// earlier instant, one that does not occur is read with the offset before the gap.
pub(super) fn parse_datetime(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let (local, offset) = parse(text)?;
    if let Some(offset) = offset {
        return offset.from_local_datetime(&local).single().map(|time| time.to_utc());
    }
    if let Some(time) = zone.from_local_datetime(&local).earliest() {
        return Some(time.to_utc());
    }
    let before = zone.from_local_datetime(&local.checked_sub_signed(SHIFT_MAX)?).earliest()?;
    Some(before.to_utc() + SHIFT_MAX)
}

fn parse(text: &str) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(10)?;
    let day = date(day)?;
    let Some(clock) = rest.strip_prefix(['T', ' ']) else {
        return rest.is_empty().then_some((day.and_time(NaiveTime::MIN), None));
    };
    let (clock, offset) = split_offset(clock)?;
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let time = match whole.len() {
        5 => NaiveTime::parse_from_str(whole, "%H:%M"),
        8 => NaiveTime::parse_from_str(whole, "%H:%M:%S"),
        _ => return None,
    };
    Some((day.and_time(time.ok()?) + TimeDelta::microseconds(micros(fraction)?), offset))
}

fn date(text: &str) -> Option<NaiveDate> {
    let is_plain = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_plain.then(|| text.parse().ok()).flatten()
}

/// Digits of a fraction of a second; the seventh and later are dropped.
fn micros(fraction: &str) -> Option<i64> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
    Some(digits.fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

/// The clock and its offset: `Z`, `+08:00`, `-05:00`, or ` 08:00`, which was a `+`.
fn split_offset(text: &str) -> Option<(&str, Option<FixedOffset>)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, FixedOffset::east_opt(0)));
    }
    let Some(at) = text.rfind(['+', '-', ' ']) else { return Some((text, None)) };
    let (clock, offset) = text.split_at_checked(at)?;
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let number = |text: &str| (text.len() == 2).then(|| text.parse::<i32>().ok()).flatten();
    let seconds = number(hours)? * 3600 + number(minutes)? * 60;
    let seconds = if offset.starts_with('-') { -seconds } else { seconds };
    Some((clock, Some(FixedOffset::east_opt(seconds)?)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_wall_clocks() {
        for (text, wanted) in [
            ("2026-03-01 09:30:11.0", Some("2026-03-01T01:30:11Z")),
            ("2026-03-01 09:30:11", Some("2026-03-01T01:30:11Z")),
            ("2026-03-01T09:30", Some("2026-03-01T01:30:00Z")),
            ("2026-03-01", Some("2026-02-28T16:00:00Z")),
            ("2018-01-08T11:34:45.453+08:00", Some("2018-01-08T03:34:45.453Z")),
            ("2018-01-08T11:34:45.453 08:00", Some("2018-01-08T03:34:45.453Z")),
            ("2018-01-08T11:34:45Z", Some("2018-01-08T11:34:45Z")),
            ("2018-01-08T11:34:45-05:00", Some("2018-01-08T16:34:45Z")),
            ("2026-03-01 24:00:00", None),
            ("2026-03-01 9:30:11", None),
            ("2026-03-01 09:30:11.", None),
            ("2026/03/01", None),
            ("2026-02-30", None),
            ("+026-02-03", None),
            ("2026-03-01x", None),
            ("2026-03-01 09:30 +8", None),
            ("", None),
        ] {
            let wanted = wanted.map(|text| text.parse::<DateTime<Utc>>().unwrap());
            assert_eq!(parse_datetime(text, Tz::Asia__Shanghai), wanted, "{text}");
        }
        let zone = Tz::Europe__Berlin;
        let read = |text| parse_datetime(text, zone).unwrap().to_rfc3339();
        assert_eq!(read("2026-10-25 02:30:00"), "2026-10-25T00:30:00+00:00");
        assert_eq!(read("2026-03-29 02:30:00"), "2026-03-29T01:30:00+00:00");
    }

    proptest! {
        /// Chrono's own writing is the oracle.
        #[test]
        fn agrees_with_chrono(micros in -60_000_000_000_000_000i64..250_000_000_000_000_000) {
            let time = DateTime::from_timestamp_micros(micros).unwrap();
            let text = time.naive_utc().format("%Y-%m-%d %H:%M:%S%.6f").to_string();
            prop_assert_eq!(parse_datetime(&text, Tz::UTC), Some(time));
            prop_assert_eq!(parse_date(&text), Some(time.date_naive()));
            let east = FixedOffset::east_opt(8 * 3600).unwrap();
            let text = time.with_timezone(&east).format("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string();
            prop_assert_eq!(parse_datetime(&text, Tz::Europe__Berlin), Some(time));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = parse_datetime(&text, Tz::Europe__Berlin);
        }
    }
}
