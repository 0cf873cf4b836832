//! The first rows of a stream, as the relay orders them.

use yuanliu_contract::{Preview, Result};

use crate::catalog::Stream;
use crate::decode::{decode_payloads, payload};
use crate::system::Shared;

/// Reads up to `rows_max` rows, a page at a time, and no more documents than rows.
pub(crate) async fn preview(shared: &Shared, stream: &Stream, rows_max: usize) -> Result<Preview> {
    let mut raw = Vec::new();
    let mut page = 1;
    while raw.len() < rows_max {
        let mut listing = shared.list(stream, &[], page).await?;
        if listing.is_empty() {
            break;
        }
        let is_last = listing.is_last;
        listing.truncate(rows_max - raw.len());
        let rows = listing.complete(&shared.client, stream).await?;
        raw.extend(rows.iter().map(payload));
        if is_last {
            break;
        }
        page += 1;
    }
    raw.truncate(rows_max);
    let rows = decode_payloads(stream, shared.time_zone, &raw)?;
    Ok(Preview { raw, rows })
}
