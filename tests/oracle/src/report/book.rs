//! What several reports are computed from, worked out once.

use std::collections::BTreeMap;

use super::claims::{self, Claim};
use super::sales;
use super::sightings::{self, Sighting};
use crate::company::Company;
use crate::law::clock::Instant;
use crate::law::containment::Happening;
use crate::law::ledger::Ledger;
use crate::law::unit::Unit;

/// The events with all units and sightings.
#[derive(Debug)]
pub struct Book {
    /// The events and masters.
    pub ledger: Ledger,
    /// Every unit.
    pub units: BTreeMap<String, Unit>,
    /// Every sighting.
    pub sightings: Vec<Sighting>,
    /// Every claim of a promoter.
    pub claims: Vec<Claim>,
    /// Every item, and which sighting sold it.
    pub sales: BTreeMap<String, Option<usize>>,
}

impl Book {
    /// A company's events as they are seen at an instant.
    pub fn open(company: &Company, as_of: Instant) -> Self {
        let ledger = Ledger::new(company, as_of);
        let units = ledger.units().into_iter().map(|unit| (unit.code.clone(), unit)).collect();
        let mut book = Self {
            ledger,
            units,
            sightings: Vec::new(),
            claims: Vec::new(),
            sales: BTreeMap::new(),
        };
        book.sightings = sightings::all(&book);
        book.claims = claims::all(&book);
        let place = |sold: &Sighting| book.sightings.iter().position(|one| std::ptr::eq(one, sold));
        let sold = |item| sales::sale(&book, item).and_then(place);
        book.sales = book.items().map(|item| (item.code.clone(), sold(item))).collect();
        book
    }

    /// The unit of a code, if it is one.
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.units.get(code)
    }

    /// The items that a line bound to a code.
    pub fn items(&self) -> impl Iterator<Item = &Unit> {
        let all = self.units.values();
        all.filter(|unit| unit.is_commissioned && unit.level.as_deref() == Some("item"))
    }

    /// The movements of a unit.
    pub fn movements(&self, code: &str) -> Vec<Happening<'_>> {
        self.ledger.movements(code)
    }
}
