//! Dates and times as the platform writes them: `yyyy-MM-dd HH:mm:ss`, China time, sometimes with
//! a fraction, sometimes a date only.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

use crate::wall_clock::to_utc;

/// Digits of a fraction of a second that are kept.
const NANOS_PER_MICRO: u32 = 1_000;

/// A date; a time behind it is dropped.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    parse(text).map(|time| time.date())
}

/// An instant.
pub(super) fn parse_datetime(text: &str) -> Option<DateTime<Utc>> {
    let time = parse(text)?;
    let micros = time.nanosecond() / NANOS_PER_MICRO * NANOS_PER_MICRO;
    to_utc(time.with_nanosecond(micros)?)
}

fn parse(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    if !date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    }) {
        return None;
    }
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    if rest.is_empty() {
        return Some(date.and_time(NaiveTime::MIN));
    }
    let clock = rest.strip_prefix([' ', 'T'])?;
    let is_clock =
        clock.len() >= 5 && clock.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.');
    let forms = ["%H:%M:%S%.f", "%H:%M"];
    let time = forms.iter().find_map(|form| NaiveTime::parse_from_str(clock, form).ok());
    time.filter(|time| is_clock && time.nanosecond() < 1_000_000_000)
        .map(|time| date.and_time(time))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: Option<&str>) {
        assert_eq!(parse_datetime(text), wanted.map(|utc| utc.parse().unwrap()), "{text}");
    }

    #[test]
    fn reads_china_time() {
        check("2026-03-01 09:30:11", Some("2026-03-01T01:30:11Z"));
        check("2026-03-01 09:30:11.0", Some("2026-03-01T01:30:11Z"));
        check("2026-03-01T09:30:11.1234567", Some("2026-03-01T01:30:11.123456Z"));
        check("2026-03-01 09:30", Some("2026-03-01T01:30:00Z"));
        check("2026-03-01 00:00:00", Some("2026-02-28T16:00:00Z"));
        check("2026-03-01", Some("2026-02-28T16:00:00Z"));
        // No daylight saving, whatever a zone table says of these years.
        check("1990-07-01 08:00:00", Some("1990-07-01T00:00:00Z"));
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "2026",
            "2026-02-29",
            "2026-3-1 00:00:00",
            "2026-03-01 24:00:00",
            "2026-03-01 09:30:60",
            "2026-03-01 09:30:11 PM",
            "2026-03-01 9",
            "2026-03-01x",
            "2026/03/01",
            "1772328611000",
            "２０２６-03-01",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn dates_drop_the_time() {
        let date = |text| parse_date(text).map(|date| date.to_string());
        assert_eq!(date("2026-03-01 00:00:00"), Some("2026-03-01".to_owned()));
        assert_eq!(date("2026-03-01"), Some("2026-03-01".to_owned()));
        assert_eq!(date("2026-03-32"), None);
    }

    proptest! {
        #[test]
        fn a_written_time_reads_back(seconds in -62_000_000_000i64..250_000_000_000) {
            let time = DateTime::from_timestamp(seconds, 0).unwrap();
            prop_assert_eq!(parse_datetime(&crate::wall_clock::text(time)), Some(time));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = parse_datetime(&text);
        }
    }
}
