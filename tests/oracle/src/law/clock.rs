//! Times as records write them, and business dates.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;

/// An instant.
pub type Instant = DateTime<Utc>;

/// The instant a record writes; none for a sentinel. A time without an offset is Shanghai's.
pub fn read(text: &str) -> Option<Instant> {
    let day = text.get(..10)?.replace('/', "-");
    if ["1900-01-01", "1901-01-01", "9999-12-31"].contains(&day.as_str()) {
        return None;
    }
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.with_timezone(&Utc));
    }
    let naive = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .unwrap_or_else(|| panic!("the company writes no such time: {text}"));
    Some(Shanghai.from_local_datetime(&naive).single().expect("no change of clocks").to_utc())
}

/// The business date of an instant.
pub fn day(at: Instant) -> NaiveDate {
    at.with_timezone(&Shanghai).date_naive()
}

/// The month of a date, as reports write it.
pub fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// The Monday of a date's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))
        .expect("a date after the beginning of time")
}

/// A date of a master row; none if it is empty.
pub fn date(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| text.parse().expect("the company writes dates as 2025-03-01"))
}
