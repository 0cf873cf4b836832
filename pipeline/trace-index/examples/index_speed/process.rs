//! What this process takes of the machine; all zero where it cannot be told.

use std::time::Duration;

/// The kernel's clock tick, of which there are a hundred a second.
const TICK: Duration = Duration::from_millis(10);

/// Resident memory now, in MiB.
pub(crate) fn resident_mib() -> u64 {
    status_mib("VmRSS:")
}

/// The most memory that was resident so far, in MiB.
pub(crate) fn resident_most_mib() -> u64 {
    status_mib("VmHWM:")
}

fn status_mib(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1_024
}

/// What this thread has used, which other programs on the machine do not change much.
pub(crate) fn thread_time() -> Duration {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ns = status.split(' ').next().and_then(|ns| ns.parse().ok());
    Duration::from_nanos(ns.unwrap_or(0))
}

/// What all threads have used.
pub(crate) fn processor_time() -> Duration {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in parentheses, may hold anything.
    let fields = status.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u32>().ok());
    TICK * ticks.sum::<u32>()
}
