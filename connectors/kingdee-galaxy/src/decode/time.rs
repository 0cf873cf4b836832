//! Dates and times as the WebAPI writes them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::zone::to_utc;

/// Digits of a fraction of a second that are kept.
const FRACTION_DIGITS: usize = 6;

/// Some forms write an empty date as the first day there is.
const EMPTY_YEAR: i32 = 1;

/// A date; none for the empty one. A time behind it is dropped.
pub(super) fn parse_date(text: &str) -> Result<Option<NaiveDate>, ()> {
    let (time, _) = split(text)?;
    Ok(Some(time.date()).filter(|date| date.year() != EMPTY_YEAR))
}

/// An instant; none for the empty date. Without an offset, and there is none in practice, it is
/// the server's wall clock.
pub(super) fn parse_datetime(text: &str, zone: Tz) -> Result<Option<DateTime<Utc>>, ()> {
    let (time, rest) = split(text)?;
    if time.year() == EMPTY_YEAR {
        return Ok(None);
    }
    if rest.is_empty() {
        return Ok(Some(to_utc(time, zone)));
    }
    DateTime::parse_from_rfc3339(text).map(|time| Some(time.to_utc())).map_err(|_| ())
}

/// `yyyy-MM-dd`, then `T` or a space and `HH:mm[:ss[.f…]]`, and what is left.
fn split(text: &str) -> Result<(NaiveDateTime, &str), ()> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10).ok_or(())?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let year = i32::try_from(year).map_err(|_| ())?;
    let date = NaiveDate::from_ymd_opt(year, month, day).filter(|d| d.year() > 0).ok_or(())?;
    let Some(clock) = rest.strip_prefix(['T', ' ']) else {
        return if rest.is_empty() { Ok((date.and_time(NaiveTime::MIN), "")) } else { Err(()) };
    };
    let (minutes, rest) = clock.split_at_checked(5).ok_or(())?;
    let [hour, minute] = numbers(minutes, ':', [2, 2])?;
    let (second, micros, rest) = match rest.strip_prefix(':') {
        Some(seconds) => split_seconds(seconds)?,
        None => (0, 0, rest),
    };
    let time = NaiveTime::from_hms_micro_opt(hour, minute, second, micros).ok_or(())?;
    Ok((date.and_time(time), rest))
}

fn split_seconds(text: &str) -> Result<(u32, u32, &str), ()> {
    let (seconds, rest) = text.split_at_checked(2).ok_or(())?;
    let [second] = numbers(seconds, ':', [2])?;
    let Some(digits) = rest.strip_prefix('.') else { return Ok((second, 0, rest)) };
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = digits.split_at(length);
    if fraction.is_empty() {
        return Err(());
    }
    let kept = fraction.bytes().chain(std::iter::repeat(b'0')).take(FRACTION_DIGITS);
    let micros = kept.fold(0, |micros, digit| micros * 10 + u32::from(digit - b'0'));
    Ok((second, micros, rest))
}

fn numbers<const N: usize>(text: &str, by: char, lengths: [usize; N]) -> Result<[u32; N], ()> {
    let mut numbers = [0; N];
    let mut parts = text.split(by);
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == length).ok_or(())?;
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(());
        }
        *number = part.parse().map_err(|_| ())?;
    }
    if parts.next().is_none() { Ok(numbers) } else { Err(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: Result<Option<&str>, ()>) {
        let got = parse_datetime(text, Tz::Asia__Shanghai);
        let wanted = wanted.map(|utc| utc.map(|utc| utc.parse().unwrap()));
        assert_eq!(got, wanted, "{text}");
    }

    #[test]
    fn reads_wall_clocks() {
        check("2026-01-01T09:42:59.073", Ok(Some("2026-01-01T01:42:59.073Z")));
        check("2026-01-01T09:42:55.04", Ok(Some("2026-01-01T01:42:55.040Z")));
        check("2026-01-01 09:42:55", Ok(Some("2026-01-01T01:42:55Z")));
        check("2026-01-01T09:42", Ok(Some("2026-01-01T01:42:00Z")));
        check("2026-01-01", Ok(Some("2025-12-31T16:00:00Z")));
        check("2026-01-01T09:42:55.1234567", Ok(Some("2026-01-01T01:42:55.123456Z")));
        check("2026-01-01T09:42:55Z", Ok(Some("2026-01-01T09:42:55Z")));
        check("2026-01-01T09:42:55.5+08:00", Ok(Some("2026-01-01T01:42:55.5Z")));
        check("9999-12-31T23:59:59", Ok(Some("9999-12-31T15:59:59Z")));
        check("0001-01-01T00:00:00", Ok(None));
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-29T00:00:00",
            "2026-01-01T24:00:00",
            "2026-01-01T09:42:55.",
            "2026-01-01T09:42:55 PM",
            "2026/01/01 09:42:55",
            "01-01-2026",
            "２０２６-01-01",
            "/Date(1767225600000)/",
            "2026-01-01X",
        ] {
            check(text, Err(()));
            assert!(parse_date(text).is_err() || text.len() > 10, "{text}");
        }
    }

    #[test]
    fn dates_drop_the_time() {
        let date = |text| parse_date(text).map(|date| date.map(|date| date.to_string()));
        assert_eq!(date("2026-01-01T00:00:00"), Ok(Some("2026-01-01".to_owned())));
        assert_eq!(date("2026-01-01"), Ok(Some("2026-01-01".to_owned())));
        assert_eq!(date("0001-01-01T00:00:00"), Ok(None));
        assert_eq!(date("2026-01-32"), Err(()));
    }

    proptest! {
        /// Chrono's own parser is the oracle.
        #[test]
        fn agrees_with_chrono(micros in -60_000_000_000_000_000i64..250_000_000_000_000_000, digits in 0usize..9) {
            let time = DateTime::from_timestamp_micros(micros).unwrap().naive_utc();
            let text = time.format("%Y-%m-%dT%H:%M:%S").to_string();
            prop_assume!(time.year() > 1);
            let fraction = format!("{:06}000", micros.rem_euclid(1_000_000));
            let text = if digits == 0 { text } else { format!("{text}.{}", &fraction[..digits]) };
            let wanted = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").unwrap();
            prop_assert_eq!(parse_datetime(&text, Tz::UTC), Ok(Some(wanted.and_utc())));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = parse_datetime(&text, Tz::Europe__Berlin);
        }
    }
}
