//! Shapes: the first one is accepted, later ones wait to be.

use std::sync::Arc;

use chrono::DateTime;

use crate::world::{World, on_both};

on_both!(a_shape_waits_until_it_is_accepted);

async fn a_shape_waits_until_it_is_accepted(world: Arc<World>) {
    let metadata = world.open().await;
    let at = DateTime::UNIX_EPOCH;
    for (stream, shape) in [("dealer", "{}"), ("order", r#"{"a":1}"#), ("order", r#"{"a":2}"#)] {
        metadata.note_shape("erp", stream, shape, at).await.unwrap();
    }
    let both = metadata.shapes("erp").await.unwrap();
    let both: Vec<_> =
        both.iter().map(|s| (s.stream.as_str(), s.accepted.as_str(), s.seen.as_str())).collect();
    assert_eq!(both, [("dealer", "{}", "{}"), ("order", r#"{"a":1}"#, r#"{"a":2}"#)]);
    assert_eq!(metadata.accept_shapes("erp", at).await.unwrap(), 1);
    assert_eq!(metadata.accept_shapes("erp", at).await.unwrap(), 0);
    assert_eq!(metadata.shapes("erp").await.unwrap()[1].accepted, r#"{"a":2}"#);
    assert!(metadata.shapes("other").await.unwrap().is_empty());
}
