//! `yuanliu recall`.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::args::{Common, RecallArgs, parse_instant, parse_start};
use crate::exit::{self, UsageError};
use crate::hub::Hub;
use crate::models::Models;
use crate::output::{Format, Output};
use crate::recall::{Asked, Recall, parts};
use crate::report::{models_read, scope_as_of};

pub(super) async fn run(common: &Common, args: RecallArgs) -> Result<u8> {
    let codes_format = args.codes.as_deref().map(format_of).transpose()?;
    let hub = Hub::open(common).await?;
    let models = Models::load(&hub)?;
    let zone = hub.config.hub.time_zone;
    let asked = asked(&args, zone)?;
    let as_of = args.as_of.as_deref().map(|text| parse_instant(text, zone)).transpose()?;
    let earlier = match as_of {
        Some(as_of) => {
            let texts = models.files.in_folder("recall").map(|(_, file)| file.text.as_str());
            let wanted = models_read(&models, texts);
            Some(scope_as_of(&hub, &models, wanted, as_of, common.is_quiet()).await?)
        }
        None => None,
    };
    let as_of = as_of.unwrap_or_else(Utc::now);
    let now = models.scope(&hub, as_of);
    let scope = earlier.as_ref().map_or(&now, |(scope, _)| scope);
    let mut recall = Recall::find(&models.files, scope, &asked, zone).await?;
    let answer = recall.answer(as_of).await?;
    if let (Some(file), Some(format)) = (args.codes, codes_format) {
        let rows = recall.codes().await?;
        let output = Output { format, file: Some(file), zone };
        output.write_rows(rows.schema(), rows).await?;
    }
    match common.format {
        Format::Json => common.json_output().write_json(&answer)?,
        Format::Xlsx => {
            let codes = recall.codes().await?;
            common.output(zone).write_book(parts(&answer), "codes", codes).await?;
        }
        Format::Table | Format::Csv => common.output(zone).write_parts(parts(&answer))?,
    }
    if recall.is_empty().await? {
        eprintln!("{}", asked.not_found());
        return Ok(exit::PROBLEMS);
    }
    Ok(exit::DONE)
}

/// The combinations there are, for whoever wrote another one.
const COMBINATIONS: &str = "name one scope: --material M --lot L | --product P --batch B | \
     --work-order W | --line L --from T --to T | --codes-from A --codes-to B";

/// The one scope that the arguments name.
pub(crate) fn asked(args: &RecallArgs, zone: Tz) -> Result<Asked, UsageError> {
    let given = [
        &args.material,
        &args.lot,
        &args.product,
        &args.batch,
        &args.work_order,
        &args.line,
        &args.from,
        &args.to,
        &args.codes_from,
        &args.codes_to,
    ];
    if let Some(blank) = given.iter().find(|value| is_blank(value)) {
        return Err(UsageError(format!("a scope is empty: {blank:?}; {COMBINATIONS}")));
    }
    let given = given.map(|value| value.clone());
    match given {
        [Some(material), Some(lot), None, None, None, None, None, None, None, None] => {
            Ok(Asked::Lot { material, lot })
        }
        [None, None, Some(product), Some(batch), None, None, None, None, None, None] => {
            Ok(Asked::Batch { product, batch })
        }
        [None, None, None, None, Some(work_order), None, None, None, None, None] => {
            Ok(Asked::WorkOrder { work_order })
        }
        [None, None, None, None, None, Some(line), Some(from), Some(to), None, None] => {
            let (from, to) = window(&from, &to, zone)?;
            Ok(Asked::Line { line, from, to })
        }
        [None, None, None, None, None, None, None, None, Some(from), Some(to)] => {
            Ok(Asked::Codes { from, to })
        }
        _ => Err(UsageError(COMBINATIONS.to_owned())),
    }
}

fn is_blank(value: &Option<String>) -> bool {
    value.as_deref().is_some_and(|text| text.trim().is_empty())
}

fn window(from: &str, to: &str, zone: Tz) -> Result<(DateTime<Utc>, DateTime<Utc>), UsageError> {
    let (start, end) = (parse_start(from, zone)?, parse_instant(to, zone)?);
    if start > end {
        return Err(UsageError(format!("--from {from} lies after --to {to}")));
    }
    Ok((start, end))
}

fn format_of(file: &Path) -> Result<Format, UsageError> {
    let extension = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match extension.as_str() {
        "csv" => Ok(Format::Csv),
        "xlsx" => Ok(Format::Xlsx),
        _ => Err(UsageError(format!(
            "--codes {}: the file's name ends neither in .csv nor in .xlsx",
            file.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(words: &str) -> Result<Asked, UsageError> {
        let mut args = RecallArgs::default();
        for (name, value) in words.split_whitespace().filter_map(|word| word.split_once('=')) {
            let value = Some(value.to_owned());
            match name {
                "material" => args.material = value,
                "lot" => args.lot = value,
                "product" => args.product = value,
                "batch" => args.batch = value,
                "work_order" => args.work_order = value,
                "line" => args.line = value,
                "from" => args.from = value,
                "to" => args.to = value,
                "codes_from" => args.codes_from = value,
                "codes_to" => args.codes_to = value,
                other => unreachable!("{other}"),
            }
        }
        asked(&args, chrono_tz::Asia::Shanghai)
    }

    #[test]
    fn a_day_is_taken_from_its_beginning_to_its_end() {
        let Ok(Asked::Line { from, to, .. }) = scope("line=L1 from=2026-03-01 to=2026-03-01")
        else {
            panic!("no line");
        };
        assert_eq!(from.to_rfc3339(), "2026-02-28T16:00:00+00:00");
        assert_eq!(to.to_rfc3339(), "2026-03-01T15:59:59.999999+00:00");
    }

    #[test]
    fn other_combinations_are_refused_with_those_there_are() {
        let wrong = [
            "",
            "material=M",
            "lot=L",
            "material=M batch=B",
            "product=P batch=B work_order=W",
            "line=L from=2026-03-01",
            "codes_from=A",
            "work_order=W from=2026-03-01 to=2026-03-02",
            "product=P batch=",
        ];
        for words in wrong {
            let Err(UsageError(told)) = scope(words) else { panic!("{words} is taken") };
            assert!(told.contains("--material M --lot L | --product P"), "{words}: {told}");
        }
        assert!(scope("line=L from=2026-03-02 to=2026-03-01").is_err());
        assert!(scope("line=L from=yesterday to=2026-03-01").is_err());
    }
}
