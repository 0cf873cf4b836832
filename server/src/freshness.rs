//! How far the data of each report reach.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use yuanliu_contract::StreamSpec;
use yuanliu_metadata::FreshnessMark;
use yuanliu_warehouse::TableName;

use crate::drift::reports_over;
use crate::hub::{Hub, open_system};
use crate::models::Models;

/// Notes how far every report reaches after a build that began at `built_at`.
///
/// A report reaches as far as the stream that was read longest ago of all that it draws on. Scans are in
/// the lake when a build begins, so they hold nothing back.
pub(crate) async fn note(hub: &Hub, models: &Models, built_at: DateTime<Utc>) -> Result<()> {
    let read = hub.metadata.last_reads().await?;
    let drawn = drawn_on(hub, models)?;
    let mark = |(report, streams): (String, BTreeSet<(String, String)>)| {
        let oldest = streams.iter().map(|stream| (read.get(stream).copied(), &stream.0)).min();
        let (data_until, slowest) = match oldest {
            None => (Some(built_at), None),
            Some((at, system)) => (at, Some(system.clone())),
        };
        FreshnessMark { report, built_at: Some(built_at), data_until, slowest, noted_at: built_at }
    };
    let marks: Vec<_> = drawn.into_iter().map(mark).collect();
    Ok(hub.metadata.note_freshness(&marks).await?)
}

/// The streams of systems that are switched on, by the reports that draw on them.
fn drawn_on(hub: &Hub, models: &Models) -> Result<BTreeMap<String, BTreeSet<(String, String)>>> {
    let reports = models.files.in_folder("reports");
    let mut drawn: BTreeMap<String, BTreeSet<_>> =
        reports.map(|(name, _)| (name.to_owned(), BTreeSet::new())).collect();
    for system in hub.config.systems.iter().filter(|system| system.enabled) {
        let opened = open_system(system).with_context(|| format!("opening {}", system.name))?;
        let is_read = |spec: &StreamSpec| {
            system.sync.streams.is_empty() || system.sync.streams.contains(&spec.name)
        };
        for spec in opened.streams().into_iter().filter(is_read) {
            let source = TableName::new("current", &format!("{}__{}", system.mapping, spec.name))?;
            for report in reports_over(models, &BTreeSet::from([source])) {
                let streams = drawn.entry(report).or_default();
                streams.insert((system.name.clone(), spec.name.clone()));
            }
        }
    }
    Ok(drawn)
}
