//! Asks one program for the codes of all addresses, in a process of its own.
//!
//! The process reads one address a line and answers one code a line, empty for none; its last line
//! holds the addresses per second of processor time and its peak memory in MB.

use std::hint::black_box;
use std::io::{BufRead, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use yuanliu_regions::{RegionTable, Resolver};

use super::{Failure, set};

const TIMED_ADDRESSES_MIN: usize = 400_000;

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
}

/// What a program answered.
pub(crate) struct Report {
    /// A code, or names joined by `/` from province to county.
    pub(crate) codes: Vec<String>,
    pub(crate) rate: f64,
    pub(crate) memory_mb: f64,
}

impl Peer {
    pub(crate) fn own(name: &'static str) -> Result<Self, Failure> {
        let arguments = vec!["--answer".to_owned(), name.to_owned()];
        Ok(Self { name, program: std::env::current_exe()?, arguments })
    }

    pub(crate) fn python(name: &'static str, python: &str) -> Self {
        let script = set::own_file("examples/measure/peers.py").display().to_string();
        Self { name, program: python.into(), arguments: vec![script, name.to_owned()] }
    }

    pub(crate) fn ask(&self, addresses: &[&str]) -> Result<Report, Failure> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("no input")?;
        let lines = addresses.join("\n");
        let writer = std::thread::spawn(move || {
            let mut input = BufWriter::new(input);
            writeln!(input, "{lines}").and_then(|()| input.flush())
        });
        let output = child.wait_with_output()?;
        writer.join().map_err(|_| "the writer ended")??;
        let text = String::from_utf8(output.stdout)?;
        let mut codes: Vec<String> = text.lines().map(str::to_owned).collect();
        let last = codes.pop().ok_or_else(|| format!("{} answered nothing", self.name))?;
        let (rate, memory_mb) = last.split_once(' ').ok_or("no figures at the end")?;
        if codes.len() != addresses.len() {
            return Err(format!("{} answered {} lines", self.name, codes.len()).into());
        }
        Ok(Report { codes, rate: rate.parse()?, memory_mb: memory_mb.parse()? })
    }
}

/// The other side of [`Peer::own`].
pub(crate) fn answer(name: &str) -> Result<(), Failure> {
    let addresses: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let (codes, rate) = if name == "cpca-crate" {
        let parser = cpca::AddressParser::new();
        timed(&addresses, |address| {
            let found = parser.parse(address);
            let [province, city, county] =
                [found.province, found.city, found.district].map(Option::unwrap_or_default);
            format!("{province}/{city}/{county}")
        })
    } else {
        let table = RegionTable::embedded()?;
        let resolver = Resolver::new(&table);
        timed(&addresses, |address| resolver.resolve(address).map_or("", |found| found.code))
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for code in codes {
        writeln!(out, "{code}")?;
    }
    writeln!(out, "{rate:.0} {:.0}", peak_memory_mb())?;
    Ok(())
}

fn timed<C: ToString>(addresses: &[String], resolve: impl Fn(&str) -> C) -> (Vec<String>, f64) {
    let codes = addresses.iter().map(|address| resolve(address).to_string()).collect();
    let rounds = TIMED_ADDRESSES_MIN.div_ceil(addresses.len().max(1));
    let started = processor_seconds();
    for _ in 0..rounds {
        for address in addresses {
            black_box(resolve(black_box(address)));
        }
    }
    (codes, (rounds * addresses.len()) as f64 / (processor_seconds() - started).max(0.01))
}

/// Processor time of this process, which a busy machine does not change; ticks are hundredths.
pub(crate) fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(") ").next().unwrap_or("");
    let ticks = after_name.split(' ').skip(11).take(2).filter_map(|t| t.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// The most this process had resident; 0 where the system does not tell.
fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}
