//! Maintenance changes files, not rows.

use chrono::Duration;

use crate::fixture::{Fixture, name};
use crate::incremental::MODELS;

fn event(n: i64) -> String {
    format!("select 'e{n}' as event_id, 'x{n}' as code, '2026-01' as month, {n} as n")
}

#[tokio::test]
async fn compaction_and_vacuum_trigger_no_rebuild() {
    let fixture = Fixture::new(&MODELS);
    for n in 1..=5 {
        fixture.land("raw.scans__event", n, &event(n)).await;
    }
    fixture.built().await;
    let raw = name("raw.scans__event");
    assert_eq!(fixture.lake.compact(&raw).await.unwrap(), 5);
    assert_eq!(fixture.lake.compact(&raw).await.unwrap(), 0);
    let unchanged = "core.event -\ncore.code -\nmarts.month -\nmarts.total -";
    assert_eq!(fixture.built().await, unchanged);
    let position = fixture.lake.position(&raw).await.unwrap().unwrap();
    assert_eq!((position.sequence, position.text.as_str()), (5, "after 5"));

    assert_eq!(fixture.lake.vacuum(&raw, Duration::zero()).await.unwrap(), 5);
    assert_eq!(fixture.built().await, unchanged);
    assert_eq!(fixture.lake.position(&raw).await.unwrap().unwrap().sequence, 5);

    // Rows that came before a compaction and after the last build are still seen.
    fixture.land("raw.scans__event", 6, &event(6)).await;
    fixture.lake.compact(&raw).await.unwrap();
    let built = fixture.built().await;
    assert!(built.starts_with("core.event 6/6 changed 1\ncore.code 1/6 changed 1\n"), "{built}");
    assert_eq!(fixture.read("select count(*) from core.code").await, "6");
}

#[tokio::test]
async fn maintains_every_table() {
    let fixture = Fixture::new(&MODELS);
    fixture.land("raw.scans__event", 1, &event(1)).await;
    fixture.land("raw.scans__event", 2, &event(2)).await;
    fixture.built().await;
    let reports = fixture.lake.maintain(Duration::zero()).await.unwrap();
    let compacted: Vec<_> = reports.iter().filter(|report| report.files_compacted > 0).collect();
    assert_eq!(compacted.len(), 1);
    assert_eq!((compacted[0].files_compacted, compacted[0].files_deleted), (2, 2));
}
