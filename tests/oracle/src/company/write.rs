//! A company as the files the hub reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::Company;

/// Writes the canonical tables as CSV files into a folder.
pub fn tables(company: &Company, folder: &Path) {
    std::fs::create_dir_all(folder).expect("the folder");
    for (name, rows) in &company.tables {
        let columns: BTreeSet<&String> = rows.iter().flat_map(|row| row.0.keys()).collect();
        let mut file =
            csv::Writer::from_path(folder.join(format!("{name}.csv"))).expect("the file");
        file.write_record(&columns).expect("the header");
        for row in rows {
            file.write_record(columns.iter().map(|column| row.get(column))).expect("a row");
        }
        file.flush().expect("the file");
    }
}

/// The scans in disorder, in so many files of JSON Lines: half of them in the first, the rest in equal parts, so that late
/// ones reach some rows of what was built before.
pub fn batches(company: &Company, seed: u64, count: usize) -> Vec<String> {
    let mut records = company.records.clone();
    records.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut files = vec![String::new(); count];
    let first = if count > 1 { records.len() / 2 } else { records.len() };
    for (place, record) in records.iter().enumerate() {
        let file = if place < first { 0 } else { 1 + place % (count - 1) };
        writeln!(files[file], "{record}").expect("text");
    }
    files
}

/// The rules that speak of the company.
pub fn rules(company: &Company) -> String {
    let list = |list: &[String]| format!("{list:?}");
    let buffer = company.buffer.iter().map(|(dealer, regions)| format!("{dealer} = {regions:?}"));
    let mut sections: BTreeMap<&str, String> = BTreeMap::new();
    sections.insert(
        "codes",
        format!(
            "placeholders = {}\ntest_codes = {}",
            list(&company.placeholders),
            list(&company.test_codes)
        ),
    );
    let buffer: Vec<_> = buffer.collect();
    let regions: BTreeSet<_> = company.visitors.iter().map(|(region, _)| region).collect();
    let visitors = regions.into_iter().map(|region| {
        let given = company.visitors.iter().filter(|(one, _)| one == region);
        // One entry without days is the whole year.
        let spans: Option<Vec<_>> =
            given.map(|(_, days)| days.map(|(from, to)| format!("{from}/{to}"))).collect();
        format!("{region} = {:?}", spans.unwrap_or_default())
    });
    let visitors: Vec<_> = visitors.collect();
    sections.insert(
        "diversion",
        format!(
            "national_channels = [\"ecommerce\"]\nstaff_devices = {}\nbuffer_regions = {{ {} }}\n\
             visitor_regions = {{ {} }}",
            list(&company.staff_devices),
            buffer.join(", "),
            visitors.join(", ")
        ),
    );
    sections.iter().map(|(name, text)| format!("[{name}]\n{text}\n")).collect()
}
