//! The first rows of a stream, in key order, whatever their change value.

use std::sync::Arc;

use yuanliu_contract::{Preview, Result};

use crate::catalog::Stream;
use crate::decode::{RowDecoder, decode_payloads, payload, spread};
use crate::query::{BillQuery, rows};
use crate::system::Account;

/// Reads up to `rows_max` rows; ends early on an empty page or one that comes no further.
pub(crate) async fn preview(
    account: &Account,
    stream: &Arc<Stream>,
    rows_max: usize,
) -> Result<Preview> {
    let zone = account.time_zone;
    let plan = account.plan(stream).await?;
    let mut raw = Vec::new();
    let mut after = None;
    while !plan.is_absent && raw.len() < rows_max {
        let limit = account.page_rows.min(rows_max - raw.len());
        let query = BillQuery { plan: &plan, conditions: Vec::new(), after, limit };
        let answer = query.send(&account.client).await;
        let answer = answer.map_err(|error| account.explain(&plan, error))?;
        let mut decoder = RowDecoder::new(stream, zone, limit)?;
        let mut cells = Vec::with_capacity(stream.fields.len());
        let mut reached = after;
        for row in rows(&answer, plan.asked.len())?.iter().take(limit) {
            spread(&plan, row, &mut cells);
            reached = decoder.push(&cells, String::new).key.or(reached);
            raw.push(payload(&plan, row));
        }
        if reached <= after {
            break;
        }
        after = reached;
    }
    let rows = decode_payloads(stream, zone, &raw)?;
    Ok(Preview { raw, rows })
}
