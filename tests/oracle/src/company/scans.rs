//! What happens to the goods of a company, batch by batch.

use chrono::{DateTime, Duration, Utc};
use rand::{Rng, RngExt};
use serde_json::Value;

use super::Company;
use super::chain::{later, local, pick, record};
use super::documents::order_no;
use super::masters::DEALERS;

/// Adds the scans of three work orders.
pub fn add(company: &mut Company, prefix: &str, random: &mut impl Rng) {
    let mut maker = Maker { company, prefix, random, made: 0, pallets: Vec::new() };
    for order in 1..=3 {
        for pallet in 1..=2 {
            maker.produce(order, pallet);
        }
    }
    for place in 0..maker.pallets.len() {
        maker.travel(place);
    }
    for place in 0..maker.pallets.len() {
        maker.be_seen(place);
    }
    maker.burst();
    let confusion = *pick(maker.random, &[0, 4, 12]);
    maker.confuse(confusion);
    maker.age();
}

/// A pallet with what was put on it, and what became of it.
#[derive(Debug, Clone)]
pub struct Pallet {
    pub(super) code: String,
    pub(super) cases: Vec<(String, Vec<String>)>,
    pub(super) at: DateTime<Utc>,
    pub(super) dealer: Option<usize>,
    pub(super) ships: Vec<(String, String)>,
}

pub(super) struct Maker<'a, R> {
    pub(super) company: &'a mut Company,
    pub(super) prefix: &'a str,
    pub(super) random: &'a mut R,
    made: usize,
    pub(super) pallets: Vec<Pallet>,
}

impl<R: Rng> Maker<'_, R> {
    pub(super) fn put(
        &mut self,
        kind: &str,
        at: DateTime<Utc>,
        codes: &[String],
        fields: &[(&str, &str)],
    ) -> String {
        self.made += 1;
        let id = format!("{}E{:04}", self.prefix, self.made);
        let record = record(self.random, &id, kind, at, codes, fields);
        self.company.records.push(record);
        id
    }

    /// The record made last.
    pub(super) fn last(&mut self) -> &mut Value {
        self.company.records.last_mut().expect("a record was made")
    }

    fn produce(&mut self, order: usize, number: usize) {
        let stem = format!("{}X{order}{number}", self.prefix);
        let no = format!("{}WO{order}", self.prefix);
        let product = format!("{}P{order}", self.prefix);
        let mut at = local(1, self.random.random_range(20..31), 8, 0, 0)
            + Duration::hours(self.random.random_range(0..600));
        let mut cases = Vec::new();
        for case in 1..=2 {
            let code = format!("{stem}C{case}");
            let items: Vec<_> = (1..=4).map(|item| format!("{stem}-{case}{item}")).collect();
            let said = if self.random.random_bool(0.7) { product.as_str() } else { "" };
            self.put(
                "commission",
                at,
                &items,
                &[
                    ("level", "item"),
                    ("work_order_no", &no),
                    ("product_code", said),
                    ("device_id", "LINE1"),
                ],
            );
            let level = if self.random.random_bool(0.7) { "case" } else { "" };
            self.put(
                "commission",
                at,
                std::slice::from_ref(&code),
                &[("level", level), ("work_order_no", &no)],
            );
            at = later(self.random, at, 1);
            let mut packed = items.clone();
            if self.random.random_bool(0.15) {
                packed.push("0000000000".to_owned());
            }
            self.put("pack", at, &packed, &[("parent_code", &code), ("device_id", "LINE1")]);
            cases.push((code, items));
        }
        let pallet = format!("{stem}PL");
        let codes: Vec<_> = cases.iter().map(|(code, _)| code.clone()).collect();
        self.put("commission", at, std::slice::from_ref(&pallet), &[("level", "pallet")]);
        at = later(self.random, at, 2);
        self.put("pack", at, &codes, &[("parent_code", &pallet)]);
        if self.random.random_bool(0.2) {
            let reject = cases[0].1[0].clone();
            at = later(self.random, at, 1);
            self.put("decommission", at, &[reject], &[]);
        }
        if self.random.random_bool(0.7) {
            at = later(self.random, at, 12);
            self.put(
                "store_in",
                at,
                std::slice::from_ref(&pallet),
                &[("warehouse_code", &format!("{}W1", self.prefix))],
            );
        }
        self.pallets.push(Pallet { code: pallet, cases, at, dealer: None, ships: Vec::new() });
    }

    fn travel(&mut self, place: usize) {
        for step in 0..self.random.random_range(2..9) {
            let pallet = self.pallets[place].clone();
            let at = later(self.random, pallet.at, if step == 0 { 24 } else { 96 });
            let (case, items) = pick(self.random, &pallet.cases).clone();
            let item = pick(self.random, &items).clone();
            let target = match self.random.random_range(0..6) {
                0..=2 => pallet.code.clone(),
                3..=4 => case.clone(),
                _ => item.clone(),
            };
            match self.random.random_range(0..if step == 0 { 7 } else { 20 }) {
                0..=6 => self.ship(place, at, target),
                7..=8 => self.receive(place, at, target),
                9 => {
                    let to = format!("{}D{}", self.prefix, self.random.random_range(1..=DEALERS));
                    self.put("transfer", at, &[target], &[("to_party", &to)]);
                }
                10..=11 => {
                    self.put("return", at, &[target], &[]);
                }
                12 => self.void(place, at, target),
                13 => self.repack(place, at, &case, &item),
                14 => {
                    self.put("unpack", at, &[case], &[("parent_code", &pallet.code)]);
                }
                15 => {
                    let kind = *pick(self.random, &["store_move", "inspect", "store_in"]);
                    self.put(kind, at, &[target], &[]);
                }
                16 => {
                    let kind = *pick(self.random, &["decommission", "recall"]);
                    self.put(kind, at, &[item], &[]);
                }
                17 => {
                    let to = format!("{}W2", self.prefix);
                    self.put("ship", at, &[target], &[("to_party", &to)]);
                }
                _ => self.open(place, at, case),
            }
            self.pallets[place].at = at;
        }
    }

    fn ship(&mut self, place: usize, at: DateTime<Utc>, target: String) {
        let dealer = self.random.random_range(1..=DEALERS);
        let order = order_no(self.prefix, dealer, self.random.random_range(1..=2));
        let delivery = format!("{order}D");
        let is_known =
            self.company.table("delivery").iter().any(|d| d.get("delivery_no") == delivery);
        let party = format!("{}D{dealer}", self.prefix);
        let (to, delivery, order) = match self.random.random_range(0..10) {
            0..=3 => (party, delivery, String::new()),
            4 if is_known => (String::new(), delivery, String::new()),
            5 => (party, String::new(), order),
            6 => (String::new(), String::new(), order),
            7 => (party, format!("{}NODOC", self.prefix), String::new()),
            8 => (party, String::new(), String::new()),
            _ => (party, delivery, order),
        };
        let channel = *pick(self.random, &["", "", "", "group", "ecommerce"]);
        let fields = [
            ("to_party", to.as_str()),
            ("delivery_no", &delivery),
            ("order_no", &order),
            ("channel", channel),
            ("device_id", "DOCK"),
        ];
        let id = self.put("ship", at, std::slice::from_ref(&target), &fields);
        if self.random.random_bool(0.15) {
            self.put("ship", at + Duration::seconds(90), &[target], &fields);
        }
        self.pallets[place].ships.push((id, delivery));
        self.pallets[place].dealer = Some(dealer);
    }

    fn void(&mut self, place: usize, at: DateTime<Utc>, target: String) {
        let Some((id, delivery)) = self.pallets[place].ships.last().cloned() else { return };
        let by_delivery = self.random.random_bool(0.5) && !delivery.is_empty();
        let fields = if by_delivery {
            ("delivery_no", delivery.as_str())
        } else {
            ("corrects_event_id", id.as_str())
        };
        self.put("void_ship", at, &[target], &[fields]);
    }

    fn receive(&mut self, place: usize, at: DateTime<Utc>, target: String) {
        let dealer = self.pallets[place].dealer.unwrap_or(1);
        let (party, store) =
            (format!("{}D{dealer}", self.prefix), format!("{}T{dealer}1", self.prefix));
        let fields = match self.random.random_range(0..4) {
            0 => ("store_code", store.as_str()),
            1 => ("to_party", store.as_str()),
            _ => ("to_party", party.as_str()),
        };
        self.put("receive", at, &[target], &[fields, ("device_id", "PDA1")]);
    }

    /// An item goes from its case into the other one, in or out of order.
    fn repack(&mut self, place: usize, at: DateTime<Utc>, case: &str, item: &str) {
        let other = pick(self.random, &self.pallets[place].cases).0.clone();
        if self.random.random_bool(0.6) {
            self.put("unpack", at, &[item.to_owned()], &[("parent_code", case)]);
        }
        let shift = *pick(self.random, &[0, 60, -60]);
        if self.random.random_bool(0.7) {
            self.put(
                "pack",
                at + Duration::seconds(shift),
                &[item.to_owned()],
                &[("parent_code", &other)],
            );
        }
    }

    fn open(&mut self, place: usize, at: DateTime<Utc>, case: String) {
        let dealer = self.pallets[place].dealer.unwrap_or(1);
        let store = match self.random.random_range(0..4) {
            0 => format!("{}T{}2", self.prefix, self.random.random_range(1..=DEALERS)),
            1 => String::new(),
            _ => format!("{}T{dealer}1", self.prefix),
        };
        self.put(
            "open_case",
            at,
            &[case],
            &[("store_code", &store), ("device_id", &format!("SHOP{dealer}"))],
        );
    }
}
