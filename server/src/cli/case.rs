//! `yuanliu case`: the file of one diversion case.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::Utc;

use super::args::{CaseArgs, Common, parse_instant};
use crate::case::{Answered, PARTS, object, parts};
use crate::exit;
use crate::hub::Hub;
use crate::models::Models;
use crate::output::{Format, instant};
use crate::report::{Question, Reports, models_read, scope_as_of};

pub(super) async fn run(common: &Common, args: CaseArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let models = Models::load(&hub)?;
    let reports = Reports::load(&models.files)?;
    let zone = hub.config.hub.time_zone;
    let as_of = args.as_of.as_deref().map(|text| parse_instant(text, zone)).transpose()?;
    let mut found = Vec::new();
    for (name, report) in PARTS {
        found.push((name, reports.find(report)?));
    }
    let earlier = match as_of {
        Some(as_of) => {
            let wanted = models_read(&models, found.iter().map(|(_, report)| report.sql()));
            Some(scope_as_of(&hub, &models, wanted, as_of, common.is_quiet()).await?)
        }
        None => None,
    };
    let as_of = as_of.unwrap_or_else(Utc::now);
    let now = models.scope(&hub, as_of);
    let scope = earlier.as_ref().map_or(&now, |(scope, _)| scope);
    let question = question(&args);
    let mut answered = Vec::new();
    for (name, report) in found {
        answered.push(Answered::read(scope, name, report, &question, zone).await?);
    }
    let is_there = answered.first().is_some_and(|case| !case.rows.is_empty());
    let as_of = instant(as_of.timestamp_micros(), zone);
    match common.format {
        Format::Json => common.json_output().write_json(&object(&answered, as_of))?,
        Format::Xlsx => common.output(zone).write_sheets(parts(answered, as_of))?,
        Format::Table | Format::Csv => common.output(zone).write_parts(parts(answered, as_of))?,
    }
    if !is_there {
        eprintln!(
            "there is no case of dealer {}, product {}, destination {}, month {}; \
             `yuanliu report diversion-cases` lists those there are",
            args.dealer_code, args.product_code, args.destination_region, args.month
        );
        return Ok(exit::PROBLEMS);
    }
    Ok(exit::DONE)
}

fn question(args: &CaseArgs) -> Question {
    let named = [
        ("dealer_code", &args.dealer_code),
        ("product_code", &args.product_code),
        ("destination_region", &args.destination_region),
        ("month", &args.month),
    ];
    let filters: BTreeMap<String, String> =
        named.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    Question { filters, ..Question::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_product_asks_for_the_case_without_one() {
        let args = CaseArgs {
            dealer_code: "D1".to_owned(),
            product_code: String::new(),
            destination_region: "430102".to_owned(),
            month: "2026-03".to_owned(),
            as_of: None,
        };
        assert_eq!(question(&args).filters["product_code"], "");
        assert_eq!(question(&args).filters.len(), 4);
    }
}
