//! Functions of region codes and addresses.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Date32Type};
use chrono::{Datelike, Duration, NaiveDate};
use datafusion::logical_expr::ScalarUDF;
use yuanliu_regions::{Level, RegionTable, Resolver};

use crate::options::FunctionOptions;
use crate::scalar::{as_text, map_text, scalar};

const TEXT: DataType = DataType::Utf8;

pub(crate) fn functions(options: &FunctionOptions) -> Vec<ScalarUDF> {
    let regions = || Arc::clone(&options.places.regions);
    let (resolver, witness) =
        (Arc::clone(&options.places.resolver), Arc::clone(&options.places.resolver));
    let (levels, levelled, todays, covering, then) =
        (regions(), regions(), regions(), regions(), regions());
    vec![
        scalar("resolve_region", vec![TEXT], TEXT, move |arguments| {
            Ok(Arc::new(resolve(&as_text(&arguments[0])?, &resolver)) as ArrayRef)
        }),
        scalar("region_evidence", vec![TEXT], TEXT, move |arguments| {
            let addresses = as_text(&arguments[0])?;
            let told: StringArray =
                addresses.iter().map(|address| evidence(address?, &witness)).collect();
            Ok(Arc::new(told) as ArrayRef)
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
        scalar("region_on", vec![TEXT, DataType::Date32], TEXT, move |arguments| {
            Ok(Arc::new(on(arguments, &then)?) as ArrayRef)
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

/// What the resolution of an address rests on: level, kind and words of each of its parts.
fn evidence(address: &str, resolver: &Resolver) -> Option<String> {
    let found = resolver.resolve(address)?;
    let parts = found.evidence().map(|part| {
        let words = address.get(part.start..part.end).unwrap_or_default();
        format!("{} {} {words}", part.level, part.kind.as_str())
    });
    Some(parts.collect::<Vec<_>>().join(", "))
}

/// The code that stood at a day for what a code names; the code itself where that is not one.
fn on(arguments: &[ArrayRef], regions: &RegionTable) -> datafusion::error::Result<StringArray> {
    let codes = as_text(&arguments[0])?;
    let dates = arguments[1].as_primitive::<Date32Type>();
    let mut found = StringBuilder::new();
    // Codes change with the year, and a column repeats its codes.
    let mut known: HashMap<(&str, i32), &str> = HashMap::new();
    for (code, day) in codes.iter().zip(dates) {
        let Some(code) = code else {
            found.append_null();
            continue;
        };
        let Some(day) = day.and_then(date) else {
            found.append_value(code);
            continue;
        };
        let then = known.entry((code, day.year())).or_insert_with(|| {
            match regions.codes_at(code, day).as_slice() {
                [one] => *one,
                _ => code,
            }
        });
        found.append_value(*then);
    }
    Ok(found.finish())
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

#[cfg(test)]
mod tests {
    use arrow::array::{Array, Date32Array};

    use super::*;

    #[test]
    fn a_code_of_today_is_named_as_it_was() {
        let table = RegionTable::embedded().unwrap();
        let day = |text: &str| {
            let date: NaiveDate = text.parse().unwrap();
            i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).unwrap()
        };
        // Moved to another prefecture in 2016; the same all the time; one of today that was two; unknown; none.
        let cases = [
            (Some("510185"), Some(day("2010-05-01")), Some("512081")),
            (Some("510185"), Some(day("2020-05-01")), Some("510185")),
            (Some("330106"), Some(day("2025-05-01")), Some("330106")),
            (Some("130521"), Some(day("2022-05-01")), Some("130521")),
            (Some("123456"), Some(day("2025-05-01")), Some("123456")),
            (Some("510185"), None, Some("510185")),
            (None, Some(day("2025-05-01")), None),
        ];
        let codes: StringArray = cases.iter().map(|(code, _, _)| *code).collect();
        let days: Date32Array = cases.iter().map(|(_, day, _)| *day).collect();
        let arguments: [ArrayRef; 2] = [Arc::new(codes), Arc::new(days)];
        let found = on(&arguments, &table).unwrap();
        for (row, (code, day, expected)) in cases.iter().enumerate() {
            let found = (!found.is_null(row)).then(|| found.value(row));
            assert_eq!(found, *expected, "{code:?} at {day:?}");
        }
    }
}
