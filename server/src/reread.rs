//! Streams that must be read from their beginning, because the configuration that was applied says so.
//!
//! What was applied and what was read are both kept; a full reading is owed where the one is newer than the
//! other. So nothing has to be remembered, and a reading that was cut off is still owed.

use chrono::{DateTime, Utc};
use yuanliu_metadata::{Metadata, MetadataError, PageRequest, RunFilter};

/// Runs that read a stream from its beginning.
pub(crate) const KIND: &str = "full";

/// So many of the latest changes are looked at; what came before has been read since.
const CHANGES_MAX: u32 = 200;

/// The last runs of a stream among which one that ended well is looked for.
const RUNS_MAX: u32 = 50;

/// Whether the configuration was changed so that this stream is to be read in full, and it has not been since.
pub(crate) async fn is_owed(
    metadata: &Metadata,
    system: &str,
    stream: &str,
) -> Result<bool, MetadataError> {
    let Some(since) = asked_for(metadata, system, stream).await? else { return Ok(false) };
    let filter = RunFilter {
        system: Some(system.to_owned()),
        stream: Some(stream.to_owned()),
        kind: Some(KIND.to_owned()),
        from: Some(since),
        ..RunFilter::default()
    };
    let runs = metadata.run_page(&filter, &PageRequest::first(RUNS_MAX)).await?.items;
    Ok(!runs.iter().any(|run| matches!(run.outcome.as_str(), "green" | "yellow")))
}

/// When a change was last applied whose plan rereads the stream or its whole system.
async fn asked_for(
    metadata: &Metadata,
    system: &str,
    stream: &str,
) -> Result<Option<DateTime<Utc>>, MetadataError> {
    let changes = metadata.configuration_changes(&PageRequest::first(CHANGES_MAX)).await?.items;
    let of_stream = format!("{system}.{stream}");
    let rereads = |effect: &serde_json::Value| {
        let object = effect["object"].as_str();
        effect["kind"] == "reread" && (object == Some(system) || object == Some(&of_stream))
    };
    let found = changes
        .iter()
        .find(|change| change.plan["effects"].as_array().is_some_and(|e| e.iter().any(rereads)));
    Ok(found.map(|change| change.changed_at))
}
