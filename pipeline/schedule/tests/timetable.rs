//! Due times: text in, text out.

#![allow(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use yuanliu_schedule::Timetable;

fn timetable(expression: &str, zone: &str) -> Timetable {
    Timetable::parse(expression, zone.parse().unwrap()).unwrap()
}

/// The next due times after a local time, as local times with their offset.
fn check(expression: &str, zone: &str, after: &str, expected: &[&str]) {
    let zone_of: Tz = zone.parse().unwrap();
    let timetable = timetable(expression, zone);
    let mut at: DateTime<Utc> = after.parse().unwrap();
    let mut found = Vec::new();
    for _ in expected {
        at = timetable.next_after(at).unwrap();
        found.push(at.with_timezone(&zone_of).format("%m-%d %H:%M:%S %:z").to_string());
    }
    assert_eq!(found, expected, "{expression} in {zone} after {after}");
}

#[test]
fn plain_days_in_shanghai() {
    check(
        "30 2 * * MON-FRI",
        "Asia/Shanghai",
        "2026-03-05T18:30:00Z",
        &["03-09 02:30:00 +08:00", "03-10 02:30:00 +08:00"],
    );
}

#[test]
fn seconds_come_first_where_there_are_six_fields() {
    check(
        "*/20 59 23 * * *",
        "Asia/Shanghai",
        "2026-03-06T15:59:00Z",
        &["03-06 23:59:20 +08:00", "03-06 23:59:40 +08:00", "03-07 23:59:00 +08:00"],
    );
}

#[test]
fn a_time_that_the_clocks_leave_out_is_due_when_they_have_gone_on() {
    // New York leaves out 02:00 to 03:00 on 8 March 2026.
    check(
        "30 2 * * *",
        "America/New_York",
        "2026-03-07T00:00:00Z",
        &["03-07 02:30:00 -05:00", "03-08 03:00:00 -04:00", "03-09 02:30:00 -04:00"],
    );
}

#[test]
fn several_times_in_one_gap_are_due_once() {
    check(
        "*/20 2 * * *",
        "Europe/Berlin",
        "2026-03-28T01:50:00Z",
        &["03-29 03:00:00 +02:00", "03-30 02:00:00 +02:00", "03-30 02:20:00 +02:00"],
    );
}

#[test]
fn a_time_that_comes_twice_is_due_the_first_time() {
    // New York has 01:00 to 02:00 twice on 1 November 2026.
    check(
        "30 1 * * *",
        "America/New_York",
        "2026-10-31T12:00:00Z",
        &["11-01 01:30:00 -04:00", "11-02 01:30:00 -05:00"],
    );
}

#[test]
fn what_is_due_all_day_is_due_in_both_hours_and_not_in_the_gap() {
    check(
        "0,30 * * * *",
        "America/New_York",
        "2026-11-01T04:45:00Z",
        &[
            "11-01 01:00:00 -04:00",
            "11-01 01:30:00 -04:00",
            "11-01 01:00:00 -05:00",
            "11-01 01:30:00 -05:00",
            "11-01 02:00:00 -05:00",
        ],
    );
    check(
        "0,30 * * * *",
        "America/New_York",
        "2026-03-08T06:15:00Z",
        &["03-08 01:30:00 -05:00", "03-08 03:00:00 -04:00", "03-08 03:30:00 -04:00"],
    );
}

#[test]
fn half_hour_changes_and_dates_left_out() {
    check(
        "45 1 * * *",
        "Australia/Lord_Howe",
        "2026-04-03T16:00:00Z",
        &["04-05 01:45:00 +11:00", "04-06 01:45:00 +10:30"],
    );
    // Samoa had no 30 December 2011.
    check(
        "0 9 * * *",
        "Pacific/Apia",
        "2011-12-28T20:00:00Z",
        &["12-29 09:00:00 -10:00", "12-31 00:00:00 +14:00", "12-31 09:00:00 +14:00"],
    );
}

#[test]
fn every_due_time_comes_after_the_one_before_across_a_year_of_changes() {
    for zone in ["America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "Europe/Dublin"] {
        for (expression, a_year) in [("*/30 * * * *", 365 * 48), ("15 1,2,3 * * *", 365 * 3)] {
            let timetable = timetable(expression, zone);
            let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
            let (mut at, mut count) = (start, 0);
            while let Some(next) =
                timetable.next_after(at).filter(|t| *t <= start + TimeDelta::days(365))
            {
                assert!(next > at, "{expression} in {zone}: {next} after {at}");
                (at, count) = (next, count + 1);
            }
            assert!((a_year - 1..=a_year + 1).contains(&count), "{expression} in {zone}: {count}");
        }
    }
}

#[test]
fn the_newest_of_a_long_time_are_found_without_walking_through_it() {
    let timetable = timetable("* * * * *", "Asia/Shanghai");
    let until: DateTime<Utc> = "2026-06-01T00:00:30Z".parse().unwrap();
    let (times, has_earlier) = timetable.between(until - TimeDelta::days(3650), until, 3);
    let told: Vec<_> = times.iter().map(|t| t.format("%H:%M:%S").to_string()).collect();
    assert_eq!(told, ["23:58:00", "23:59:00", "00:00:00"]);
    assert!(has_earlier);
    let (all, has_earlier) = timetable.between(until - TimeDelta::minutes(3), until, 3);
    assert_eq!((all.len(), has_earlier), (3, false));
}

#[test]
fn expressions_that_mean_nothing_say_what_to_write() {
    let told = |expression: &str| {
        Timetable::parse(expression, chrono_tz::Asia::Shanghai).unwrap_err().message
    };
    assert!(told("30 2 * *").contains("has 4 fields; write minute, hour, day, month, weekday"));
    assert!(told("30 2 * * 1-5").contains("write SUN, MON, … SAT"));
    assert!(told("99 2 * * *").contains("is no cron expression"));
    assert!(told("0 0 30 2 *").contains("is never due"));
    assert!(told("nonsense").contains("fields"));
    assert!(Timetable::parse("@hourly", chrono_tz::Asia::Shanghai).is_ok());
}
