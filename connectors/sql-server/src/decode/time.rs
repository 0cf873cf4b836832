//! Days and times of day as SQL Server counts them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use tiberius::time as tds;

/// Days from 0001-01-01, where `date` counts from, to the Unix epoch.
const DAYS_FROM_YEAR_ONE: i64 = 719_162;

/// Days from 1900-01-01, where `datetime` counts from, to the Unix epoch.
const DAYS_FROM_1900: i64 = 25_567;

/// The finest grain a time is sent with.
const SCALE_MAX: u32 = 9;

/// A day of the proleptic Gregorian calendar, from days since the epoch.
pub(super) fn day(days: i64) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(TimeDelta::try_days(days)?)
}

/// `date`.
pub(super) fn date(date: tds::Date) -> Option<NaiveDate> {
    day(i64::from(date.days()) - DAYS_FROM_YEAR_ONE)
}

/// `time`: nanoseconds since midnight.
pub(super) fn nanoseconds(time: tds::Time) -> Option<i64> {
    let grain = 10u64.pow(SCALE_MAX.checked_sub(u32::from(time.scale()))?);
    let nanoseconds = i64::try_from(time.increments().checked_mul(grain)?).ok()?;
    (nanoseconds < TimeDelta::days(1).num_nanoseconds()?).then_some(nanoseconds)
}

/// `datetime`: the milliseconds that the server itself shows, .000, .003 and .007.
pub(super) fn datetime(value: tds::DateTime) -> Option<NaiveDateTime> {
    let day = day(i64::from(value.days()) - DAYS_FROM_1900)?;
    let milliseconds = (u64::from(value.seconds_fragments()) * 10 + 1) / 3;
    at(day, i64::try_from(milliseconds).ok()?.checked_mul(1_000_000)?)
}

/// `smalldatetime`: minutes.
pub(super) fn smalldatetime(value: tds::SmallDateTime) -> Option<NaiveDateTime> {
    let day = day(i64::from(value.days()) - DAYS_FROM_1900)?;
    at(day, i64::from(value.seconds_fragments()) * 60_000_000_000)
}

/// `datetime2`; of `datetimeoffset` it is the instant in UTC.
pub(super) fn datetime2(value: tds::DateTime2) -> Option<NaiveDateTime> {
    at(date(value.date())?, nanoseconds(value.time())?)
}

/// Nanoseconds after midnight of a day.
fn at(day: NaiveDate, nanoseconds: i64) -> Option<NaiveDateTime> {
    day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::nanoseconds(nanoseconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_the_server_does() {
        let text = |time: Option<NaiveDateTime>| time.unwrap().to_string();
        let datetime = |days, ticks| super::datetime(tds::DateTime::new(days, ticks));
        assert_eq!(text(datetime(0, 0)), "1900-01-01 00:00:00");
        assert_eq!(text(datetime(-53_690, 1)), "1753-01-01 00:00:00.003");
        assert_eq!(text(datetime(46_081, 25_919_999)), "2026-03-02 23:59:59.997");
        assert_eq!(text(datetime(0, 2)), "1900-01-01 00:00:00.007");
        assert_eq!(
            text(smalldatetime(tds::SmallDateTime::new(46_081, 1439))),
            "2026-03-02 23:59:00"
        );
        let nanos = |increments, scale| nanoseconds(tds::Time::new(increments, scale));
        assert_eq!(nanos(863_999_999_999, 7), Some(86_399_999_999_900));
        assert_eq!(nanos(86_400, 0), None);
        assert_eq!(nanos(0, 10), None);
        assert_eq!(date(tds::Date::new(0)).unwrap().to_string(), "0001-01-01");
    }

    #[test]
    fn hostile_values_are_none() {
        assert_eq!(datetime(tds::DateTime::new(i32::MAX, u32::MAX)), None);
        assert_eq!(nanoseconds(tds::Time::new(u64::MAX, 0)), None);
    }
}
