//! Yonyou's wall clock.
//!
//! Times carry no offset and are China time, UTC+8 without daylight saving (reference: yonyou.md
//! 1.4), wherever the hub stands.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// How the platform writes a time, in rows and in filters: to the second.
const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

const CHINA: TimeDelta = TimeDelta::hours(8);

/// The instant a wall-clock time stands for; none beyond the end of time.
pub(crate) fn to_utc(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    local.checked_sub_signed(CHINA).map(|time| time.and_utc())
}

/// An instant as the platform writes it, cut to the second.
pub(crate) fn text(time: DateTime<Utc>) -> String {
    let local = time.naive_utc().checked_add_signed(CHINA).unwrap_or(NaiveDateTime::MAX);
    local.format(FORMAT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_time_reads_back() {
        let time: DateTime<Utc> = "2025-12-31T16:00:00.9Z".parse().unwrap();
        assert_eq!(text(time), "2026-01-01 00:00:00");
        let local = NaiveDateTime::parse_from_str("2026-01-01 00:00:00", FORMAT).unwrap();
        assert_eq!(to_utc(local), "2025-12-31T16:00:00Z".parse().ok());
    }
}
