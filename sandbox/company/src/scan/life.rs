//! The events of a pallet's life, pallet after pallet.

use std::collections::{BTreeMap, VecDeque};

use chrono::{NaiveDateTime, TimeDelta};

use super::event::{ScanEvent, instant};
use super::{codes, factory, noise, retail};
use crate::Company;
use crate::dice::Dice;
use crate::model::{Delivery, Order, Pallet, Product, Run};
use crate::plan::{ITEMS_PER_PALLET, stream};

/// All scan events of a company, pallet after pallet; only one pallet's are held at a time.
#[derive(Debug)]
pub struct Scans<'a> {
    company: &'a Company,
    next: usize,
    ready: VecDeque<ScanEvent>,
    /// Off-territory checks so far by dealer, product, month and county: travellers scatter.
    pub(super) travellers: BTreeMap<(usize, usize, String, String), u32>,
}

impl<'a> Scans<'a> {
    pub(crate) fn new(company: &'a Company) -> Self {
        Self { company, next: 0, ready: VecDeque::new(), travellers: BTreeMap::new() }
    }
}

impl Iterator for Scans<'_> {
    type Item = ScanEvent;

    fn next(&mut self) -> Option<ScanEvent> {
        while self.ready.is_empty() && self.next < self.company.pallets.len() {
            let pallet = self.next;
            self.next += 1;
            let Some(mut life) = Life::new(self.company, pallet) else { continue };
            factory::made(&mut life);
            factory::shipped(&mut life);
            retail::sold(&mut life, &mut self.travellers);
            noise::spoil(&mut life);
            self.ready = life.events.into();
        }
        self.ready.pop_front()
    }
}

/// A pallet while its events are written.
pub(super) struct Life<'a> {
    pub(super) company: &'a Company,
    pub(super) dice: Dice,
    pub(super) position: usize,
    pub(super) pallet: Pallet,
    pub(super) run: &'a Run,
    pub(super) product: &'a Product,
    /// Its delivery and order, if it left.
    pub(super) sale: Option<(&'a Delivery, &'a Order)>,
    /// Items of each case that can be scanned later; a damaged label cannot.
    pub(super) cases: Vec<Vec<String>>,
    pub(super) events: Vec<ScanEvent>,
}

impl<'a> Life<'a> {
    fn new(company: &'a Company, position: usize) -> Option<Self> {
        let pallet = *company.pallets.get(position)?;
        let run = company.runs.get(pallet.run)?;
        let product = company.products.get(run.product)?;
        let sale = pallet.delivery.and_then(|delivery| {
            let delivery = company.deliveries.get(delivery)?;
            Some((delivery, company.orders.get(delivery.order)?))
        });
        let dice = Dice::new(company.seed, stream::PALLETS + position as u64);
        Some(Self {
            company,
            dice,
            position,
            pallet,
            run,
            product,
            sale,
            cases: Vec::new(),
            events: Vec::new(),
        })
    }

    pub(super) fn pallet_code(&self) -> String {
        codes::pallet_code(self.position as u64 + 1)
    }

    pub(super) fn case_code(&self, case: usize) -> String {
        // Every pallet has at most as many cases as items.
        codes::case_code(self.position as u64 * u64::from(ITEMS_PER_PALLET) + case as u64 + 1)
    }

    pub(super) fn item_code(&self, case: usize, item: usize) -> String {
        let before = case as u64 * u64::from(self.product.items_per_case);
        let first = self.position as u64 * u64::from(ITEMS_PER_PALLET);
        codes::item_code(first + before + item as u64 + 1)
    }

    /// Adds an event unless it lies after the end; answers its id if it was added.
    pub(super) fn add(&mut self, at: NaiveDateTime, mut event: ScanEvent) -> Option<String> {
        if at.date() > self.company.end {
            return None;
        }
        let id = format!("E{:07}-{:04}", self.position + 1, self.events.len() + 1);
        // Most devices upload within seconds; some gather a shift, some wait for a network.
        let lag = match self.dice.below(100) {
            0 => self.dice.between(24 * 3_600, 72 * 3_600),
            1..=4 => self.dice.between(3_600, 8 * 3_600),
            _ => self.dice.between(1, 90),
        };
        event.recorded_at.get_or_insert_with(|| instant(at + TimeDelta::seconds(lag)));
        event.event_id = Some(id.clone());
        self.events.push(event);
        Some(id)
    }
}
