//! Where an event took place, and where a dealer is.

use super::event::Event;
use super::ledger::Ledger;
use crate::company::Row;

/// A place with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The region as it was recorded.
    pub region: String,
    /// province, city or county.
    pub level: String,
    /// store, gps, lbs, address or ip.
    pub source: String,
}

impl Ledger {
    /// The place of a sighting: its store, else a fix of at most 2 km, else an address, else an IP
    /// address, which tells a province.
    pub fn place(&self, event: &Event) -> Option<Place> {
        let given = event.text("region_code").filter(|code| self.regions.level(code).is_some());
        let source = event.text("location_source");
        let store = event.text("store_code");
        let store = store.and_then(|code| self.find("store", "store_code", code));
        let at = |region: String, source: &str| {
            let level = self.regions.level(&region).expect("a known region").to_owned();
            Some(Place { region, level, source: source.to_owned() })
        };
        if let Some(region) = store.and_then(|row| self.region_as_written(row)) {
            return at(region, "store");
        }
        if let (Some(code), Some("store")) = (given, source) {
            return at(code.to_owned(), "store");
        }
        let is_near = event.number("accuracy_m").is_some_and(|accuracy| accuracy <= 2000.0);
        if let (Some(code), Some(fix @ ("gps" | "lbs")), true) = (given, source, is_near) {
            return at(code.to_owned(), fix);
        }
        if let (Some(code), None | Some("address")) = (given, source) {
            return at(code.to_owned(), "address");
        }
        if let Some(region) = event.text("address").and_then(|text| self.regions.of_address(text)) {
            return at(region, "address");
        }
        if let (Some(code), Some("ip")) = (given, source) {
            return at(self.regions.at_level(code, "province")?, "ip");
        }
        None
    }

    /// The region of a master: its code, else its address.
    pub fn region_as_written(&self, row: &Row) -> Option<String> {
        let given = row.text("region_code").filter(|code| self.regions.level(code).is_some());
        let address = || row.text("address").and_then(|text| self.regions.of_address(text));
        given.map(str::to_owned).or_else(address)
    }

    /// The region of a dealer, as a code of today.
    pub fn dealer_region(&self, dealer: &str) -> Option<String> {
        let row = self.find("dealer", "dealer_code", dealer)?;
        Some(self.regions.now(&self.region_as_written(row)?))
    }
}
