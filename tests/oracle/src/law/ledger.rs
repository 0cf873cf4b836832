//! All events and masters, as of one instant.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::Instant;
use super::code::is_placeholder;
use super::event::Event;
use super::region::Regions;
use crate::company::{Company, Row};

/// What the reports are computed from.
#[derive(Debug)]
pub struct Ledger {
    /// The made-up company: masters, documents, rules.
    pub company: Company,
    /// The regions of China through time.
    pub regions: Regions,
    /// Every event once, with carriers replaced by the unit they are on.
    pub events: Vec<Event>,
    /// The events that name a code, by the code.
    pub by_code: BTreeMap<String, Vec<usize>>,
    /// The packs into a container, by the container.
    pub by_parent: BTreeMap<String, Vec<usize>>,
    /// The instant of the answer.
    pub as_of: Instant,
}

impl Ledger {
    /// What is seen at `as_of`.
    pub fn new(company: &Company, as_of: Instant) -> Self {
        let mut events: Vec<Event> = Vec::new();
        let mut seen = BTreeSet::new();
        for record in &company.records {
            let event = Event::read(record);
            // The same event sent again is the same event.
            let is_new = seen.insert(format!("{event:?}"));
            if is_new && event.at.is_none_or(|at| at <= as_of) {
                events.push(event);
            }
        }
        let corrected: BTreeSet<String> = events
            .iter()
            .filter(|event| event.kind != "void_ship")
            .filter_map(|event| event.text("corrects_event_id").filter(|id| *id != event.id))
            .map(str::to_owned)
            .collect();
        let carriers = carriers(&events);
        let placeholders = company.placeholders.clone();
        for event in &mut events {
            event.is_void = corrected.contains(&event.id);
            event.has_placeholder =
                event.codes.iter().any(|code| is_placeholder(code, &placeholders));
            event.codes.retain(|code| !is_placeholder(code, &placeholders));
            for code in event.codes.iter_mut().chain(event.parent.as_mut()) {
                if let Some(unit) = carriers.get(code) {
                    code.clone_from(unit);
                }
            }
            event.codes.sort();
            event.codes.dedup();
        }
        let mut by_code: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut by_parent: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, event) in events.iter().enumerate() {
            for code in &event.codes {
                by_code.entry(code.clone()).or_default().push(at);
            }
            if let Some(parent) = event.parent.as_ref().filter(|_| event.kind == "pack") {
                by_parent.entry(parent.clone()).or_default().push(at);
            }
        }
        let company = company.clone();
        Self { company, regions: Regions::load(), events, by_code, by_parent, as_of }
    }

    /// The events that name this very code.
    pub fn naming(&self, code: &str) -> Vec<&Event> {
        self.by_code.get(code).into_iter().flatten().map(|at| &self.events[*at]).collect()
    }

    /// The master or document of this table in which `column` says `value`.
    pub fn find(&self, table: &str, column: &str, value: &str) -> Option<&Row> {
        self.company.table(table).iter().find(|row| row.get(column) == value)
    }

    /// All of them.
    pub fn find_all<'a>(&'a self, table: &str, column: &'a str, value: &'a str) -> Vec<&'a Row> {
        self.company.table(table).iter().filter(|row| row.get(column) == value).collect()
    }

    /// Whether a code stands for a damaged label.
    pub fn is_placeholder(&self, code: &str) -> bool {
        is_placeholder(code, &self.company.placeholders)
    }
}

/// The unit each further carrier is on; a code that was commissioned itself is nobody's carrier.
fn carriers(events: &[Event]) -> BTreeMap<String, String> {
    let commissions: Vec<_> = events.iter().filter(|event| event.kind == "commission").collect();
    let own: BTreeSet<_> = commissions.iter().flat_map(|event| &event.codes).collect();
    let mut carriers = BTreeMap::new();
    for event in commissions.iter().filter(|event| event.codes.len() == 1) {
        for alias in event.aliases.iter().filter(|alias| !own.contains(alias)) {
            carriers.insert(alias.clone(), event.codes[0].clone());
        }
    }
    carriers
}
