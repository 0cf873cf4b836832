//! One cell typed. Every refusal says what would be right.

use std::borrow::Cow;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::catalog::{ColumnType, DECIMAL_PRECISION, DECIMAL_SCALE};
use crate::header::narrow;

/// A typed cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Decimal(i128),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01 UTC.
    Instant(i64),
}

/// Why a cell cannot be typed: a stable code and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) reason: &'static str,
    pub(crate) message: String,
}

/// What a spreadsheet writes instead of a value when its formula failed.
const SHEET_ERRORS: &[&str] =
    &["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"];

/// How much of a wrong value a message repeats.
const SHOWN_CHARS_MAX: usize = 60;

/// Types a trimmed cell; an empty one is null.
pub(crate) fn parse(kind: ColumnType, cell: &str, zone: Tz) -> Result<Value<'_>, Refusal> {
    if cell.is_empty() {
        return Ok(Value::Null);
    }
    if SHEET_ERRORS.contains(&cell) {
        return refuse("sheet_error", cell, "a value; the spreadsheet's formula failed");
    }
    if cell.contains(char::REPLACEMENT_CHARACTER) {
        let wanted = "readable text; the file's encoding was not recognised, set `encoding`";
        return refuse("bad_encoding", cell, wanted);
    }
    match kind {
        ColumnType::Text => Ok(Value::Text(Cow::Borrowed(cell))),
        ColumnType::Decimal => decimal(&ascii(cell), Excess::Refuse)
            .map_or_else(|| refuse("bad_decimal", cell, NUMBER_WANTED), |n| Ok(Value::Decimal(n))),
        ColumnType::Degrees => {
            const LIMIT: i128 = 180 * SCALE_FACTOR;
            match decimal(&ascii(cell), Excess::Drop) {
                Some(n) if (-LIMIT..=LIMIT).contains(&n) => Ok(Value::Decimal(n)),
                _ => refuse("bad_degrees", cell, "degrees between -180 and 180, such as 116.3913"),
            }
        }
        ColumnType::Date => date(&ascii(cell))
            .map_or_else(|| refuse("bad_date", cell, DATE_WANTED), |n| Ok(Value::Date(n))),
        ColumnType::Datetime => instant(&ascii(cell), zone)
            .map_or_else(|| refuse("bad_datetime", cell, TIME_WANTED), |n| Ok(Value::Instant(n))),
    }
}

const NUMBER_WANTED: &str =
    "a number such as 12.50 with at most 18 digits before and 10 after the point";
const DATE_WANTED: &str = "a date such as 2026-03-02";
const TIME_WANTED: &str = "a time such as 2026-03-02 08:30:00 or 2026-03-02T08:30:00+08:00";

fn refuse<'a>(reason: &'static str, cell: &str, wanted: &str) -> Result<Value<'a>, Refusal> {
    let mut shown: String = cell.chars().take(SHOWN_CHARS_MAX).collect();
    if shown.len() < cell.len() {
        shown.push('…');
    }
    Err(Refusal { reason, message: format!("`{shown}` should be {wanted}") })
}

/// Numbers and dates are often typed with full-width characters.
fn ascii(cell: &str) -> Cow<'_, str> {
    if cell.is_ascii() { Cow::Borrowed(cell) } else { Cow::Owned(narrow(cell).trim().to_owned()) }
}

/// What happens to decimals beyond the column's scale.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Excess {
    Refuse,
    Drop,
}

const SCALE_FACTOR: i128 = 10_i128.pow(DECIMAL_SCALE as u32);

/// `[+-] digits [. digits] [e [+-] digits]`, digits in groups of three if there are commas.
fn decimal(text: &str, excess: Excess) -> Option<i128> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (is_negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = ungroup(whole)?;
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(&whole) || !all_digits(fraction) {
        return None;
    }
    let significant = format!("{whole}{fraction}");
    let significant = significant.trim_start_matches('0');
    let zeros = significant.len() - significant.trim_end_matches('0').len();
    let kept = &significant[..significant.len() - zeros];
    if kept.is_empty() {
        return Some(0);
    }
    // The value is `kept` times ten to the power of this.
    let power = i64::from(exponent) - fraction.len() as i64 + zeros as i64;
    let shift = power + i64::from(DECIMAL_SCALE);
    let kept = match usize::try_from(-shift) {
        Ok(surplus) if surplus > 0 => match excess {
            Excess::Refuse => return None,
            Excess::Drop if surplus >= kept.len() => return Some(0),
            Excess::Drop => &kept[..kept.len() - surplus],
        },
        _ => kept,
    };
    let shift = usize::try_from(shift).unwrap_or(0);
    if kept.len() + shift > usize::from(DECIMAL_PRECISION) {
        return None;
    }
    let scaled = kept.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(shift as u32)?)?;
    Some(if is_negative { -scaled } else { scaled })
}

/// `1,234,567` without its commas; none if they do not part thousands.
fn ungroup(whole: &str) -> Option<Cow<'_, str>> {
    if !whole.contains(',') {
        return Some(Cow::Borrowed(whole));
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    fits.then(|| Cow::Owned(whole.replace(',', "")))
}

fn date(text: &str) -> Option<i32> {
    let (day, rest) = day(text)?;
    let rest = rest.trim_start_matches('T').trim();
    let is_whole_day = rest.is_empty() || time(rest) == Some(NaiveTime::MIN);
    let epoch = NaiveDate::default();
    is_whole_day.then(|| i32::try_from((day - epoch).num_days()).ok())?
}

fn instant(text: &str, zone: Tz) -> Option<i64> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.with_timezone(&Utc).timestamp_micros());
    }
    let (day, rest) = day(text)?;
    let rest = rest.trim_start_matches('T').trim();
    let time = if rest.is_empty() { NaiveTime::MIN } else { time(rest)? };
    match zone.from_local_datetime(&NaiveDateTime::new(day, time)) {
        LocalResult::Single(instant) => Some(instant.timestamp_micros()),
        // The hour that a clock change repeats: the first of the two.
        LocalResult::Ambiguous(first, _) => Some(first.timestamp_micros()),
        LocalResult::None => None,
    }
}

/// A day at the start of `text`, in one of the ways people write it, and what follows it.
fn day(text: &str) -> Option<(NaiveDate, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 && text.len() == 8 {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok().map(|day| (day, ""));
    }
    if digits != 4 {
        return None;
    }
    let (year, rest) = text.split_at(digits);
    let mut rest_chars = rest.chars();
    let (after_year, after_month) = match rest_chars.next()? {
        '年' => ('年', '月'),
        mark @ ('-' | '/' | '.') => (mark, mark),
        _ => return None,
    };
    let rest = rest.strip_prefix(after_year)?;
    let (month, rest) = rest.split_once(after_month)?;
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(length);
    let rest = rest.strip_prefix('日').unwrap_or(rest);
    let short = |part: &str| (1..=2).contains(&part.len());
    if !short(month) || !short(day) || !month.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some((day, rest))
}

fn time(text: &str) -> Option<NaiveTime> {
    let formats = ["%H:%M:%S%.f", "%H:%M"];
    formats.iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ColumnType, cell: &str) -> String {
        match parse(kind, cell, chrono_tz::Asia::Shanghai) {
            Ok(Value::Decimal(n)) => format!("{n}e-10"),
            Ok(Value::Instant(us)) => DateTime::from_timestamp_micros(us).unwrap().to_rfc3339(),
            Ok(Value::Date(days)) => {
                (NaiveDate::default() + chrono::Days::new(days as u64)).to_string()
            }
            Ok(value) => format!("{value:?}"),
            Err(refusal) => refusal.reason.to_owned(),
        }
    }

    #[test]
    fn decimals_are_exact_or_refused() {
        for (cell, wanted) in [
            ("12.50", "125000000000e-10"),
            ("-0.0000000001", "-1e-10"),
            ("1,234,567.8", "12345678000000000e-10"),
            ("１２．５", "125000000000e-10"),
            ("1e3", "10000000000000e-10"),
            ("1.50000000000000", "15000000000e-10"),
            ("999999999999999999.9999999999", "9999999999999999999999999999e-10"),
            ("0", "0e-10"),
            ("", "Null"),
            ("0.12345678901", "bad_decimal"),
            ("1000000000000000000", "bad_decimal"),
            ("1e999999999", "bad_decimal"),
            ("1e-99999999999", "bad_decimal"),
            ("12,34", "bad_decimal"),
            ("NaN", "bad_decimal"),
            (".", "bad_decimal"),
            ("1.2.3", "bad_decimal"),
            ("¥12", "bad_decimal"),
            ("#DIV/0!", "sheet_error"),
            ("坏\u{fffd}", "bad_encoding"),
        ] {
            assert_eq!(check(ColumnType::Decimal, cell), wanted, "{cell}");
        }
        assert_eq!(check(ColumnType::Degrees, "116.39131234567899"), "1163913123456e-10");
        assert_eq!(check(ColumnType::Degrees, "200"), "bad_degrees");
    }

    #[test]
    fn days_and_times_are_read_as_people_write_them() {
        for (cell, wanted) in [
            ("2026-03-02", "2026-03-02"),
            ("2026/3/2", "2026-03-02"),
            ("2026.3.2", "2026-03-02"),
            ("2026年3月2日", "2026-03-02"),
            ("20260302", "2026-03-02"),
            ("2026-03-02 00:00:00", "2026-03-02"),
            ("2026-03-02 08:00:00", "bad_date"),
            ("2026-02-30", "bad_date"),
            ("02/03/2026", "bad_date"),
            ("today", "bad_date"),
        ] {
            assert_eq!(check(ColumnType::Date, cell), wanted, "{cell}");
        }
        for (cell, wanted) in [
            ("2026-03-02 08:30:00", "2026-03-02T00:30:00+00:00"),
            ("2026/3/2 8:30", "2026-03-02T00:30:00+00:00"),
            ("2026-03-02T08:30:00.25", "2026-03-02T00:30:00.250+00:00"),
            ("2026-03-02T08:30:00+02:00", "2026-03-02T06:30:00+00:00"),
            ("2026-03-02T08:30:00Z", "2026-03-02T08:30:00+00:00"),
            ("2026年3月2日 8:30", "2026-03-02T00:30:00+00:00"),
            ("2026-03-02", "2026-03-01T16:00:00+00:00"),
            ("2026-03-02 25:00", "bad_datetime"),
            ("46083", "bad_datetime"),
        ] {
            assert_eq!(check(ColumnType::Datetime, cell), wanted, "{cell}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_stops_the_process(cell in "\\PC{0,40}") {
            for kind in [
                ColumnType::Text,
                ColumnType::Decimal,
                ColumnType::Degrees,
                ColumnType::Date,
                ColumnType::Datetime,
            ] {
                let _ = parse(kind, cell.trim(), chrono_tz::Asia::Shanghai);
            }
        }

        #[test]
        fn decimals_agree_with_integers(units in -10_i128.pow(27)..10_i128.pow(27)) {
            let sign = if units < 0 { "-" } else { "" };
            let (whole, fraction) = (units.abs() / SCALE_FACTOR, units.abs() % SCALE_FACTOR);
            let text = format!("{sign}{whole}.{fraction:010}");
            proptest::prop_assert_eq!(decimal(&text, Excess::Refuse), Some(units));
        }
    }
}
