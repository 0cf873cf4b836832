//! `yuanliu report NAME`.

use std::collections::BTreeMap;
use std::ffi::OsString;

use anyhow::Result;
use chrono::Utc;

use super::args::{Common, Grain, Level, Regions, ReportArgs, parse_instant, parse_report};
use crate::exit::{self, UsageError};
use crate::hub::Hub;
use crate::models::Models;
use crate::output::{Format, Output};
use crate::report::{Question, Reports, models_read, scope_as_of};
use crate::settlement;

pub(super) async fn run(common: &Common, args: ReportArgs) -> Result<u8> {
    let hub = Hub::open(common).await?;
    let models = Models::load(&hub)?;
    let reports = Reports::load(&models.files)?;
    if args.name == "list" {
        let rows = reports.all().map(|r| vec![r.name.clone(), r.dimensions.join(" ")]);
        common.write_texts(&["report", "dimensions"], rows).await?;
        return Ok(exit::DONE);
    }
    let report = reports.find(&args.name)?;
    let zone = hub.config.hub.time_zone;
    let as_of = args.as_of.as_deref().map(|text| parse_instant(text, zone)).transpose()?;
    let question = Question {
        from: args.from,
        to: args.to,
        grain: args.grain.map(grain),
        level: args.level.map(level),
        regions: args.regions.map(regions),
        by: args.by,
        system: args.system,
        filters: filters(&args.filter)?,
        ..Question::default()
    };
    report.check(&question)?;
    let is_settlement = report.name == settlement::SUMMARY && common.format == Format::Xlsx;
    let mut texts = vec![report.sql()];
    if is_settlement {
        for (name, _) in settlement::SHEETS {
            texts.push(reports.find(name)?.sql());
        }
    }
    // The marts stand for now; an earlier instant needs its own.
    let earlier = match as_of {
        Some(as_of) => {
            let wanted = models_read(&models, texts.into_iter());
            Some(scope_as_of(&hub, &models, wanted, as_of, common.is_quiet()).await?)
        }
        None => None,
    };
    let now = models.scope(&hub, Utc::now());
    let scope = earlier.as_ref().map_or(&now, |(scope, _)| scope);
    let rows = report.answer(scope, &question).await?;
    let output = common.output(zone);
    if is_settlement {
        settlement::write(&output, &reports, scope, &question, rows).await?;
    } else {
        output.write_rows(rows.schema(), rows).await?;
    }
    Ok(exit::DONE)
}

/// Writes a report by name, with its parameters as written in `jobs.toml`; how many rows.
pub(crate) async fn ask_report(
    hub: &Hub,
    models: &Models,
    name: &str,
    parameters: &[(String, String)],
    output: &Output,
) -> Result<u64> {
    let reports = Reports::load(&models.files)?;
    let report = reports.find(name)?;
    let mut line = vec!["yuanliu".to_owned(), "report".to_owned(), name.to_owned()];
    for (key, value) in parameters {
        line.extend([format!("--{}", key.replace('_', "-")), value.clone()]);
    }
    let line = with_dimension_filters(line.into_iter().map(Into::into).collect());
    let args = parse_report(line)?;
    let question = Question {
        from: args.from,
        to: args.to,
        grain: args.grain.map(grain),
        level: args.level.map(level),
        regions: args.regions.map(regions),
        by: args.by,
        system: args.system,
        filters: filters(&args.filter)?,
        ..Question::default()
    };
    report.check(&question)?;
    let scope = models.scope(hub, Utc::now());
    let rows = report.answer(&scope, &question).await?;
    if name == settlement::SUMMARY && output.format == Format::Xlsx {
        settlement::write(output, &reports, &scope, &question, rows).await?;
        return Ok(0);
    }
    output.write_rows(rows.schema(), rows).await
}

fn grain(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Total => "total",
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Province => "province",
        Level::City => "city",
        Level::County => "county",
    }
}

fn regions(regions: Regions) -> &'static str {
    match regions {
        Regions::Then => "then",
        Regions::Today => "today",
    }
}

fn filters(written: &[String]) -> Result<BTreeMap<String, String>, UsageError> {
    let pairs = written.iter().map(|text| match text.split_once('=') {
        Some((column, value)) => Ok((column.replace('-', "_"), value.to_owned())),
        None => Err(UsageError(format!("--filter {text}: write COLUMN=VALUE"))),
    });
    pairs.collect()
}

/// Options of `report` that are not dimensions.
const OPTIONS: [&str; 15] = [
    "from", "to", "as-of", "grain", "level", "regions", "by", "system", "filter", "config",
    "format", "output", "quiet", "verbose", "help",
];

/// Rewrites `--dealer-code D1` after `report` as `--filter dealer_code=D1`: which dimensions there
/// are is known by the report's SQL file only.
pub(super) fn with_dimension_filters(arguments: Vec<OsString>) -> Vec<OsString> {
    let Some(report) = arguments.iter().position(|argument| argument == "report") else {
        return arguments;
    };
    let mut rewritten: Vec<OsString> = arguments[..=report].to_vec();
    let mut rest = arguments[report + 1..].iter();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy();
        let Some(option) = text.strip_prefix("--") else {
            rewritten.push(argument.clone());
            continue;
        };
        let (name, inline) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option, None),
        };
        if name.is_empty()
            || OPTIONS.contains(&name)
            || OPTIONS.contains(&name.replace('_', "-").as_str())
        {
            rewritten.push(argument.clone());
            continue;
        }
        let value = inline.or_else(|| rest.next().map(|v| v.to_string_lossy().into_owned()));
        rewritten.push("--filter".into());
        let column = name.replace('-', "_");
        rewritten.push(value.map_or(column.clone(), |value| format!("{column}={value}")).into());
    }
    rewritten
}

#[cfg(test)]
mod tests {
    use super::with_dimension_filters;

    #[test]
    fn unknown_options_of_a_report_become_filters() {
        let cases = [
            (
                "yuanliu report sightings --dealer-code D1 --format csv",
                "yuanliu report sightings --filter dealer_code=D1 --format csv",
            ),
            (
                "yuanliu --quiet report regional-sales --level=city --region_code=110000",
                "yuanliu --quiet report regional-sales --level=city --filter region_code=110000",
            ),
            ("yuanliu sql x --y z", "yuanliu sql x --y z"),
            ("yuanliu report r --as-of 2026-01-01", "yuanliu report r --as-of 2026-01-01"),
        ];
        for (given, expected) in cases {
            let given = given.split(' ').map(Into::into).collect();
            let found: Vec<_> = with_dimension_filters(given)
                .into_iter()
                .map(|a| a.to_string_lossy().into_owned())
                .collect();
            assert_eq!(found.join(" "), expected);
        }
    }
}
