//! How far the lake has taken the ledger.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use yuanliu_warehouse::Lake;

use crate::models::SCAN_TABLE;

/// What a landing of scan events says besides its sequence.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ScanPosition {
    /// The last frame of the inbox that was landed; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) inbox: Option<u64>,
    /// Up to which `_seq` the rows of a raw table were taken as scan events.
    pub(crate) fed: BTreeMap<String, i64>,
}

/// Where the scan events of the lake stand: their sequence and what was said with it.
pub(crate) async fn scan_position(lake: &Lake) -> Result<(i64, ScanPosition)> {
    let position = lake.position(&SCAN_TABLE.parse()?).await?;
    let Some(position) = position else { return Ok((0, ScanPosition::default())) };
    let said = serde_json::from_str(&position.text).context("reading the position of the scans")?;
    Ok((position.sequence, said))
}
