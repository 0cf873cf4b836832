//! What an inbox makes of any bytes on its disk.

#![no_main]

#[path = "../../pipeline/inbox/tests/it/batches.rs"]
mod batches;
mod bounded;
#[path = "../../pipeline/inbox/tests/it/disk.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod disk;
#[path = "../../pipeline/inbox/tests/it/properties/mod.rs"]
#[allow(dead_code, reason = "the tests begin with a segment that was just written")]
mod properties;

use libfuzzer_sys::fuzz_target;

#[global_allocator]
static MEMORY: bounded::Memory = bounded::Memory;

fuzz_target!(|bytes: &[u8]| properties::check(bytes));
