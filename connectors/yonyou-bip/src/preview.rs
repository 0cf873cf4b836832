//! The first rows of a stream, whatever their change value.

use std::sync::Arc;

use yuanliu_contract::{Preview, Result};

use crate::catalog::Stream;
use crate::decode::{RowDecoder, decode_payloads};
use crate::list::{ListPage, ListQuery};
use crate::system::Tenant;

/// Reads up to `rows_max` rows.
pub(crate) async fn preview(
    tenant: &Tenant,
    stream: &Arc<Stream>,
    rows_max: usize,
) -> Result<Preview> {
    let page_rows = stream.page_rows(tenant.page_rows).min(rows_max.max(1));
    let mut raw = Vec::new();
    for index in 1.. {
        let query = ListQuery::all(stream, index, page_rows);
        let Some(answer) = query.send(&tenant.client).await? else { break };
        let list = ListPage::read(&answer)?;
        for row in &list.rows {
            if raw.len() < rows_max && is_row(stream, row.get())? {
                raw.push(row.get().to_owned());
            }
        }
        if raw.len() >= rows_max || list.is_last(index, list.size(page_rows)) {
            break;
        }
    }
    let rows = decode_payloads(stream, &raw)?;
    Ok(Preview { raw, rows })
}

/// Whether a row is typed or rejected, not passed over as a total.
fn is_row(stream: &Stream, payload: &str) -> Result<bool> {
    let mut decoder = RowDecoder::new(stream, 1)?;
    decoder.push(payload, |_| true);
    let rows = decoder.finish()?;
    Ok(rows.batch.num_rows() + rows.rejects.len() > 0)
}
