//! `yuanliu systems list|check|discover|preview|drift`.

use anyhow::Result;
use serde_json::json;
use yuanliu_contract::{CheckReport, System};
use yuanliu_engine::retry::with_policy;

use super::args::{Common, DiscoverArgs, OneSystem, PreviewArgs, SystemsCommand};
use crate::adapters::SystemClock;
use crate::config::{Config, SystemConfig};
use crate::exit::{self, UsageError};
use crate::hub::open_system;
use crate::output::Format;

pub(super) async fn run(common: &Common, command: SystemsCommand) -> Result<u8> {
    let config = Config::load(&common.config)?;
    match command {
        SystemsCommand::List => list(common, &config).await,
        SystemsCommand::Check(args) => check(common, &config, args).await,
        SystemsCommand::Discover(args) => discover(common, &config, args).await,
        SystemsCommand::Preview(args) => preview(common, &config, args).await,
        SystemsCommand::Drift(args) => super::drift::run(common, args).await,
    }
}

async fn list(common: &Common, config: &Config) -> Result<u8> {
    let mut rows = Vec::new();
    for system in &config.systems {
        let streams = match open_system(system) {
            Ok(opened) => {
                opened.streams().into_iter().map(|s| s.name).collect::<Vec<_>>().join(" ")
            }
            Err(_) => String::new(),
        };
        rows.push(vec![
            system.name.clone(),
            system.kind.clone(),
            system.enabled.to_string(),
            streams,
        ]);
    }
    common.write_texts(&["system", "kind", "enabled", "streams"], rows.into_iter()).await?;
    Ok(exit::DONE)
}

/// The system called by name, or all that are switched on.
pub(super) fn chosen<'a>(
    config: &'a Config,
    name: Option<&str>,
) -> Result<Vec<&'a SystemConfig>, UsageError> {
    let Some(name) = name else {
        return Ok(config.systems.iter().filter(|system| system.enabled).collect());
    };
    let system = config.system(name).map_err(UsageError)?;
    if !system.enabled {
        return Err(UsageError(format!(
            "the system `{name}` is switched off; set enabled = true in systems/{name}.toml"
        )));
    }
    Ok(vec![system])
}

async fn check(common: &Common, config: &Config, args: OneSystem) -> Result<u8> {
    let mut code = exit::DONE;
    let mut answers = serde_json::Map::new();
    let mut rows = Vec::new();
    for system in chosen(config, args.system.as_deref())? {
        let opened = open_system(system)?;
        let report = match with_policy(&SystemClock, || opened.check()).await {
            Ok(report) => report,
            Err(error) if args.system.is_none() => {
                code = code.max(exit::of_kind(error.kind));
                let mut report = CheckReport::default();
                let hint = error.hint.clone();
                let hint =
                    hint.unwrap_or(yuanliu_engine::policy::directive(error.kind).hint.to_owned());
                report.fail("login", exit::chain(&error.into()), hint);
                report
            }
            Err(error) => return Err(error.into()),
        };
        if !report.is_ok() {
            code = code.max(exit::PROBLEMS);
        }
        for item in &report.items {
            rows.push(vec![
                system.name.clone(),
                item.what.clone(),
                if item.ok { "ok" } else { "problem" }.to_owned(),
                item.detail.clone(),
                item.hint.clone().unwrap_or_default(),
            ]);
        }
        answers.insert(system.name.clone(), serde_json::to_value(&report)?);
    }
    if common.format == Format::Json {
        common.json_output().write_json(&answers.into())?;
    } else {
        let header = ["system", "what", "result", "found", "what to do"];
        common.write_texts(&header, rows.into_iter()).await?;
    }
    Ok(code)
}

async fn discover(common: &Common, config: &Config, args: DiscoverArgs) -> Result<u8> {
    let chosen = chosen(config, Some(&args.system))?;
    let opened = open_system(chosen[0])?;
    let mut objects = with_policy(&SystemClock, || opened.discover()).await?;
    objects.retain(|o| args.object.as_ref().is_none_or(|part| o.name.contains(part)));
    for object in &mut objects {
        object.fields.retain(|field| field.is_custom || !args.custom);
    }
    if common.format == Format::Json {
        common.json_output().write_json(&serde_json::to_value(&objects)?)?;
        return Ok(exit::DONE);
    }
    let rows = objects.into_iter().flat_map(|object| {
        let stream = object.stream.unwrap_or_default();
        let name = object.name;
        object.fields.into_iter().map(move |field| {
            vec![
                name.clone(),
                stream.clone(),
                field.name,
                field.title,
                field.data_type,
                if field.is_custom { "custom" } else { "" }.to_owned(),
                if field.is_read { "read" } else { "" }.to_owned(),
            ]
        })
    });
    let header = ["object", "stream", "field", "title", "type", "custom", "read"];
    common.write_texts(&header, rows).await?;
    Ok(exit::DONE)
}

async fn preview(common: &Common, config: &Config, args: PreviewArgs) -> Result<u8> {
    let chosen = chosen(config, Some(&args.system))?;
    let opened = open_system(chosen[0])?;
    require_stream(&*opened, &args.system, &args.stream)?;
    let shown = with_policy(&SystemClock, || opened.preview(&args.stream, args.rows)).await?;
    let mapped =
        crate::models::mapped_preview(config, chosen[0], &args.stream, &shown.rows.batch).await?;
    let zone = config.hub.time_zone;
    let rejected: Vec<_> = shown
        .rows
        .rejects
        .iter()
        .map(|r| json!({"position": r.position, "reason": r.reason, "message": r.message, "payload": r.payload}))
        .collect();
    let raw: Vec<serde_json::Value> = shown
        .raw
        .iter()
        .map(|row| serde_json::from_str(row).unwrap_or_else(|_| json!(row)))
        .collect();
    let answer = json!({
        "raw": raw,
        "typed": crate::output::batch_json(&shown.rows.batch, zone),
        "mapped": mapped.iter().flat_map(|b| crate::output::batch_json(b, zone)).collect::<Vec<_>>(),
        "rejected": rejected,
    });
    common.json_output().write_json(&answer)?;
    Ok(if shown.rows.rejects.is_empty() { exit::DONE } else { exit::PROBLEMS })
}

/// A stream that does not exist is told with the ones that do.
pub(super) fn require_stream(
    system: &dyn System,
    name: &str,
    stream: &str,
) -> Result<(), UsageError> {
    let known: Vec<_> = system.streams().into_iter().map(|spec| spec.name).collect();
    if known.iter().any(|known| known == stream) {
        return Ok(());
    }
    Err(UsageError(format!("{name} has no stream `{stream}`; it has: {}", known.join(", "))))
}
