//! Times as devices write them.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// Dates that systems write for "no time"; any time of such a day means none.
const SENTINELS: [(i32, u32, u32); 3] = [(1900, 1, 1), (1901, 1, 1), (9999, 12, 31)];
const MINUTES_OF_OFFSET_MAX: i32 = 18 * 60;

/// What a text says about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    /// An instant, in microseconds since 1970 UTC.
    At(i64),
    /// The text stands for "no time".
    Sentinel,
}

/// Reads RFC 3339, or a date and time without an offset in `zone`; `None` is neither.
///
/// Also taken: `/` in the date, one digit for month, day or hour, no seconds, and a sentinel date
/// without a time. Digits beyond microseconds are cut.
pub(crate) fn parse_time(text: &str, zone: Tz) -> Option<Time> {
    let mut rest = Scanner(text.as_bytes());
    let date = rest.date()?;
    if rest.0.is_empty() {
        return is_sentinel(date).then_some(Time::Sentinel);
    }
    if !matches!(rest.next()?, b'T' | b't' | b' ') {
        return None;
    }
    let local = date.and_time(NaiveTime::MIN).checked_add_signed(rest.clock()?)?;
    let offset = rest.offset()?;
    if is_sentinel(date) {
        return Some(Time::Sentinel);
    }
    let instant = match offset {
        Some(minutes) => local.checked_sub_signed(Duration::minutes(i64::from(minutes)))?.and_utc(),
        None => in_zone(local, zone)?,
    };
    // A sentinel of the device's zone may have been written in another offset.
    let suspicious = date.year() <= 1901 || date.year() == 9999;
    if suspicious && is_sentinel(instant.with_timezone(&zone).date_naive()) {
        return Some(Time::Sentinel);
    }
    Some(Time::At(instant.timestamp_micros()))
}

fn is_sentinel(date: NaiveDate) -> bool {
    SENTINELS.contains(&(date.year(), date.month(), date.day()))
}

/// The earlier instant where the clock shows a time twice; where it skips one, the instant after.
fn in_zone(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let hour = Duration::hours(1);
    zone.from_local_datetime(&local)
        .earliest()
        .or_else(|| zone.from_local_datetime(&local.checked_add_signed(hour)?).earliest())
        .map(|instant| instant.with_timezone(&Utc))
}

struct Scanner<'a>(&'a [u8]);

impl Scanner<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.0.first() == Some(&byte);
        if found {
            self.next();
        }
        found
    }

    /// A number of `min` to `max` digits.
    fn number(&mut self, min: usize, max: usize) -> Option<u32> {
        let digits = self.0.iter().take(max).take_while(|byte| byte.is_ascii_digit()).count();
        if digits < min {
            return None;
        }
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        Some(number.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0')))
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let year = self.number(4, 4)?;
        let separator = self.next().filter(|byte| matches!(byte, b'-' | b'/'))?;
        let month = self.number(1, 2)?;
        if !self.skip(separator) {
            return None;
        }
        let day = self.number(1, 2)?;
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }

    /// The time since midnight; a leap second is the second after it.
    fn clock(&mut self) -> Option<Duration> {
        let hour = self.number(1, 2).filter(|hour| *hour < 24)?;
        if !self.skip(b':') {
            return None;
        }
        let minute = self.number(2, 2).filter(|minute| *minute < 60)?;
        let mut second = 0;
        let mut micros = 0;
        if self.skip(b':') {
            second = self.number(2, 2).filter(|second| *second <= 60)?;
            if self.skip(b'.') || self.skip(b',') {
                micros = self.fraction()?;
            }
        }
        let seconds = i64::from((hour * 60 + minute) * 60 + second);
        Some(Duration::seconds(seconds) + Duration::microseconds(micros))
    }

    fn fraction(&mut self) -> Option<i64> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (fraction, rest) = self.0.split_at_checked(digits).filter(|_| digits > 0)?;
        self.0 = rest;
        let padded = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(6);
        Some(padded.fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
    }

    /// Minutes east of UTC, `Some(None)` if the text ends here.
    fn offset(&mut self) -> Option<Option<i32>> {
        let Some(first) = self.next() else {
            return Some(None);
        };
        let sign = match first {
            b'Z' | b'z' if self.0.is_empty() => return Some(Some(0)),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.number(2, 2)?;
        self.skip(b':');
        let minutes = if self.0.is_empty() { 0 } else { self.number(2, 2).filter(|m| *m < 60)? };
        let total = i32::try_from(hours * 60 + minutes).ok()?;
        (self.0.is_empty() && total <= MINUTES_OF_OFFSET_MAX).then_some(Some(sign * total))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, SecondsFormat};
    use chrono_tz::{America, Asia, Tz};

    use super::{Time, parse_time};

    fn read(text: &str, zone: Tz) -> String {
        match parse_time(text, zone) {
            None => "no time".to_owned(),
            Some(Time::Sentinel) => "sentinel".to_owned(),
            Some(Time::At(us)) => DateTime::from_timestamp_micros(us)
                .unwrap()
                .to_rfc3339_opts(SecondsFormat::AutoSi, true),
        }
    }

    #[test]
    fn times_are_read_as_devices_write_them() {
        for (text, expected) in [
            ("2024-05-01T08:00:00+08:00", "2024-05-01T00:00:00Z"),
            ("2024-05-01T08:00:00+0800", "2024-05-01T00:00:00Z"),
            ("2024-05-01T08:00:00+08", "2024-05-01T00:00:00Z"),
            ("2024-05-01t00:00:00z", "2024-05-01T00:00:00Z"),
            ("2024-05-01T00:00:00.1234567Z", "2024-05-01T00:00:00.123456Z"),
            ("2024-05-01T23:59:60Z", "2024-05-02T00:00:00Z"),
            ("2024-05-01 08:00:00", "2024-05-01T00:00:00Z"),
            ("2024/5/1 8:00", "2024-05-01T00:00:00Z"),
            ("1988-07-01 09:00:00", "1988-07-01T00:00:00Z"),
            ("1900-01-01T00:00:00+08:00", "sentinel"),
            ("1900-01-01T13:14:15", "sentinel"),
            ("1901-01-01", "sentinel"),
            ("9999-12-31T23:59:59Z", "sentinel"),
            ("1899-12-31T16:00:00Z", "sentinel"),
            ("1900-01-02T00:00:00Z", "1900-01-02T00:00:00Z"),
            ("2024-05-01", "no time"),
            ("2024-02-30T00:00:00Z", "no time"),
            ("2024-05-01T24:00:00Z", "no time"),
            ("2024-05-01T08:00:00+08:00 ", "no time"),
            ("2024-05-01T08:00:00+19:00", "no time"),
            ("2024-05-01T08:00:00.Z", "no time"),
            ("24-05-01T08:00:00Z", "no time"),
            ("2024-5/1 08:00", "no time"),
            ("1714521600", "no time"),
            ("2024-05-01T０8:00:00Z", "no time"),
            ("", "no time"),
        ] {
            assert_eq!(read(text, Asia::Shanghai), expected, "{text}");
        }
    }

    #[test]
    fn a_clock_that_jumps_still_gives_an_instant() {
        assert_eq!(read("2024-03-10 02:30:00", America::New_York), "2024-03-10T07:30:00Z");
        assert_eq!(read("2024-11-03 01:30:00", America::New_York), "2024-11-03T05:30:00Z");
    }
}
