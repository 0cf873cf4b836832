//! Points per second on one core, and how many a border leaves in doubt.

use std::hint::black_box;
use std::io::Write;

use yuanliu_regions::{Level, RegionMap, RegionTable};

use super::Failure;
use super::answer::processor_seconds;
use super::set::own_file;

const ROUNDS: u32 = 20;

#[derive(serde::Deserialize)]
struct Label {
    code: String,
    lng: Option<f64>,
    lat: Option<f64>,
}

/// Asks for the label point of every region, moved by up to three kilometres.
pub(crate) fn measure(out: &mut impl Write, table: &RegionTable) -> Result<(), Failure> {
    let started = processor_seconds();
    let map = RegionMap::embedded(table)?;
    writeln!(out, "map of {} regions loaded in {:.2} s", map.len(), processor_seconds() - started)?;
    let mut points = Vec::new();
    for label in csv::Reader::from_path(own_file("data/regions.csv"))?.deserialize() {
        let Label { code, lng, lat } = label?;
        if let (Some(lng), Some(lat)) = (lng, lat) {
            let seed = super::set::hash(&code);
            let moved = |at: f64, bits: u64| at + ((bits % 600) as f64 - 300.0) * 1e-4;
            points.push((moved(lng, seed >> 8), moved(lat, seed >> 30)));
        }
    }
    for accuracy_m in [0.0, 50.0, 1_000.0] {
        let started = processor_seconds();
        let mut counties = 0_u32;
        for _ in 0..ROUNDS {
            for (lng, lat) in &points {
                let found = black_box(map.locate(black_box(*lng), black_box(*lat), accuracy_m));
                counties += u32::from(found.is_some_and(|found| found.level == Level::County));
            }
        }
        let asked = f64::from(ROUNDS) * points.len() as f64;
        writeln!(
            out,
            "accurate to {accuracy_m} m: {:.0} points/s, {:.1} % at county level",
            asked / (processor_seconds() - started).max(0.01),
            100.0 * f64::from(counties) / asked,
        )?;
    }
    Ok(())
}
