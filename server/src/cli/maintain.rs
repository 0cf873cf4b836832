//! `yuanliu maintain`.

use anyhow::Result;
use chrono::TimeDelta;

use super::args::Common;
use crate::exit;
use crate::hub::Hub;

pub(super) async fn run(common: &Common) -> Result<u8> {
    let hub = Hub::open_for_writing(common).await?;
    let retention = TimeDelta::hours(hub.config.hub.vacuum_retention_hours);
    let reports = hub.lake.maintain(retention).await?;
    let rows = reports.into_iter().map(|report| {
        vec![
            report.table.to_string(),
            report.files_compacted.to_string(),
            report.files_deleted.to_string(),
        ]
    });
    common.write_texts(&["table", "files_compacted", "files_deleted"], rows).await?;
    Ok(exit::DONE)
}
