//! The resources of the catalogue, with the columns their first rows show.
//!
//! The relay describes no columns and leaves empty ones out, so a column that no shown row fills is not
//! found.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use yuanliu_contract::{DiscoveredField, DiscoveredObject, ErrorKind, Result};

use crate::catalog::{ENTRY, POSITION, Stream};
use crate::system::Shared;

/// Documents looked into per resource: each is a call.
const DOCUMENTS_MAX: usize = 5;

/// Describes every resource of the catalogue; one that is not granted has no further fields.
pub(crate) async fn discover(
    shared: &Shared,
    streams: &[Arc<Stream>],
) -> Result<Vec<DiscoveredObject>> {
    let mut objects = Vec::with_capacity(streams.len());
    for stream in streams {
        let seen = match columns(shared, stream).await {
            Ok(seen) => seen,
            Err(error) if matches!(error.kind, ErrorKind::Permission | ErrorKind::Refused) => {
                BTreeSet::new()
            }
            Err(error) => return Err(error),
        };
        let read = stream.fields.iter().filter(|field| field.key != POSITION);
        let read = read.map(|field| field.key.clone());
        let is_read: BTreeSet<String> = read.collect();
        let fields = is_read.union(&seen).map(|name| DiscoveredField {
            name: name.clone(),
            title: name.clone(),
            data_type: "text".to_owned(),
            is_custom: is_custom(name),
            is_read: is_read.contains(name),
        });
        objects.push(DiscoveredObject {
            name: stream.list.clone(),
            title: stream.title.clone(),
            stream: Some(stream.name.clone()),
            fields: fields.collect(),
        });
    }
    Ok(objects)
}

async fn columns(shared: &Shared, stream: &Stream) -> Result<BTreeSet<String>> {
    let mut listing = shared.list(stream, &[], 1).await?;
    if stream.document.is_some() {
        listing.truncate(DOCUMENTS_MAX);
    }
    let mut seen = BTreeSet::new();
    for row in listing.complete(&shared.client, stream).await? {
        for (name, value) in &row {
            match value {
                Value::Object(line) if name == ENTRY => {
                    seen.extend(line.keys().map(|name| format!("{ENTRY}.{name}")));
                }
                Value::Array(_) | Value::Object(_) => {}
                _ if name == POSITION => {}
                _ => {
                    seen.insert(name.clone());
                }
            }
        }
    }
    Ok(seen)
}

/// Whether a customer gives the column its meaning: define1–16 and 22–37, free1–10, self_define1–16.
fn is_custom(name: &str) -> bool {
    let name = name.strip_prefix("entry.").unwrap_or(name);
    ["self_define", "define", "free"].iter().any(|prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
