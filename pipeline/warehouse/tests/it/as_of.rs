//! The past, built beside the present.

use yuanliu_warehouse::Lake;

use crate::fixture::{Fixture, options, read, told};

const EVENT: &str = "-- name: core.event\n-- kind: table\n-- grain: event_id\n-- columns:\n\
    --   event_id: the event\n--   n: when\nselect event_id, n from raw.scans__event";

const SEEN: &str = "-- name: core.seen\n-- kind: table\n-- grain: event_id\n-- columns:\n\
    --   event_id: the event\n\
    select event_id from core.event where to_timestamp_micros(n) <= as_of()";

const COUNT: &str = "-- name: marts.count\n-- kind: table\n-- grain: events\n-- columns:\n\
    --   events: how many\nselect count(*) as events from core.seen";

#[tokio::test]
async fn builds_the_past_into_a_scratch_lake() {
    let models = [("core/event.sql", EVENT), ("core/seen.sql", SEEN), ("marts/count.sql", COUNT)];
    let fixture = Fixture::new(&models);
    let day = |day: i64| 1_767_225_600_000_000 + day * 86_400_000_000;
    let sql = format!(
        "select * from (values ('e1', {}), ('e2', {}), ('e3', {})) as t(event_id, n)",
        day(0),
        day(10),
        day(20)
    );
    fixture.land("raw.scans__event", 1, &sql).await;
    fixture.built().await;
    let scratch = Lake::open(options(&fixture.dir.path().join("scratch"))).unwrap();
    let past = fixture.build_as_of("2026-01-15T00:00:00Z", &scratch);
    let report = fixture.run(&past).await.unwrap();
    assert_eq!(told(&report), "core.seen 1/1 changed 1\nmarts.count 1/1 changed 1");
    assert_eq!(read(&past.scope(), "select events from marts.count").await, "2");
    assert_eq!(read(&past.scope(), "select count(*) from core.event").await, "3");
    assert_eq!(fixture.read("select events from marts.count").await, "3");
    let report = fixture.run(&past).await.unwrap();
    assert_eq!(told(&report), "core.seen -\nmarts.count -");
    // Another instant in the same scratch lake replaces what depends on it.
    let earlier = fixture.build_as_of("2026-01-05T00:00:00Z", &scratch);
    fixture.run(&earlier).await.unwrap();
    assert_eq!(read(&earlier.scope(), "select events from marts.count").await, "1");
}
