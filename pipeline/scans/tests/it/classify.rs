//! Duplicates and collisions.

use crate::support::{arrived_at, rules, write};
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use serde_json::json;
use yuanliu_scans::{Classified, EventReader, KnownEvents, Receipt, classify};

/// Events given as `id content`.
fn batch(events: &[&str]) -> RecordBatch {
    let lines: Vec<String> = events
        .iter()
        .map(|event| {
            let (id, content) = event.split_once(' ').unwrap();
            json!({"event_id": id, "event_type": "verify", "event_time": "2024-05-01T00:00:00Z",
                "codes": "A", "operator": content})
            .to_string()
        })
        .collect();
    let (_folder, path) = write("a.jsonl", lines.join("\n").as_bytes());
    let mut reader = EventReader::open(&path, &rules(), arrived_at()).unwrap();
    reader.next_chunk(1_000).unwrap().unwrap().events
}

fn show(classified: &Classified) -> String {
    let texts = |name: &str| classified.accepted.column_by_name(name).unwrap().as_string::<i32>();
    let kept: Vec<String> = texts("event_id")
        .iter()
        .zip(texts("operator"))
        .map(|(id, content)| format!("{} {}", id.unwrap(), content.unwrap()))
        .collect();
    let collided: Vec<String> = classified
        .collisions
        .iter()
        .map(|one| format!("{}@{}", one.event_id, one.source_line.unwrap()))
        .collect();
    format!("{} | {} | {}", kept.join(", "), classified.duplicate, collided.join(", "))
}

#[test]
fn same_content_is_a_duplicate_and_other_content_a_collision() {
    let mut known = KnownEvents::default();
    known.extend(&batch(&["a x", "b x", "b y"])).unwrap();
    assert_eq!(known.len(), 2);
    for (events, expected) in [
        (&["c x", "d x"][..], "c x, d x | 0 | "),
        (&["a x", "c x"], "c x | 1 | "),
        (&["a z"], "a z | 0 | a@1"),
        (&["b y", "b x", "b z", "b z"], "b z | 3 | b@3"),
        (&["c x", "c x", "c y", "c x", "c y"], "c x, c y | 3 | c@3"),
    ] {
        let classified = classify(&batch(events), &known).unwrap();
        assert_eq!(show(&classified), expected, "{events:?}");
        let mut receipt = Receipt { accepted: events.len() as u64, ..Receipt::default() };
        receipt.classified(&classified);
        assert_eq!(receipt.accepted, classified.accepted.num_rows() as u64);
        assert_eq!(receipt.accepted + receipt.duplicate, events.len() as u64);
    }
    let mut known = KnownEvents::default();
    assert!(known.is_empty());
    let events = batch(&["a x"]);
    let content = events.column_by_name("content_hash").unwrap().as_primitive::<Int64Type>();
    known.insert("a", content.value(0));
    assert_eq!(show(&classify(&events, &known).unwrap()), " | 1 | ");
}
