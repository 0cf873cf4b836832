//! Measures reading: `cargo run --release --example event_speed -- [events] [jsonl|csv]`.
//!
//! Writes that many made-up events into a temporary file, reads them back and prints the rate.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use chrono::Utc;
use chrono_tz::Asia::Shanghai;
use yuanliu_scans::{CodeRules, EventReader, Receipt, ScanRules};

const CHUNK_ROWS: usize = 8_192;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let events: u64 = arguments.next().as_deref().unwrap_or("1000000").parse()?;
    let format = arguments.next().unwrap_or_else(|| "jsonl".to_owned());
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(format!("events.{format}"));
    write_events(&mut BufWriter::new(File::create(&path)?), events, format == "csv")?;

    let rules = ScanRules::new(&CodeRules::default(), Shanghai)?;
    let started = Instant::now();
    let mut reader = EventReader::open(&path, &rules, Utc::now())?;
    let mut receipt = Receipt::default();
    while let Some(chunk) = reader.next_chunk(CHUNK_ROWS)? {
        receipt.add(&chunk.receipt);
    }
    let seconds = started.elapsed().as_secs_f64();
    let mib = reader.bytes_read() as f64 / f64::from(1 << 20);
    let report = format!(
        "{} events, {} rejected, {mib:.0} MiB in {seconds:.2} s: {:.0} events/s\n",
        receipt.accepted,
        receipt.rejected,
        receipt.total as f64 / seconds
    );
    std::io::stdout().write_all(report.as_bytes())?;
    Ok(())
}

fn write_events(file: &mut impl Write, events: u64, is_csv: bool) -> std::io::Result<()> {
    if is_csv {
        writeln!(
            file,
            "event_id,event_type,event_time,codes,to_party,delivery_no,device_id,lat,lng"
        )?;
    }
    for n in 0..events {
        let (minute, second) = (n / 60 % 60, n % 60);
        let time = format!("2024-05-01T08:{minute:02}:{second:02}+08:00");
        let (party, delivery, device) = (n % 97, n / 500, n % 31);
        if is_csv {
            writeln!(
                file,
                "e{n},ship,{time},69{n:012},D{party},X{delivery},PDA{device},31.2,121.4"
            )?;
        } else {
            writeln!(
                file,
                r#"{{"event_id":"e{n}","event_type":"ship","event_time":"{time}","codes":["69{n:012}"],"to_party":"D{party}","delivery_no":"X{delivery}","device_id":"PDA{device}","latitude":31.2,"longitude":121.4}}"#
            )?;
        }
    }
    file.flush()
}
