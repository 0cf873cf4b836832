//! Measures the resolver and its peers over labelled addresses, in one run.
//!
//! `cargo run --release -p yuanliu-regions --example measure -- [--held-out | --development]
//! [--python VENV/bin/python] [--file FILE.csv] [--list]`. With `--python` the peers that are
//! installed there (`pip install cpca jionlp`) answer the same addresses. `--list` shows what the
//! resolver does not get right; `--points` measures points instead. Each program runs in a process of
//! its own.

mod answer;
mod mutate;
mod points;
mod score;
mod set;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use yuanliu_regions::RegionTable;

use answer::Peer;
use score::Score;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    if let Some(name) = value("--answer") {
        return answer::answer(&name);
    }
    let table = RegionTable::embedded()?;
    if flag("--points") {
        return points::measure(&mut std::io::stdout().lock(), &table);
    }
    let mut rows = match value("--file") {
        Some(file) => set::read(&PathBuf::from(file), "file")?,
        None => {
            let mut rows = set::read(&set::own_file("tests/data/addresses_public.csv"), "public")?;
            rows.extend(set::read(&set::own_file("tests/data/addresses_sample.csv"), "clinics")?);
            rows.extend(mutate::addresses(&table)?);
            rows
        }
    };
    rows.retain(|row| {
        !(flag("--held-out") && !row.is_held_out() || flag("--development") && row.is_held_out())
    });
    let mut peers = vec![Peer::own("yuanliu")?, Peer::own("cpca-crate")?];
    if let Some(python) = value("--python") {
        for name in ["cpca", "jionlp"] {
            peers.push(Peer::python(name, &python));
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} addresses, {} of them real\n",
        rows.len(),
        rows.iter().filter(|r| r.group == "public" || r.group == "clinics").count()
    )?;
    let mut scores = Vec::new();
    for peer in &peers {
        let addresses: Vec<&str> = rows.iter().map(|row| row.address.as_str()).collect();
        let report = peer.ask(&addresses)?;
        let score = Score::of(&table, &rows, &report.codes);
        if flag("--list") && peer.name == "yuanliu" {
            score::list(&mut out, &table, &rows, &report.codes)?;
        }
        scores.push((peer.name, report, score));
    }
    score::print(&mut out, &rows, &scores)?;
    Ok(())
}
