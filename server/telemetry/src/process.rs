//! What Linux knows of this process, read when somebody asks.

use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

use crate::names;

/// `/proc/self/stat` counts in hundredths of a second on every Linux of today (`USER_HZ`).
const TICKS_PER_S: f64 = 100.0;

/// Reads `/proc/self`; elsewhere it tells nothing but the start.
#[derive(Debug)]
pub(crate) struct ProcessCollector {
    started_s: f64,
}

impl ProcessCollector {
    pub(crate) fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started_s: since.as_secs_f64() }
    }
}

impl Collector for ProcessCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let mut gauge = |name: &str, help: &str, value: Option<f64>| {
            let Some(value) = value else { return Ok(()) };
            let metric = ConstGauge::new(value);
            metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
        };
        gauge(names::PROCESS_MEMORY, "memory held", memory_bytes())?;
        gauge(names::PROCESS_FILES, "open files and connections", open_files())?;
        gauge(names::PROCESS_START, "when it began", Some(self.started_s))?;
        if let Some(seconds) = cpu_seconds() {
            let metric = ConstCounter::new(seconds);
            let name = names::PROCESS_CPU.trim_end_matches("_total");
            let help = "processor time used";
            metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)?;
        }
        Ok(())
    }
}

fn memory_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024.0)
}

fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold anything; after it come the fields from the third on.
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_PER_S)
}

fn open_files() -> Option<f64> {
    // A count of files is far from where a float loses whole numbers.
    std::fs::read_dir("/proc/self/fd").ok().map(|entries| entries.count() as f64)
}
