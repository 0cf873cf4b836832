//! The code normaliser.

#![no_main]

#[path = "../../pipeline/scans/tests/it/properties/codes.rs"]
mod codes;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|printed: &[u8]| codes::check(printed));
