//! The root tags of the catalogue, with the tags their first records show.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use yuanliu_contract::{DiscoveredField, DiscoveredObject, ErrorKind, Result};

use super::preview::first_rows;
use super::system::Shared;
use crate::catalog::{ENTRY, POSITION, Stream};

/// Rows looked at per root tag.
const ROWS_MAX: usize = 20;

/// Describes every root tag of the catalogue; one that is refused has no further tags.
pub(crate) async fn discover(
    shared: &Shared,
    streams: &[Arc<Stream>],
) -> Result<Vec<DiscoveredObject>> {
    let mut objects = Vec::with_capacity(streams.len());
    for stream in streams {
        let rows = match first_rows(shared, stream, ROWS_MAX).await {
            Ok(rows) => rows,
            Err(error) if error.kind == ErrorKind::Refused => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut seen = BTreeSet::new();
        for (name, value) in rows.iter().flatten() {
            match value {
                Value::Object(line) => {
                    seen.extend(line.keys().map(|name| format!("{ENTRY}.{name}")));
                }
                _ if name == POSITION => {}
                _ => {
                    seen.insert(name.clone());
                }
            }
        }
        let read = stream.fields.iter().filter(|field| field.key != POSITION);
        let is_read: BTreeSet<String> = read.map(|field| field.key.clone()).collect();
        let fields = is_read.union(&seen).map(|name| DiscoveredField {
            name: name.clone(),
            title: name.clone(),
            data_type: "text".to_owned(),
            is_custom: is_custom(name),
            is_read: is_read.contains(name),
        });
        objects.push(DiscoveredObject {
            name: stream.vouchtype.as_ref().map_or_else(
                || stream.root.clone(),
                |kind| format!("{} vouchtype={kind}", stream.root),
            ),
            title: stream.title.clone(),
            stream: Some(stream.name.clone()),
            fields: fields.collect(),
        });
    }
    Ok(objects)
}

/// Whether a customer gives the tag its meaning: define1–16 and 22–37, free1–10.
fn is_custom(name: &str) -> bool {
    let name = name.strip_prefix("entry.").unwrap_or(name);
    ["self_define", "define", "free"].iter().any(|prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
