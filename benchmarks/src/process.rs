//! What running processes have used, as Linux tells it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

/// `/proc` counts processor time in hundredths of a second on every architecture.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of a process, user and system, without its children.
pub fn processor(id: u32) -> Result<Duration> {
    Ok(TICK * sum(&stat(id)?, &[11, 12]))
}

/// The most memory a process had resident at once, in bytes.
pub fn peak(id: u32) -> Result<u64> {
    kib(&format!("/proc/{id}/status"), "VmHWM:")
}

/// The memory a process has resident now, in bytes.
pub fn resident(id: u32) -> Result<u64> {
    kib(&format!("/proc/{id}/status"), "VmRSS:")
}

/// Processor time of a process, of its children, and of those that have ended.
pub fn processor_of_tree(id: u32) -> Result<Duration> {
    let own = TICK * sum(&stat(id)?, &[11, 12, 13, 14]);
    // A child that ended between the two looks is counted by its parent the next time.
    Ok(own + children(id).into_iter().filter_map(|child| processor(child).ok()).sum::<Duration>())
}

/// Memory of a process and its children in bytes, what they share counted once.
pub fn memory_of_tree(id: u32) -> u64 {
    let of_process = |id| kib(&format!("/proc/{id}/smaps_rollup"), "Pss:").unwrap_or_default();
    std::iter::once(id).chain(children(id)).map(of_process).sum()
}

/// Writes out what is cached and has the system forget it; false without the right to.
pub fn drop_page_cache() -> bool {
    let synced = std::process::Command::new("sync").status();
    synced.is_ok_and(|status| status.success())
        && fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

/// Reads every file below a folder once, so that it is cached as far as memory allows; bytes read.
pub fn read_all(folder: &Path) -> Result<u64> {
    let (mut pending, mut bytes) = (vec![folder.to_owned()], 0);
    while let Some(folder) = pending.pop() {
        let entries = fs::read_dir(&folder);
        for entry in entries.with_context(|| format!("reading {}", folder.display()))?.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => pending.push(entry.path()),
                Ok(kind) if kind.is_file() => {
                    // Replaced meanwhile: the new file is read when it is asked for.
                    let Ok(mut file) = fs::File::open(entry.path()) else { continue };
                    bytes += std::io::copy(&mut file, &mut std::io::sink()).unwrap_or_default();
                }
                _ => {}
            }
        }
    }
    Ok(bytes)
}

/// The fields after the name, which may itself hold spaces and brackets.
fn stat(id: u32) -> Result<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{id}/stat"));
    let text = text.with_context(|| format!("looking at process {id}"))?;
    let (_, fields) = text.rsplit_once(')').context("reading /proc/…/stat")?;
    Ok(fields.split_whitespace().map(str::to_owned).collect())
}

fn sum(fields: &[String], places: &[usize]) -> u32 {
    places.iter().filter_map(|at| fields.get(*at)?.parse::<u32>().ok()).sum()
}

fn children(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child =
        |id: &u32| stat(*id).is_ok_and(|fields| fields.get(1) == Some(&parent.to_string()));
    ids.filter(is_child).collect()
}

fn kib(path: &str, name: &str) -> Result<u64> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {path}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kib.with_context(|| format!("{path} has no {name}"))? << 10)
}
