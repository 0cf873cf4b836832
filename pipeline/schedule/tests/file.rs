//! `jobs.toml`: text in, problems out.

#![allow(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

use std::time::Duration;

use chrono_tz::Asia::Shanghai;
use yuanliu_schedule::{JobKind, Jobs, Known, Missed, Overlap};

fn known() -> Known {
    let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    Known {
        systems: names(&["erp_main", "inbox"]),
        reports: names(&["regional-sales", "diversion-cases"]),
    }
}

/// Every problem as `line key: message`.
fn problems(text: &str) -> Vec<String> {
    let found = Jobs::parse(text, Shanghai, &known()).unwrap_err();
    assert!(found.iter().all(|problem| !problem.message_zh.is_empty()));
    found.iter().map(|p| format!("{} {}: {}", p.line, p.key, p.message)).collect()
}

#[test]
fn the_committed_example_is_right_and_shows_every_kind() {
    let text = include_str!("../../../config/jobs.toml");
    let jobs = Jobs::parse(text, Shanghai, &Known::default()).unwrap();
    assert!(jobs.jobs.is_empty(), "the example switches nothing on");
    let shown = text.lines().map(|line| {
        line.strip_prefix("# ").filter(|l| l.contains(['=', '[', ']'])).unwrap_or(line)
    });
    let shown: Vec<_> = shown.filter(|line| !line.starts_with('#')).collect();
    let jobs = Jobs::parse(&shown.join("\n"), Shanghai, &Known::default()).unwrap();
    let mut kinds: Vec<_> = jobs.jobs.iter().map(|job| job.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["backup", "build", "maintain", "report", "sync"]);
    assert!(jobs.freshness.of("regional-sales").is_some());
    assert_eq!(jobs.budgets.by_system.len(), 1);
}

#[test]
fn what_is_left_out_has_its_default() {
    let jobs = Jobs::parse(
        "[[job]]\nname = \"pull\"\nkind = \"sync\"\nsystem = \"erp_main\"\nschedule = \"*/15 * * * *\"",
        Shanghai,
        &known(),
    )
    .unwrap();
    let job = jobs.job("pull").unwrap();
    assert_eq!(job.kind, JobKind::Sync { system: "erp_main".to_owned(), stream: None });
    assert_eq!((job.missed, job.overlap, job.is_enabled), (Missed::Last, Overlap::Skip, true));
    assert_eq!(job.timeout, Duration::from_secs(4 * 3600));
    assert_eq!(job.timetable.as_ref().unwrap().time_zone(), Shanghai);
}

#[test]
fn every_problem_is_told_at_once_with_its_line() {
    let text = r#"time_zone = "Asia/Peking"

[[job]]
name = "pull"
kind = "sync"
system = "erp_man"
schedule = "0 3 * * 1"
misssed = "all"

[[job]]
name = "pull"
kind = "build"
after = ["pul"]
overlap = "both"
timeout_s = 0

[[job]]
kind = "dance"

[budgets.erp_main]
otherwise = 600
windows = [{ days = "MON-FRY", from = "8.30", to = "18:00", calls_per_minute = 60 }]

[freshness]
"regional-*" = "26"
"salse" = "1h"
"#;
    assert_eq!(
        problems(text),
        [
            "1 time_zone: is `Asia/Peking`, should be an IANA time zone such as Asia/Shanghai",
            "6 [[job]] pull: system: there is no system `erp_man`; there are: erp_main, inbox",
            "7 [[job]] pull: schedule: `0 3 * * 1` gives weekdays by number (`1`), which programs count differently; write SUN, MON, … SAT",
            "8 [[job]] pull: misssed: unknown key; known keys are name, kind, system, stream, time_zone, schedule, after, missed, missed_max, overlap, timeout_s, enabled",
            "13 [[job]] pull: after: there is no job `pul`; there are: pull",
            "14 [[job]] pull: overlap: is `both`, should be one of skip, queue, forbid",
            "15 [[job]] pull: timeout_s: is 0, should be a whole number between 1 and 604800",
            "17 [[job]]: name: is missing: lower-case letters, digits and underscores",
            "17 [[job]]: schedule: is missing, and so is `after`: the job would never run; give one of them",
            "18 [[job]]: kind: is `dance`, should be one of sync, build, maintain, report, backup",
            "22 [budgets.erp_main]: windows: days: is `MON-FRY`, should be weekdays such as MON-FRI or SAT,SUN",
            "22 [budgets.erp_main]: windows: from: is `8.30`, should be a time of day such as 08:30",
            "25 [freshness]: regional-*: should be an age such as \"30m\", \"26h\" or \"2d\"",
            "26 [freshness]: salse: fits no report; there are: regional-sales, diversion-cases",
        ]
    );
}

#[test]
fn two_jobs_of_one_name() {
    let job = "[[job]]\nname = \"tidy\"\nkind = \"maintain\"\nschedule = \"@daily\"\n";
    assert_eq!(
        problems(&format!("{job}{job}")),
        ["5 [[job]] tidy: name: is given to two jobs; name one of them otherwise"]
    );
}

#[test]
fn a_circle_is_told_once() {
    let job = |name: &str, after: &str| {
        format!("[[job]]\nname = \"{name}\"\nkind = \"build\"\nafter = [\"{after}\"]\n")
    };
    let text = [job("a", "b"), job("b", "c"), job("c", "a"), job("d", "a"), job("e", "e")].concat();
    assert_eq!(
        problems(&text),
        [
            "1 [[job]] a: after: waits for itself: a → b → c → a; take one `after` out of the circle",
            "17 [[job]] e: after: waits for itself: e → e; take one `after` out of the circle",
        ]
    );
}

#[test]
fn a_report_goes_somewhere() {
    let text = "[[job]]\nname = \"monthly\"\nkind = \"report\"\nreport = \"regional-sales\"\nto = \"boss\"\nschedule = \"0 8 1 * *\"\nparameters = { level = 1 }";
    assert_eq!(
        problems(text),
        [
            "5 [[job]] monthly: to: is `boss`, should be `folder:PATH`",
            "7 [[job]] monthly: parameters: level: should be a text, as on the command line",
        ]
    );
}

#[test]
fn what_is_no_toml_names_the_line() {
    let found = Jobs::parse("[[job]]\nname = \"a\"\nkind = \n", Shanghai, &known()).unwrap_err();
    assert_eq!(found.len(), 1);
    assert_eq!(found.first().unwrap().line, 3);
}

#[test]
fn any_text_is_answered_with_jobs_or_problems() {
    let whole = include_str!("../../../config/jobs.toml").replace("# ", "");
    for end in whole.char_indices().map(|(at, _)| at) {
        let cut = whole.get(..end).unwrap();
        if let Err(found) = Jobs::parse(cut, Shanghai, &known()) {
            assert!(!found.is_empty(), "problems of {cut:?}");
        }
    }
}

#[test]
fn calls_a_minute_follow_the_hours() {
    let text = r#"
[budgets.erp_main]
time_zone = "Asia/Shanghai"
otherwise = 600
windows = [
    { days = "MON-FRI", from = "08:30", to = "18:00", calls_per_minute = 60 },
    { days = "FRI-SUN", from = "22:00", to = "06:00", calls_per_minute = 2000 },
]
"#;
    let jobs = Jobs::parse(text, Shanghai, &known()).unwrap();
    let at = |instant: &str| jobs.budgets.calls_per_minute("erp_main", instant.parse().unwrap());
    assert_eq!(at("2026-03-06T00:29:59Z"), Some(600), "Friday 08:29");
    assert_eq!(at("2026-03-06T00:30:00Z"), Some(60), "Friday 08:30");
    assert_eq!(at("2026-03-06T10:00:00Z"), Some(600), "Friday 18:00");
    assert_eq!(at("2026-03-06T21:59:00Z"), Some(2000), "Saturday 05:59, from Friday on");
    assert_eq!(at("2026-03-08T21:59:00Z"), Some(2000), "Monday 05:59, from Sunday on");
    assert_eq!(at("2026-03-09T21:59:00Z"), Some(600), "Tuesday 05:59");
    assert_eq!(
        jobs.budgets.calls_per_minute("inbox", "2026-03-06T00:30:00Z".parse().unwrap()),
        None
    );
}
