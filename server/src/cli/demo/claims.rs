//! Claims that finance has to decide: a demo that serves has some, for the company's promoters are honest.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use futures::TryStreamExt;
use serde_json::{Value, json};

use crate::cli::args::BuildArgs;
use crate::cli::{build, ingest};
use crate::hub::Hub;
use crate::ledger::{Bounds, Ledger};
use crate::models::Models;
use crate::output::batch_json;

/// Unsold goods of the store, from the containers of what two promoters claimed last.
const UNSOLD: &str = "with last as (
        select promoter_code, store_code, dealer_code, device_id, code, claimed_at,
            row_number() over (partition by promoter_code order by claimed_at desc, code) as place
        from core.promoter_claim where verdict = 'accepted'),
    chosen as (select * from last where place = 1 order by claimed_at desc, promoter_code limit 2)
    select distinct h.promoter_code, h.store_code, h.device_id, h.claimed_at, s.code
    from chosen as h
    join core.containment as own on own.code = h.code
    join core.containment as s on s.parent_code = own.parent_code
    join core.unit_state as u on u.code = s.code
    where u.level = 'item' and u.dealer_code = h.dealer_code and u.held_since < h.claimed_at
        and u.state in ('in_transit', 'dealer_stock', 'in_store')
    order by h.promoter_code, s.code limit 8";

/// Claims from phones whose positioning was switched off: each is held until a person decides.
pub(super) async fn hold_some(hub: &Hub, company: &Path, is_quiet: bool) -> Result<()> {
    let models = Models::load(hub)?;
    let rows = models.scope(hub, Utc::now()).query(UNSOLD, Vec::new()).await?;
    let batches: Vec<_> = rows.try_collect().await?;
    let zone = hub.config.hub.time_zone;
    let unsold = batches.iter().flat_map(|batch| batch_json(batch, zone));
    let path = company.join("claims.jsonl");
    let mut file = std::fs::File::create(&path)
        .with_context(|| format!("writing claims to {}", path.display()))?;
    for (number, row) in (1..).zip(unsold) {
        writeln!(file, "{}", claim(number, &row)?)?;
    }
    drop(file);
    let ledger = Ledger::open(hub, Bounds::COMMAND).await?;
    ingest::ingest(hub, &ledger, is_quiet, &path).await?;
    drop(ledger);
    build::build(hub, is_quiet, &BuildArgs::default()).await?;
    Ok(())
}

/// One after the other, further apart than a retry or a burst.
fn claim(number: i32, unsold: &Value) -> Result<Value> {
    let last = unsold["claimed_at"].as_str().unwrap_or_default();
    let last = DateTime::parse_from_rfc3339(last)
        .with_context(|| format!("reading when {unsold} was claimed"))?;
    Ok(json!({
        "event_id": format!("demo-claim-{number}"),
        "event_type": "sell",
        "event_time": (last + Duration::minutes(i64::from(number) * 3)).to_rfc3339(),
        "codes": [unsold["code"]],
        "promoter_code": unsold["promoter_code"],
        "store_code": unsold["store_code"],
        "device_id": unsold["device_id"],
    }))
}
