//! The event parser on CSV, in UTF-8 and GB18030.

#![no_main]

#[path = "../../pipeline/scans/tests/it/properties/events/mod.rs"]
mod events;

use libfuzzer_sys::fuzz_target;
use yuanliu_scans::Format;

fuzz_target!(|bytes: &[u8]| events::check(bytes, Format::Csv));
