//! Wall clocks without an offset, read in the system's zone.
//!
//! Where the zone has daylight saving time, a time that occurs twice is taken as the earlier instant
//! and one that does not occur is read with the offset before the gap.

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Clocks are never set back or forward by more than this at once.
const SHIFT_MAX: TimeDelta = TimeDelta::hours(3);

/// How a wall-clock time is written; every product reads it.
const WALL_FORMAT: &str = "%Y-%m-%d %H:%M:%S%.6f";

/// The instant a wall-clock time stands for.
pub fn to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    if let Some(time) = zone.from_local_datetime(&local).earliest() {
        return time.to_utc();
    }
    let before = local.checked_sub_signed(SHIFT_MAX).unwrap_or(local);
    let offset = match zone.from_local_datetime(&before).earliest() {
        Some(time) => time.offset().fix(),
        None => zone.offset_from_utc_datetime(&local).fix(),
    };
    Utc.from_utc_datetime(&local.checked_sub_offset(offset).unwrap_or(local))
}

/// The end of a window as a wall-clock text.
pub fn upper_bound(end: DateTime<Utc>, zone: Tz) -> String {
    end.with_timezone(&zone).format(WALL_FORMAT).to_string()
}

/// The start of a window as a wall-clock text: no later than any wall-clock time shown after it.
///
/// When clocks are set back soon after `start`, they show times before it again.
pub fn lower_bound(start: DateTime<Utc>, zone: Tz) -> String {
    let local_at = |time: DateTime<Utc>| {
        let offset = zone.offset_from_utc_datetime(&time.naive_utc()).fix();
        start.naive_utc().checked_add_offset(offset).unwrap_or(start.naive_utc())
    };
    let soon = start.checked_add_signed(SHIFT_MAX).unwrap_or(start);
    local_at(start).min(local_at(soon)).format(WALL_FORMAT).to_string()
}

/// An instant with its offset, which is that of UTC.
pub fn instant(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S%.6f+00:00").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zone: Tz, local: &str, utc: &str) {
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M:%S").unwrap();
        assert_eq!(to_utc(local, zone), utc.parse::<DateTime<Utc>>().unwrap());
    }

    #[test]
    fn reads_wall_clocks() {
        check(Tz::Asia__Shanghai, "2026-01-01 08:00:00", "2026-01-01T00:00:00Z");
        // Twice: the earlier.
        check(Tz::Europe__Berlin, "2026-10-25 02:30:00", "2026-10-25T00:30:00Z");
        // Never: with the offset before the gap.
        check(Tz::Europe__Berlin, "2026-03-29 02:30:00", "2026-03-29T01:30:00Z");
    }

    #[test]
    fn bounds_hold_when_clocks_are_set_back() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let zone = Tz::Europe__Berlin;
        assert_eq!(upper_bound(at("2026-10-25T00:45:00Z"), zone), "2026-10-25 02:45:00.000000");
        assert_eq!(lower_bound(at("2026-10-25T00:45:00Z"), zone), "2026-10-25 01:45:00.000000");
        assert_eq!(lower_bound(at("2026-11-25T00:45:00Z"), zone), "2026-11-25 01:45:00.000000");
    }
}
