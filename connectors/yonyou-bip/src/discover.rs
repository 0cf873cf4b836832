//! The lists of the catalogue and the fields their first rows show.
//!
//! The platform has no call that describes a list, so a field that no sampled row fills is only
//! known if the catalogue reads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use yuanliu_contract::{DiscoveredField, DiscoveredObject, ErrorKind, Result};

use crate::catalog::{Field, Stream};
use crate::decode::Row;
use crate::list::{ListPage, ListQuery};
use crate::system::Tenant;

/// Rows that are looked at: enough to see fields that few documents fill, one call.
const SAMPLE_ROWS: usize = 50;

/// Objects that hold what a customer defines on header and line (自定义项).
const CUSTOM_OBJECTS: [&str; 2] = ["headItem.", "bodyItem."];

/// Describes every list of the catalogue. One that is not granted has only the fields that would
/// be read; a check says why.
pub(crate) async fn discover(
    tenant: &Tenant,
    streams: &[Arc<Stream>],
) -> Result<Vec<DiscoveredObject>> {
    let mut objects = Vec::with_capacity(streams.len());
    for stream in streams {
        let seen = match sample(tenant, stream).await {
            Ok(seen) => seen,
            Err(error) if matches!(error.kind, ErrorKind::Permission | ErrorKind::NotFound) => {
                BTreeMap::new()
            }
            Err(error) => return Err(error),
        };
        objects.push(DiscoveredObject {
            name: stream.path.clone(),
            title: stream.title.clone(),
            stream: Some(stream.name.clone()),
            fields: fields(stream, seen),
        });
    }
    Ok(objects)
}

/// Keys of the first rows, with the kind of the first value that is not null.
async fn sample(tenant: &Tenant, stream: &Stream) -> Result<BTreeMap<String, &'static str>> {
    let rows = stream.page_rows(SAMPLE_ROWS);
    let mut seen = BTreeMap::new();
    let Some(answer) = ListQuery::all(stream, 1, rows).send(&tenant.client).await? else {
        return Ok(seen);
    };
    for row in ListPage::read(&answer)?.rows {
        for (key, cell) in Row::parse(row.get()).map(|row| row.cells()).unwrap_or_default() {
            let kind = seen.entry(key).or_insert("null");
            if *kind == "null" {
                *kind = kind_of(cell);
            }
        }
    }
    Ok(seen)
}

fn fields(stream: &Stream, seen: BTreeMap<String, &'static str>) -> Vec<DiscoveredField> {
    let unseen = stream.fields.iter().filter(|field| !seen.keys().any(|key| reads(field, key)));
    let unseen: Vec<_> = unseen.map(|field| described(&field.key, "not seen", true)).collect();
    let shown = seen.into_iter().map(|(key, kind)| {
        let is_read = stream.fields.iter().any(|field| reads(field, &key));
        described(&key, kind, is_read)
    });
    shown.chain(unseen).collect()
}

fn described(key: &str, kind: &str, is_read: bool) -> DiscoveredField {
    DiscoveredField {
        name: key.to_owned(),
        title: key.to_owned(),
        data_type: kind.to_owned(),
        is_custom: CUSTOM_OBJECTS.iter().any(|object| key.starts_with(object)),
        is_read,
    }
}

/// Whether a field of the catalogue reads a key of a row, or the object around it.
fn reads(field: &Field, key: &str) -> bool {
    let is_same = |wanted: &String| {
        key == wanted || key.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    std::iter::once(&field.key).chain(&field.or).any(is_same)
}

fn kind_of(cell: &str) -> &'static str {
    match cell.as_bytes().first() {
        Some(b'"') => "text",
        Some(b'[') => "array",
        Some(b'{') => "object",
        Some(b't' | b'f') => "boolean",
        Some(b'n') | None => "null",
        Some(_) => "number",
    }
}
