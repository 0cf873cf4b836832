//! `yuanliu trace CODE`.

use anyhow::Result;
use chrono::Utc;

use super::args::{Common, TraceArgs, parse_instant};
use crate::exit;
use crate::hub::Hub;
use crate::models::Models;
use crate::output::Format;
use crate::report::{models_read, scope_as_of};

pub(super) async fn run(common: &Common, args: TraceArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let models = Models::load(&hub)?;
    let zone = hub.config.hub.time_zone;
    let as_of = args.as_of.as_deref().map(|text| parse_instant(text, zone)).transpose()?;
    let earlier = match as_of {
        Some(as_of) => {
            let texts = models.files.in_folder("trace").map(|(_, file)| file.text.as_str());
            let wanted = models_read(&models, texts);
            Some(scope_as_of(&hub, &models, wanted, as_of, common.is_quiet()).await?)
        }
        None => None,
    };
    let now = models.scope(&hub, Utc::now());
    let scope = earlier.as_ref().map_or(&now, |(scope, _)| scope);
    let trace = crate::trace::trace(&models.files, scope, &args.code, zone).await?;
    let is_known = trace["status"] != "unknown";
    if common.format == Format::Json {
        common.json_output().write_json(&trace)?;
    } else {
        crate::trace::print(common, &trace).await?;
    }
    Ok(if is_known { exit::DONE } else { exit::PROBLEMS })
}
