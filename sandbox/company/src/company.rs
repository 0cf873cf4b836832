//! The company as a whole.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use chrono::{Datelike as _, Days, NaiveDate};

use crate::model::{
    Dealer, Delivery, Employee, IncentiveRate, Inspection, Material, MaterialLot, MaterialMove,
    Order, Pallet, Product, Promoter, Receipt, Run, Store, Supplier, Territory, Truth, Warehouse,
};
use crate::place::{self, Level, Place};
use crate::plan::{self, DIVERTER, Frame, Production, Sales};
use crate::scan::Scans;

/// Days of business after the first one.
const DAYS: u64 = 180;
/// Largest scale: five hundred is a million items, and the codes have room for more.
const SCALE_MAX: u32 = 20_000;
/// Time between shipping and the first diverted goods that are seen, at least.
const DIVERSION_LAG_DAYS: u64 = 4;

/// A made-up company. Fields refer to each other by position.
#[derive(Debug, Clone)]
pub struct Company {
    /// Seed it was made from.
    pub seed: u64,
    /// Scale it was made at.
    pub scale: u32,
    /// First business day.
    pub start: NaiveDate,
    /// Last business day.
    pub end: NaiveDate,
    /// Real places that the masters refer to.
    pub places: Vec<Place>,
    /// Products.
    pub products: Vec<Product>,
    /// Materials.
    pub materials: Vec<Material>,
    /// Suppliers.
    pub suppliers: Vec<Supplier>,
    /// Dealers, first level before second.
    pub dealers: Vec<Dealer>,
    /// Territory rules.
    pub territories: Vec<Territory>,
    /// Stores.
    pub stores: Vec<Store>,
    /// Promoters.
    pub promoters: Vec<Promoter>,
    /// Employees.
    pub employees: Vec<Employee>,
    /// Warehouses.
    pub warehouses: Vec<Warehouse>,
    /// Incentive rates.
    pub rates: Vec<IncentiveRate>,
    /// Production order lines.
    pub runs: Vec<Run>,
    /// Material lots.
    pub lots: Vec<MaterialLot>,
    /// Material issues, feeds and returns.
    pub moves: Vec<MaterialMove>,
    /// Product receipts.
    pub receipts: Vec<Receipt>,
    /// Inspections.
    pub inspections: Vec<Inspection>,
    /// Sales orders.
    pub orders: Vec<Order>,
    /// Deliveries.
    pub deliveries: Vec<Delivery>,
    /// What really happened.
    pub truth: Truth,
    pub(crate) pallets: Vec<Pallet>,
}

impl Company {
    /// Makes the company of a seed: the same on every machine and in every run.
    ///
    /// `scale` 1 is about 2,000 items, 10 about 20,000 and 500 a million; 0 counts as 1. Business
    /// runs from `start_date` for 181 days. Masters and documents are held, scans are not.
    #[must_use]
    pub fn generate(seed: u64, scale: u32, start_date: NaiveDate) -> Self {
        let frame = Frame { seed, scale: scale.clamp(1, SCALE_MAX), start: start_date };
        let places = place::load();
        let masters = plan::masters(&frame, &places);
        let mut production = plan::production(&frame, &masters);
        let sales = plan::sales(&frame, &masters, &mut production);
        let mut company = Self {
            seed,
            scale: frame.scale,
            start: start_date,
            end: start_date.checked_add_days(Days::new(DAYS)).unwrap_or(start_date),
            places,
            products: masters.products,
            materials: masters.materials,
            suppliers: masters.suppliers,
            dealers: masters.dealers,
            territories: masters.territories,
            stores: masters.stores,
            promoters: masters.promoters,
            employees: masters.employees,
            warehouses: masters.warehouses,
            rates: masters.rates,
            truth: Truth::unknown(start_date),
            runs: Vec::new(),
            lots: Vec::new(),
            moves: Vec::new(),
            receipts: Vec::new(),
            inspections: Vec::new(),
            orders: Vec::new(),
            deliveries: Vec::new(),
            pallets: Vec::new(),
        };
        company.work(production, sales);
        company
    }

    /// The company of the demonstration: 2026-01-01 to 2026-06-30.
    #[must_use]
    pub fn demo(seed: u64, scale: u32) -> Self {
        Self::generate(seed, scale, NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default())
    }

    /// Items made, rejects included.
    #[must_use]
    pub fn items(&self) -> u64 {
        self.pallets.len() as u64 * u64::from(plan::ITEMS_PER_PALLET)
    }

    /// All scan events, made as they are asked for. They are not in order of time.
    #[must_use]
    pub fn scans(&self) -> Scans<'_> {
        Scans::new(self)
    }

    /// Writes all scan events to a JSON Lines file and answers their number.
    pub fn write_scans(&self, path: &Path) -> io::Result<u64> {
        let mut file = BufWriter::new(std::fs::File::create(path)?);
        let mut written = 0;
        for event in self.scans() {
            serde_json::to_writer(&mut file, &event)?;
            file.write_all(b"\n")?;
            written += 1;
        }
        file.flush()?;
        Ok(written)
    }

    /// Regions a dealer was allowed to sell a product in on a day.
    #[must_use]
    pub fn territory_on(&self, dealer: usize, product: usize, on: NaiveDate) -> Vec<&str> {
        let channel = self.dealers.get(dealer).map(|dealer| dealer.channel);
        let category = self.products.get(product).map(|product| &product.category);
        let holds = |rule: &&Territory| {
            rule.dealer == dealer
                && rule.product.is_none_or(|wanted| wanted == product)
                && rule.category.as_ref().is_none_or(|wanted| Some(wanted) == category)
                && rule.channel.is_none_or(|wanted| Some(wanted) == channel)
                && rule.valid_from.is_none_or(|from| from <= on)
                && rule.valid_to.is_none_or(|to| on <= to)
        };
        self.territories.iter().filter(holds).map(|rule| rule.region_code.as_str()).collect()
    }

    fn work(&mut self, production: Production, sales: Sales) {
        self.runs = production.runs;
        self.lots = production.lots;
        self.moves = production.moves;
        self.receipts = production.receipts;
        self.inspections = production.inspections;
        self.pallets = production.pallets;
        self.orders = sales.orders;
        self.deliveries = sales.deliveries;
        self.truth = self.find_truth();
    }

    /// Chooses where the diverted goods show up: at another dealer's store, in a province where
    /// the diverting dealer has no territory.
    fn find_truth(&self) -> Truth {
        let mut truth = Truth::unknown(self.start);
        let diverted = self.pallets.iter().filter(|pallet| pallet.diverted_cases > 0);
        let mut shipped = self.start;
        for pallet in diverted {
            truth.cases += pallet.diverted_cases as usize;
            let Some(delivery) = pallet.delivery.and_then(|at| self.deliveries.get(at)) else {
                continue;
            };
            shipped = shipped.max(delivery.at.date());
            if !truth.deliveries.contains(&delivery.no) {
                truth.deliveries.push(delivery.no.clone());
            }
        }
        let own: Vec<&str> = self
            .territories
            .iter()
            .filter(|rule| rule.dealer == DIVERTER)
            .filter_map(|rule| rule.region_code.get(..2))
            .collect();
        let abroad = self.stores.iter().find(|store| {
            let place = self.places.get(store.place);
            let province = place.and_then(|place| place.region_code.get(..2));
            let first_level = self.dealers.get(store.dealer).is_some_and(|d| d.level == 1);
            first_level && store.region_known && province.is_some_and(|code| !own.contains(&code))
        });
        if let Some(store) = abroad
            && let Some(place) = self.places.get(store.place)
        {
            truth.store.clone_from(&store.code);
            truth.destination_county = place.region(Level::County);
            truth.destination_name = format!("{}{}{}", place.province, place.city, place.county);
        }
        truth.diverting_dealer =
            self.dealers.get(DIVERTER).map(|dealer| dealer.code.clone()).unwrap_or_default();
        truth.product =
            self.products.first().map(|product| product.code.clone()).unwrap_or_default();
        let seen = shipped.checked_add_days(Days::new(DIVERSION_LAG_DAYS)).unwrap_or(shipped);
        truth.month = next_month(seen);
        truth
    }
}

impl Truth {
    fn unknown(start: NaiveDate) -> Self {
        Self {
            diverting_dealer: String::new(),
            destination_county: String::new(),
            destination_name: String::new(),
            product: String::new(),
            month: start,
            store: String::new(),
            cases: 0,
            deliveries: Vec::new(),
        }
    }
}

/// First day of the month after the one of `day`.
fn next_month(day: NaiveDate) -> NaiveDate {
    let (year, month) =
        if day.month() == 12 { (day.year() + 1, 1) } else { (day.year(), day.month() + 1) };
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(day)
}
