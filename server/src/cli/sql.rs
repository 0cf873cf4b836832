//! `yuanliu sql`.

use anyhow::Result;
use chrono::Utc;

use super::args::{Common, SqlArgs};
use crate::exit;
use crate::hub::Hub;
use crate::models::Models;

pub(super) async fn run(common: &Common, args: SqlArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let models = Models::load(&hub)?;
    let rows = models.scope(&hub, Utc::now()).query(&args.statement, Vec::new()).await?;
    common.output(hub.config.hub.time_zone).write_rows(rows.schema(), rows).await?;
    Ok(exit::DONE)
}
