//! Prints the resolver's accuracy over a labelled file and its speed on one core.
//!
//! `cargo run --release --example measure -- [FILE.csv] [--list]`: the file has the columns
//! `address,adcode,evidence`, several right codes separated by `;`. `--list` shows what is not
//! right.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use serde::Deserialize;
use yuanliu_regions::{Level, RegionTable, Resolver};

const TIMED_ADDRESSES_MIN: usize = 400_000;

#[derive(Deserialize)]
struct Labelled {
    address: String,
    adcode: String,
    evidence: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, files): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let file = files.first().map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/addresses_sample.csv"),
        PathBuf::from,
    );
    let list = flags.iter().any(|flag| flag == "--list");
    let rows: Vec<Labelled> =
        csv::Reader::from_path(&file)?.deserialize().collect::<Result<_, _>>()?;
    let started = Instant::now();
    let table = RegionTable::embedded()?;
    let resolver = Resolver::new(&table);
    let mut out = std::io::stdout().lock();
    writeln!(out, "loaded in {:?}", started.elapsed())?;

    let (mut shown, mut right, mut wrong, mut city_right) = (0_u32, 0_u32, 0_u32, 0_u32);
    for row in &rows {
        let found = resolver.resolve(&row.address);
        let code = found.map_or("", |found| found.code);
        let county = table.at_level(code, Level::County);
        let city = table.at_level(code, Level::City);
        let labels = || row.adcode.split(';');
        let is_right = labels().any(|label| Some(label) == county);
        let is_city = labels().any(|label| table.at_level(label, Level::City) == city);
        let has_county = row.evidence.starts_with("county");
        shown += u32::from(has_county);
        right += u32::from(has_county && is_right);
        wrong += u32::from(county.is_some() && !is_right);
        city_right += u32::from(is_city);
        let blank_allowed = county.is_none() && !has_county && is_city;
        if list && !is_right && !blank_allowed {
            let kind = if county.is_some() { "WRONG" } else { "blank" };
            let confidence = found.map_or(0, |found| found.confidence);
            writeln!(
                out,
                "{kind} {code} {confidence} for {} {} {}",
                row.adcode, row.evidence, row.address
            )?;
        }
    }
    let share = |part: u32, of: u32| 100.0 * f64::from(part) / f64::from(of.max(1));
    let all = u32::try_from(rows.len())?;
    writeln!(out, "rows {all}, with county evidence {shown}")?;
    writeln!(out, "county right {:.1} %", share(right, shown))?;
    writeln!(out, "county wrong {:.1} % of all rows", share(wrong, all))?;
    writeln!(out, "city right   {:.1} % of all rows", share(city_right, all))?;

    let rounds = TIMED_ADDRESSES_MIN.div_ceil(rows.len().max(1));
    let started = Instant::now();
    for _ in 0..rounds {
        for row in &rows {
            black_box(resolver.resolve(black_box(&row.address)));
        }
    }
    let rate = (rounds * rows.len()) as f64 / started.elapsed().as_secs_f64();
    writeln!(out, "{rate:.0} addresses/s")?;
    Ok(())
}
