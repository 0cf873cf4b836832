//! The schema `reference`: region codes through time, and the connected systems.

use std::sync::Arc;

use anyhow::Result;
use arrow::array::{ArrayRef, Date32Array, StringArray};
use arrow::datatypes::Date32Type;
use yuanliu_regions::RegionTable;
use yuanliu_warehouse::MemorySource;

use super::rules::table;
use crate::config::Config;

/// `reference.region`: one row per code and period of validity.
pub(super) fn regions(regions: &RegionTable) -> Result<MemorySource> {
    let rows: Vec<_> = regions.rows().collect();
    let texts = |value: fn(&yuanliu_regions::Region<'_>) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(value).collect::<StringArray>())
    };
    let to_day = |date| Date32Type::from_naive_date(date);
    let from: Date32Array = rows.iter().map(|row| Some(to_day(row.valid_from))).collect();
    let to: Date32Array = rows.iter().map(|row| row.valid_to.map(to_day)).collect();
    table(
        "reference.region",
        vec![
            ("region_code", texts(|row| Some(row.region_code.to_owned()))),
            ("name", texts(|row| Some(row.name.to_owned()))),
            ("level", texts(|row| Some(row.level.as_str().to_owned()))),
            ("parent_code", texts(|row| row.parent_code.map(str::to_owned))),
            ("valid_from", Arc::new(from)),
            ("valid_to", Arc::new(to)),
        ],
    )
}

/// `reference.system`: name, kind and default organisation of every configured system.
pub(super) fn systems(config: &Config) -> Result<MemorySource> {
    let systems = &config.systems;
    let names: StringArray = systems.iter().map(|system| Some(system.name.as_str())).collect();
    let kinds: StringArray = systems.iter().map(|system| Some(system.kind.as_str())).collect();
    let organisations: StringArray =
        systems.iter().map(|system| system.organisation.as_deref()).collect();
    table(
        "reference.system",
        vec![
            ("system", Arc::new(names)),
            ("kind", Arc::new(kinds)),
            ("default_organisation", Arc::new(organisations)),
        ],
    )
}
