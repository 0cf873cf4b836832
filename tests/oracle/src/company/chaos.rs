//! Scans that nobody should have made: out of order, at one instant, of the wrong container.

use chrono::{DateTime, Duration, TimeZone, Utc};
use rand::{Rng, RngExt};

use super::chain::{later, pick};
use super::masters::DEALERS;
use super::scans::Maker;

impl<R: Rng> Maker<'_, R> {
    /// So many of them, among all pallets.
    pub(super) fn confuse(&mut self, count: usize) {
        for _ in 0..count {
            let place = self.random.random_range(0..self.pallets.len());
            let pallet = self.pallets[place].clone();
            let (case, items) = pick(self.random, &pallet.cases).clone();
            let item = pick(self.random, &items).clone();
            let back = self.random.random_range(1..500);
            let at = later(self.random, pallet.at - Duration::hours(back), 200);
            self.confuse_one(at, &pallet.code, case, item);
        }
    }

    fn confuse_one(&mut self, at: DateTime<Utc>, pallet: &str, case: String, item: String) {
        let dealer = format!("{}D{}", self.prefix, self.random.random_range(1..=DEALERS));
        let store = format!("{}T{}1", self.prefix, self.random.random_range(1..=DEALERS));
        let other = pick(self.random, &self.pallets).clone();
        let elsewhere = other.cases[0].0.clone();
        let to = |party: &str| [("to_party", party.to_owned())];
        match self.random.random_range(0..16) {
            // Into a case of another pallet, never taken out of its own.
            0 => self.mix("pack", at, item, &elsewhere),
            1 => self.mix("unpack", at, item, &elsewhere),
            2 => self.mix("pack", at, case, &other.code),
            3 => self.mix("unpack", at, item, ""),
            // A case and one of the items that are in it.
            4 => self.go("ship", at, &[case, item], &to(&dealer)),
            // All at one instant.
            5 => {
                self.mix("unpack", at, case.clone(), pallet);
                self.go("ship", at, &[pallet.to_owned()], &to(&dealer));
                self.go("return", at, &[item], &[]);
            }
            6 => {
                self.go("return", at, std::slice::from_ref(&case), &[]);
                self.go("ship", at, &[case], &to(&dealer));
            }
            7 => {
                self.go("ship", at, std::slice::from_ref(&item), &to(&dealer));
                let next = format!("{}D1", self.prefix);
                self.go("ship", at, &[item], &to(&next));
            }
            // One bottle of a shipment is taken back from it.
            8 => {
                let fields = [("to_party", dealer), ("delivery_no", format!("{}V", self.prefix))];
                self.go("ship", at, std::slice::from_ref(&case), &fields);
                self.go("void_ship", at + Duration::hours(5), &[item], &fields[1..]);
            }
            9 => self.go("decommission", at, &[case], &[]),
            10 => self.go("recall", at, &[pallet.to_owned()], &[]),
            11 => self.go("receive", at, &[item], &[("store_code", store)]),
            12 => self.go("transfer", at, &[case], &[("store_code", store)]),
            13 => self.go("receive", at, &[case], &to(&format!("{}W1", self.prefix))),
            // A label printed twice.
            14 => self.go("commission", at, &[item], &[("level", "item".to_owned())]),
            _ => self.go("return", at, &[case], &[]),
        }
    }

    fn go(&mut self, kind: &str, at: DateTime<Utc>, codes: &[String], fields: &[(&str, String)]) {
        let fields: Vec<_> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        self.put(kind, at, codes, &fields);
    }

    fn mix(&mut self, kind: &str, at: DateTime<Utc>, code: String, parent: &str) {
        self.put(kind, at, &[code], &[("parent_code", parent)]);
    }

    /// Goods of 2020, seen after the counties of Hangzhou were redrawn in 2021.
    pub(super) fn age(&mut self) {
        let at =
            |year, month| Utc.with_ymd_and_hms(year, month, 5, 2, 0, 0).single().expect("a time");
        let product = format!("{}P1", self.prefix);
        for number in 0..6 {
            let code = format!("{}OLD{number}", self.prefix);
            let dealer = format!("{}D{}", self.prefix, self.random.random_range(1..=DEALERS));
            let shipped = if number < 4 { at(2020, 6) } else { at(2021, 12) };
            let codes = [code];
            self.put(
                "commission",
                at(2020, 5),
                &codes,
                &[("level", "item"), ("product_code", &product)],
            );
            self.put("ship", shipped, &codes, &[("to_party", &dealer)]);
            let region = *pick(
                self.random,
                &["330102", "330103", "330104", "330105", "330106", "330110", "330113", "330114"],
            );
            self.put(
                "verify",
                at(2022, 3),
                &codes,
                &[("region_code", region), ("location_source", "address")],
            );
        }
    }
}
