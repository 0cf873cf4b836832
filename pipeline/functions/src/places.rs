//! Functions of region codes and addresses.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, StringArray};
use arrow::datatypes::{DataType, Date32Type};
use chrono::{Duration, NaiveDate};
use datafusion::logical_expr::ScalarUDF;
use yuanliu_regions::{Level, RegionTable, Resolver};

use crate::options::FunctionOptions;
use crate::scalar::{as_text, map_text, scalar};

const TEXT: DataType = DataType::Utf8;

pub(crate) fn functions(options: &FunctionOptions) -> Vec<ScalarUDF> {
    let regions = || Arc::clone(&options.regions);
    let resolver = Arc::clone(&options.resolver);
    let (levels, levelled, todays, covering) = (regions(), regions(), regions(), regions());
    vec![
        scalar("resolve_region", vec![TEXT], TEXT, move |arguments| {
            Ok(Arc::new(resolve(&as_text(&arguments[0])?, &resolver)) as ArrayRef)
        }),
        scalar("region_level", vec![TEXT], TEXT, move |arguments| {
            let codes = as_text(&arguments[0])?;
            let level = |code| levels.get(code).map(|region| region.level.as_str());
            let found: StringArray = codes.iter().map(|code| code.and_then(level)).collect();
            Ok(Arc::new(found))
        }),
        scalar("region_at", vec![TEXT, TEXT], TEXT, move |arguments| {
            let (codes, levels) = (as_text(&arguments[0])?, as_text(&arguments[1])?);
            let found: StringArray = codes
                .iter()
                .zip(levels.iter())
                .map(|(code, level)| levelled.at_level(code?, Level::parse(level?)?))
                .collect();
            Ok(Arc::new(found))
        }),
        scalar("region_today", vec![TEXT], TEXT, move |arguments| {
            let codes = as_text(&arguments[0])?;
            Ok(Arc::new(map_text(&codes, |code| Some(todays.today(code)))))
        }),
        scalar("region_covers", vec![TEXT, TEXT, DataType::Date32], DataType::Boolean, {
            move |arguments| Ok(Arc::new(covers(arguments, &covering)?) as ArrayRef)
        }),
    ]
}

/// Resolves a batch of addresses; master data and scans repeat theirs, so each is read once.
fn resolve(addresses: &StringArray, resolver: &Resolver) -> StringArray {
    let mut known: HashMap<&str, Option<&str>> = HashMap::new();
    addresses
        .iter()
        .map(|address| {
            let address = address?;
            *known.entry(address).or_insert_with(|| resolver.resolve(address).map(|r| r.code))
        })
        .collect()
}

fn covers(
    arguments: &[ArrayRef],
    regions: &RegionTable,
) -> datafusion::error::Result<BooleanArray> {
    let (outer, inner) = (as_text(&arguments[0])?, as_text(&arguments[1])?);
    let dates = arguments[2].as_primitive::<Date32Type>();
    let covers = outer
        .iter()
        .zip(inner.iter())
        .zip(dates)
        .map(|((outer, inner), day)| Some(regions.covers(outer?, inner?, date(day?)?)))
        .collect();
    Ok(covers)
}

fn date(day: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(Duration::days(i64::from(day)))
}
