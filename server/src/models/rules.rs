//! The schema `rules`: the thresholds of `rules.toml` as tables.

use std::sync::Arc;

use anyhow::Result;
use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{Date32Type, Field, Schema};
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;
use yuanliu_warehouse::MemorySource;

use crate::config::{RulesConfig, VisitorRegion};

/// All rule tables.
pub(super) fn tables(rules: &RulesConfig) -> Result<Vec<MemorySource>> {
    let (dealers, buffers): (Vec<_>, Vec<_>) = rules
        .buffer_regions
        .iter()
        .flat_map(|(dealer, regions)| regions.iter().map(move |r| (dealer.clone(), r.clone())))
        .unzip();
    Ok(vec![
        table("rules.version", vec![("rule_version", texts([rules.version.clone()]))])?,
        table("rules.sighting", vec![("gps_accuracy_max_m", whole([rules.gps_accuracy_max_m]))])?,
        table(
            "rules.diversion",
            vec![
                ("min_items", whole([rules.min_items])),
                ("rate_limit", fractions([rules.rate_limit])),
                ("confidence", fractions([rules.confidence])),
            ],
        )?,
        table("rules.national_channel", vec![("channel", texts(rules.national_channels.clone()))])?,
        table(
            "rules.buffer_region",
            vec![("dealer_code", texts(dealers)), ("region_code", texts(buffers))],
        )?,
        visitor_regions(&rules.visitor_regions)?,
        table("rules.staff_device", vec![("device_id", texts(rules.staff_devices.clone()))])?,
        table("rules.placeholder", vec![("code", texts(rules.placeholders.clone()))])?,
        table("rules.test_code", vec![("code", texts(rules.test_codes.clone()))])?,
        table(
            "rules.promoter",
            vec![
                ("retry_s", whole([rules.promoter.retry_s])),
                ("burst_items", whole([rules.promoter.burst_items])),
                ("burst_window_s", whole([rules.promoter.burst_window_s])),
                ("hold_h", whole([rules.promoter.hold_h])),
                ("radius_m", whole([rules.promoter.radius_m])),
            ],
        )?,
        table("rules.recall", vec![("transit_days", whole([rules.transit_days]))])?,
        table(
            "rules.upload_sla",
            vec![
                (
                    "event_type",
                    texts(rules.upload_sla_s.keys().map(|name| name.as_str().to_owned())),
                ),
                ("sla_s", whole(rules.upload_sla_s.values().copied())),
            ],
        )?,
    ])
}

/// A row for every span of days; without days a region always has visitors.
fn visitor_regions(regions: &[VisitorRegion]) -> Result<MemorySource> {
    let day = |of: fn((NaiveDate, NaiveDate)) -> NaiveDate| -> ArrayRef {
        let days =
            regions.iter().map(|region| region.days.map(of).map(Date32Type::from_naive_date));
        Arc::new(Date32Array::from_iter(days))
    };
    let columns = vec![
        ("region_code", texts(regions.iter().map(|region| region.region_code.clone()))),
        ("valid_from", day(|(from, _)| from)),
        ("valid_to", day(|(_, to)| to)),
    ];
    table("rules.visitor_region", columns)
}

/// A table in memory whose version is its content.
pub(super) fn table(name: &str, columns: Vec<(&str, ArrayRef)>) -> Result<MemorySource> {
    let fields: Vec<_> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays)?;
    let version = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(format!("{batch:?}").as_bytes()));
    Ok(MemorySource { name: name.parse()?, schema, batches: vec![batch], version })
}

fn texts(values: impl IntoIterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn whole(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn fractions(values: impl IntoIterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}
