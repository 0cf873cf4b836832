//! Dates and times: a byte that says how many follow, then year (two bytes), month, day, hour, minute, second,
//! microseconds (four bytes); a span of time has sign and days (four bytes) in place of the date. What is zero
//! at the end is left out.

use chrono::{NaiveDate, NaiveDateTime};

/// A date and time that need not be one of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    micros: u32,
}

fn micros(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

#[inline]
fn parts(bytes: &[u8]) -> Option<Parts> {
    let (length, rest) = bytes.split_first()?;
    if usize::from(*length) != rest.len() {
        return None;
    }
    let zero = Parts { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, micros: 0 };
    let [y0, y1, month, day, time @ ..] = rest else {
        return rest.is_empty().then_some(zero);
    };
    let date = Parts { year: u16::from_le_bytes([*y0, *y1]), month: *month, day: *day, ..zero };
    match time {
        [] => Some(date),
        [hour, minute, second, fraction @ ..] => {
            let micros = if fraction.is_empty() { 0 } else { micros(fraction)? };
            Some(Parts { hour: *hour, minute: *minute, second: *second, micros, ..date })
        }
        _ => None,
    }
}

/// Whether it is `0000-00-00`.
pub(super) fn is_zero(bytes: &[u8]) -> bool {
    parts(bytes).is_some_and(|parts| parts.year == 0 && parts.month == 0 && parts.day == 0)
}

/// Whether a text is a zero date.
pub(crate) fn is_zero_text(text: &str) -> bool {
    text.trim().starts_with("0000-00-00")
}

/// A day of the calendar.
#[inline]
pub(super) fn day(bytes: &[u8]) -> Option<NaiveDate> {
    let Parts { year, month, day, .. } = parts(bytes)?;
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
}

/// A wall-clock time on a day of the calendar.
#[inline]
pub(super) fn wall(bytes: &[u8]) -> Option<NaiveDateTime> {
    let Parts { year, month, day, hour, minute, second, micros } = parts(bytes)?;
    let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?;
    day.and_hms_micro_opt(hour.into(), minute.into(), second.into(), micros)
}

/// `2026-03-31`.
pub(super) fn day_text(bytes: &[u8]) -> Option<String> {
    let Parts { year, month, day, .. } = parts(bytes)?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// `2026-03-31 08:30:00`, with microseconds if there are any.
pub(super) fn wall_text(bytes: &[u8]) -> Option<String> {
    let Parts { hour, minute, second, micros, .. } = parts(bytes)?;
    let day = day_text(bytes)?;
    Some(format!("{day} {hour:02}:{minute:02}:{second:02}{}", fraction(micros)))
}

fn fraction(micros: u32) -> String {
    match micros {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    }
}

/// A span of time, up to 838 hours either way.
struct Span {
    is_negative: bool,
    hours: u64,
    minute: u8,
    second: u8,
    micros: u32,
}

fn span(bytes: &[u8]) -> Option<Span> {
    let (length, rest) = bytes.split_first()?;
    if usize::from(*length) != rest.len() {
        return None;
    }
    let [sign, d0, d1, d2, d3, hour, minute, second, fraction @ ..] = rest else {
        let zero = Span { is_negative: false, hours: 0, minute: 0, second: 0, micros: 0 };
        return rest.is_empty().then_some(zero);
    };
    let days = u32::from_le_bytes([*d0, *d1, *d2, *d3]);
    Some(Span {
        is_negative: *sign != 0,
        hours: u64::from(days) * 24 + u64::from(*hour),
        minute: *minute,
        second: *second,
        micros: if fraction.is_empty() { 0 } else { micros(fraction)? },
    })
}

/// Nanoseconds since midnight; none if it is no time of a day.
pub(super) fn of_day(bytes: &[u8]) -> Option<i64> {
    let Span { is_negative, hours, minute, second, micros } = span(bytes)?;
    let seconds = (hours * 60 + u64::from(minute)) * 60 + u64::from(second);
    let nanos = i64::try_from(seconds * 1_000_000_000 + u64::from(micros) * 1_000).ok()?;
    (hours < 24 && (!is_negative || nanos == 0)).then_some(nanos)
}

/// `-838:59:59`, with microseconds if there are any.
pub(super) fn duration_text(bytes: &[u8]) -> Option<String> {
    let Span { is_negative, hours, minute, second, micros } = span(bytes)?;
    let sign = if is_negative { "-" } else { "" };
    Some(format!("{sign}{hours:02}:{minute:02}:{second:02}{}", fraction(micros)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_zero_at_the_end_is_left_out() {
        let day_only = [4, 0xea, 0x07, 3, 31];
        assert_eq!(wall_text(&day_only).unwrap(), "2026-03-31 00:00:00");
        let seconds = [7, 0xea, 0x07, 3, 31, 8, 30, 1];
        assert_eq!(wall_text(&seconds).unwrap(), "2026-03-31 08:30:01");
        let micros = [11, 0xea, 0x07, 3, 31, 8, 30, 1, 1, 0, 0, 0];
        assert_eq!(wall_text(&micros).unwrap(), "2026-03-31 08:30:01.000001");
        assert!(is_zero(&[0]) && is_zero(&[7, 0, 0, 0, 0, 1, 0, 0]) && !is_zero(&day_only));
        assert_eq!(duration_text(&[0]).unwrap(), "00:00:00");
        assert_eq!(duration_text(&[8, 1, 34, 0, 0, 0, 22, 59, 59]).unwrap(), "-838:59:59");
    }

    #[test]
    fn what_is_no_day_and_no_time_of_day_is_left_to_its_text() {
        assert_eq!(day(&[4, 0xea, 0x07, 0, 0]), None);
        assert_eq!(day_text(&[4, 0xea, 0x07, 0, 0]).unwrap(), "2026-00-00");
        assert_eq!(of_day(&[8, 0, 1, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(of_day(&[8, 1, 0, 0, 0, 0, 1, 0, 0]), None);
        assert_eq!(of_day(&[8, 0, 0, 0, 0, 0, 23, 59, 59]), Some(86_399_000_000_000));
    }

    #[test]
    fn a_broken_length_is_no_value() {
        assert_eq!(wall(&[7, 0xea, 0x07, 3]), None);
        assert_eq!(wall(&[]), None);
        assert_eq!(day_text(&[2, 0, 0]), None);
        assert_eq!(of_day(&[3, 0, 0, 0]), None);
    }
}
