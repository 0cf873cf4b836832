//! The event parser on JSON: objects one after the other, lists, and one object on each line.

#![no_main]

#[path = "../../pipeline/scans/tests/it/properties/events/mod.rs"]
mod events;

use libfuzzer_sys::fuzz_target;
use yuanliu_scans::Format;

fuzz_target!(|bytes: &[u8]| {
    events::check(bytes, Format::JsonLines);
    events::check(bytes, Format::Json);
});
