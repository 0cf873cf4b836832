//! `yuanliu verify CODES`.

use anyhow::Result;
use chrono::Utc;
use serde_json::Value;

use super::args::{Common, VerifyArgs};
use crate::answers::{Verdict, Verifier, codes_in};
use crate::exit::{self, UsageError};
use crate::hub::{Hub, scan_rules};
use crate::knowledge::Knowledge;
use crate::ledger::{Bounds, Ledger};
use crate::models::Models;
use crate::output::{Cell, Format};
use crate::serving::Serving;

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

/// Answers for staff: with the dealer, and without counting the question as a check. A hub that serves
/// the same data is asked, for it has the ledger.
pub(super) async fn run(common: &Common, args: VerifyArgs) -> Result<u8> {
    let codes: Vec<&str> = args.codes.iter().flat_map(|text| codes_in(text)).collect();
    if codes.is_empty() {
        return Err(UsageError("give one code, or several with ; between".to_owned()).into());
    }
    let data = Hub::open(common).await?.config.hub.data.clone();
    let answers = match Serving::find(&data).await {
        Some(serving) => serving.verify(&codes).await?,
        None => verified(common, &codes).await?,
    };
    let is_unknown = |one: &Value| one["verdict"] == Verdict::Unknown.as_str();
    let code = if answers.iter().any(is_unknown) { exit::PROBLEMS } else { exit::DONE };
    if common.format == Format::Json {
        common.json_output().write_json(&answers.into())?;
        return Ok(code);
    }
    let row =
        |one: &Value| COLUMNS.iter().map(|name| Cell::from_json(&one[*name]).into_text()).collect();
    let rows = answers.iter().map(row);
    common.write_texts(&COLUMNS, rows).await?;
    Ok(code)
}

/// What the ledger says, opened for this.
async fn verified(common: &Common, codes: &[&str]) -> Result<Vec<Value>> {
    let hub = Hub::open_for_writing(common).await?;
    let rules = scan_rules(&hub.config)?;
    let ledger = Ledger::open(&hub, Bounds::COMMAND).await?;
    let models = Models::load(&hub)?;
    let known = Knowledge::load(&models.files, &models.scope(&hub, Utc::now())).await?;
    let verifier = Verifier {
        known: &known,
        rules: &hub.config.rules.verify,
        regions: &hub.regions,
        zone: hub.config.hub.time_zone,
        now_us: Utc::now().timestamp_micros(),
    };
    let mut answers = Vec::with_capacity(codes.len());
    for asked in codes {
        let code = rules.codes().normalize(asked);
        let history = ledger.index().history(&code, verifier.now_us, &known)?;
        answers.push(verifier.verify(asked, history.as_ref(), None).into_json(true));
    }
    Ok(answers)
}
