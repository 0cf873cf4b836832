//! Scans: what the line, the handhelds, the stores and the consumers report.

mod codes;
mod event;
mod factory;
mod life;
mod noise;
mod retail;
mod sighting;

pub use codes::{PLACEHOLDER, case_code, item_code, pallet_code};
pub use event::{ScanEvent, ScanInput};
pub use life::Scans;
