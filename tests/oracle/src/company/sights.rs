//! Sales, claims and checks of the goods.

use chrono::{DateTime, Duration, Utc};
use rand::{Rng, RngExt};
use serde_json::json;

use super::chain::{later, pick};
use super::masters::{DEALERS, PLACES};
use super::scans::Maker;
use crate::law::earth::{Point, to_gcj02};

impl<R: Rng> Maker<'_, R> {
    pub(super) fn be_seen(&mut self, place: usize) {
        let pallet = self.pallets[place].clone();
        let codes: Vec<_> = pallet.cases.iter().flat_map(|(_, items)| items.clone()).collect();
        // One place that many of them are seen in.
        let crowd = pick(self.random, &PLACES).0;
        for code in codes {
            let mut at = pallet.at - Duration::hours(self.random.random_range(-200..150));
            for _ in 0..self.random.random_range(0..4) {
                at = later(self.random, at, 100);
                match self.random.random_range(0..10) {
                    0..=4 => self.claim(pallet.dealer, at, &code),
                    5 => self.sale(pallet.dealer, at, &code),
                    6 => self.look("purchase_check", at, &code, crowd),
                    _ => self.look("verify", at, &code, crowd),
                }
            }
        }
        if self.random.random_bool(0.3) {
            let at = later(self.random, pallet.at, 50);
            let case = pallet.cases[0].0.clone();
            let crowd = pick(self.random, &PLACES).0;
            match self.random.random_range(0..3) {
                0 => self.claim(pallet.dealer, at, &case),
                1 => self.look("verify", at, &case, crowd),
                _ => self.look("purchase_check", at, &case, crowd),
            }
        }
        if self.random.random_bool(0.3) {
            let at = later(self.random, pallet.at, 50);
            let nobody = format!("{}NOBODY", self.prefix);
            self.claim(pallet.dealer, at, &nobody);
        }
    }

    fn sale(&mut self, dealer: Option<usize>, at: DateTime<Utc>, code: &str) {
        let store = format!("{}T{}1", self.prefix, dealer.unwrap_or(1));
        self.put("sell", at, &[code.to_owned()], &[("store_code", &store), ("device_id", "POS")]);
    }

    fn look(&mut self, kind: &str, at: DateTime<Utc>, code: &str, crowd: &str) {
        let place = if self.random.random_bool(0.5) { crowd } else { pick(self.random, &PLACES).0 };
        let device = match self.random.random_range(0..12) {
            0 => format!("{}STAFF", self.prefix),
            1 => String::new(),
            number => format!("PHONE{}", number % 5),
        };
        let address = PLACES.iter().find(|one| one.0 == place).expect("a place").1;
        let (region, source, address) = match self.random.random_range(0..12) {
            0..=4 => (place, "gps", ""),
            5 => (place, "lbs", ""),
            6 => (place, "ip", ""),
            7 => (place, "", ""),
            8 => ("", "address", address),
            9 => (place, "gps", address),
            10 => (place, "address", ""),
            _ => ("", "", ""),
        };
        let address =
            if address.is_empty() { String::new() } else { format!("{address}南京路8号") };
        self.put(
            kind,
            at,
            &[code.to_owned()],
            &[
                ("region_code", region),
                ("location_source", source),
                ("address", &address),
                ("device_id", &device),
            ],
        );
        let accuracy = *pick(self.random, &[20.0, 100.0, 2000.0, 2001.0, 5000.0]);
        if self.random.random_bool(0.1) {
            self.last()["complaint"] = json!(true);
        }
        if (source == "gps" || source == "lbs") && self.random.random_bool(0.9) {
            self.last()["accuracy_m"] = json!(accuracy);
        }
    }

    pub(super) fn claim(&mut self, dealer: Option<usize>, at: DateTime<Utc>, code: &str) {
        let of = match dealer {
            Some(dealer) if self.random.random_bool(0.75) => dealer,
            _ => self.random.random_range(1..=DEALERS),
        };
        let number = of * 10 + self.random.random_range(1..=2);
        self.claim_by(number, at, code, "");
        if self.random.random_bool(0.2) {
            // The app sends it again, at the limit of what counts as the same claim.
            let again = at + Duration::seconds(*pick(self.random, &[5, 60, 61]));
            let mut record = self.last().clone();
            record["event_id"] = json!(format!("{}R", record["event_id"].as_str().expect("an id")));
            record["event_time"] = json!(super::chain::written(again));
            self.company.records.push(record);
        }
    }

    fn claim_by(&mut self, number: usize, at: DateTime<Utc>, code: &str, order: &str) {
        let store = format!("{}T{number}", self.prefix);
        let promoter = format!("{}M{number}", self.prefix);
        let row = self.company.table("store").iter().find(|row| row.get("store_code") == store);
        let point = row.and_then(|row| {
            Some(Point {
                longitude: row.text("longitude")?.parse().ok()?,
                latitude: row.text("latitude")?.parse().ok()?,
            })
        });
        let said = if self.random.random_bool(0.8) { store.as_str() } else { "" };
        let device = format!("M{number}");
        self.put(
            "sell",
            at,
            &[code.to_owned()],
            &[
                ("store_code", said),
                ("promoter_code", &promoter),
                ("device_id", &device),
                ("order_no", order),
            ],
        );
        let Some(point) = point else { return };
        // Degrees of latitude: 100 m, 1.5 km, 50 km.
        let away = *pick(self.random, &[0.0009, 0.0009, 0.0009, 0.0009, 0.0135, 0.45]);
        let accuracy =
            *pick(self.random, &[Some(10.0), Some(10.0), Some(200.0), Some(3000.0), None]);
        let there = Point { latitude: point.latitude + away, ..point };
        let record = self.last();
        let (there, datum) = if record["event_id"].as_str().expect("an id").ends_with(['3', '7']) {
            (to_gcj02(there), "gcj02")
        } else {
            (there, "wgs84")
        };
        record["longitude"] = json!(there.longitude);
        record["latitude"] = json!(there.latitude);
        record["datum"] = json!(datum);
        if let Some(accuracy) = accuracy {
            record["accuracy_m"] = json!(accuracy);
        }
        if self.random.random_bool(0.06) {
            let record = self.last();
            record.as_object_mut().expect("an object").remove("longitude");
        }
    }

    /// More claims within a minute than one can sell, some of them for an order.
    pub(super) fn burst(&mut self) {
        let Some(pallet) = self.pallets.last().cloned() else { return };
        let number = pallet.dealer.unwrap_or(1) * 10 + 1;
        let at = later(self.random, pallet.at, 90);
        let order = match self.random.random_range(0..3) {
            0 => super::documents::order_no(self.prefix, 1, 1),
            1 => "NO-SUCH-ORDER".to_owned(),
            _ => String::new(),
        };
        let codes: Vec<_> = pallet.cases.iter().flat_map(|(_, items)| items.clone()).collect();
        let gap = *pick(self.random, &[5, 10, 11]);
        for (place, code) in codes.iter().take(self.random.random_range(6..=8)).enumerate() {
            let at = at + Duration::seconds(gap * i64::try_from(place).expect("a few"));
            let order = if place % 2 == 0 { order.as_str() } else { "" };
            self.claim_by(number, at, code, order);
        }
    }
}
