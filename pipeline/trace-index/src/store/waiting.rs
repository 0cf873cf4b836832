//! Waiting for what the store does in the background.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// A full memtable takes seconds on a slow disk.
pub(crate) const WAIT_MAX_S: u64 = 60;
const STEP: Duration = Duration::from_millis(5);

/// Waits until something is so, [`WAIT_MAX_S`] at most; answers whether it is.
///
/// The store's own ways to wait have no end if it cannot write any more.
pub(crate) fn wait_until(is_so: impl Fn() -> bool) -> bool {
    let started = Instant::now();
    while !is_so() {
        if started.elapsed().as_secs() >= WAIT_MAX_S {
            return false;
        }
        sleep(STEP);
    }
    true
}
