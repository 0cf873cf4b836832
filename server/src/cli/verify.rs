//! `yuanliu verify CODES`.

use anyhow::{Context, Result};
use chrono::Utc;
use serde_json::Value;
use yuanliu_scans::ScanRules;

use super::args::{Common, VerifyArgs};
use crate::answers::{Verdict, verify};
use crate::exit::{self, UsageError};
use crate::hub::{Hub, code_rules};
use crate::knowledge::Knowledge;
use crate::ledger::{Bounds, Ledger};
use crate::models::Models;
use crate::output::Format;

/// The columns of an answer, in order.
const COLUMNS: [&str; 9] = [
    "code",
    "verdict",
    "product_name",
    "batch_no",
    "dealer_name",
    "first_checked_at",
    "first_checked_place",
    "checks",
    "message",
];

/// Answers for staff: with the dealer, and without counting the question as a check.
pub(super) async fn run(common: &Common, args: VerifyArgs) -> Result<u8> {
    let codes: Vec<&str> = args.codes.iter().flat_map(|text| text.split(';')).collect();
    let codes: Vec<&str> = codes.iter().map(|code| code.trim()).filter(|c| !c.is_empty()).collect();
    if codes.is_empty() {
        return Err(UsageError("give one code, or several with ; between".to_owned()).into());
    }
    let hub = Hub::open_for_writing(common).await?;
    let rules = ScanRules::new(&code_rules(&hub.config), hub.config.hub.device_time_zone)
        .context("reading [codes] patterns of rules.toml")?;
    let ledger = Ledger::open(&hub, Bounds::COMMAND).await?;
    let models = Models::load(&hub)?;
    let known = Knowledge::load(&models.files, &models.scope(&hub, Utc::now())).await?;
    let (now_us, zone) = (Utc::now().timestamp_micros(), hub.config.hub.time_zone);
    let mut answers = Vec::with_capacity(codes.len());
    let mut code = exit::DONE;
    for asked in codes {
        let history = ledger.index().history(&rules.codes().normalize(asked), now_us, &known)?;
        let judged = &hub.config.rules.verify;
        let one = verify(asked, history.as_ref(), &known, judged, None, now_us, zone);
        if one.verdict == Verdict::Unknown {
            code = exit::PROBLEMS;
        }
        answers.push(one.into_json(true));
    }
    if common.format == Format::Json {
        common.json_output().write_json(&answers.into())?;
        return Ok(code);
    }
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let rows = answers.iter().map(|one| COLUMNS.iter().map(|name| text(&one[*name])).collect());
    common.write_texts(&COLUMNS, rows).await?;
    Ok(code)
}
