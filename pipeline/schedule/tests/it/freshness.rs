//! Reports whose data is too old.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use yuanliu_schedule::freshness::{judge, matches};
use yuanliu_schedule::{Bounds, ReportAges, ReportTimes, StoreError};

use crate::world::{World, noon};

#[derive(Default)]
struct Ages(Mutex<Vec<ReportTimes>>);

#[async_trait]
impl ReportAges for Ages {
    async fn times(&self) -> Result<Vec<ReportTimes>, StoreError> {
        Ok(self.0.lock().unwrap().clone())
    }
}

fn times(built: Option<DateTime<Utc>>, read: Option<DateTime<Utc>>) -> ReportTimes {
    ReportTimes {
        report: "regional-sales".to_owned(),
        built_at: built,
        data_until: read,
        slowest: Some("erp_main".to_owned()),
    }
}

fn minutes_ago(minutes: i64) -> Option<DateTime<Utc>> {
    Some(noon() - TimeDelta::minutes(minutes))
}

#[tokio::test]
async fn a_late_report_is_told_once_though_nothing_failed_and_so_is_its_return() {
    let ages = Arc::new(Ages::default());
    *ages.0.lock().unwrap() = vec![times(minutes_ago(5), minutes_ago(50))];
    let mut world = World::of("[freshness]\n\"regional-*\" = \"1h\"", 1);
    world.ages = Some(ages.clone());
    world.start(0);
    world.tick(0).await;
    assert!(world.signals().is_empty());
    world.pass_time(30 * 60).await;
    assert_eq!(world.signals(), ["report_late regional-sales"]);
    assert_eq!(
        world.last_message(),
        "regional-sales: data is 1 h 1 min old, 1 h allowed: erp_main not read since"
    );
    *ages.0.lock().unwrap() = vec![times(Some(world.now()), Some(world.now()))];
    world.pass_time(60).await;
    assert_eq!(world.signals(), ["report_late regional-sales", "report_fresh regional-sales"]);
}

#[test]
fn data_is_as_old_as_the_older_of_reading_and_building() {
    let bounds = Bounds::new(vec![("*".to_owned(), Duration::from_secs(3600))]);
    let check = |built, read, is_late: bool, why: &str| {
        let found = judge(&times(built, read), &bounds, noon());
        assert_eq!((found.is_late, found.why.as_str()), (is_late, why));
    };
    check(minutes_ago(1), minutes_ago(59), false, "data is 59 min old");
    check(minutes_ago(1), minutes_ago(60), false, "data is 1 h old");
    check(
        minutes_ago(1),
        minutes_ago(61),
        true,
        "data is 1 h 1 min old, 1 h allowed: erp_main not read since",
    );
    check(
        minutes_ago(2 * 1440),
        minutes_ago(5),
        true,
        "data is 2 d old, 1 h allowed: not built since",
    );
    check(None, minutes_ago(1), true, "was never built");
    check(minutes_ago(1), None, true, "erp_main was never read to its end");
}

#[test]
fn without_a_bound_nothing_is_late() {
    let found = judge(&times(None, None), &Bounds::default(), noon());
    assert!(!found.is_late && found.bound.is_none());
}

#[test]
fn the_pattern_that_says_most_counts() {
    let bound = |pattern: &str, seconds| (pattern.to_owned(), Duration::from_secs(seconds));
    let bounds =
        Bounds::new(vec![bound("*", 1), bound("promoter-*", 2), bound("promoter-claims", 3)]);
    let of = |report: &str| bounds.of(report).map(|age| age.as_secs());
    assert_eq!(
        (of("dwell"), of("promoter-summary"), of("promoter-claims")),
        (Some(1), Some(2), Some(3))
    );
}

#[test]
fn stars_stand_for_any_characters() {
    for (pattern, name, fits) in [
        ("regional-*", "regional-sales", true),
        ("*-sales", "regional-sales", true),
        ("r*n*s", "regional-sales", true),
        ("r*n*x", "regional-sales", false),
        ("aa*aa", "aaa", false),
        ("sales", "sales-x", false),
        ("*", "", true),
    ] {
        assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
    }
}
