//! From the dock to the consumer.

use super::codes::{item_code, mix, pallet_code};
use super::line::JsonLine;
use super::places::of_dealer;
use super::plan::{DELIVERY_PALLETS, PALLET_ITEMS, dealer};
use super::slot::{DOCK, Flow, Scan, Slot};

impl Flow {
    /// Ships a pallet to the dealer of its delivery.
    pub(super) fn ship(&mut self, pallet: u64, slot: &mut Slot) {
        let delivery = pallet / DELIVERY_PALLETS;
        let to = format!(
            ",\"delivery_no\":\"XSCK{delivery:08}\",\"order_no\":\"XSDD{delivery:08}\",\
             \"to_party\":\"D{:04}\",\"warehouse_code\":\"WH1\",\"operator\":\"E0007\"",
            dealer(delivery)
        );
        let code = [pallet_code(self.plan.seed, pallet)];
        let device = (DOCK, "PDA-01");
        self.write(slot, &Scan { tail: to.as_bytes(), device, ..Scan::of("ship", &code) });
    }

    /// Consumers' checks of a pallet's items, for the first or the second time.
    pub(super) fn check(&mut self, pallet: u64, time: u64, slot: &mut Slot) {
        for item in pallet * PALLET_ITEMS..(pallet + 1) * PALLET_ITEMS {
            let is_due = match time {
                1 => self.plan.is_checked(item),
                _ => self.plan.is_checked_again(item),
            };
            if !is_due {
                continue;
            }
            let chance = mix(item ^ time.rotate_left(32));
            // One check in twenty is made where another dealer sells.
            let shift = u64::from(chance.is_multiple_of(20));
            let place = of_dealer(dealer(pallet / DELIVERY_PALLETS) + shift);
            let offset = |bits: u64| (bits % 2_000) as f64 / 1e5 - 0.01;
            let mut tail = Vec::new();
            let mut members = JsonLine::part(&mut tail);
            members.degrees("longitude", place.longitude + offset(chance >> 8));
            members.degrees("latitude", place.latitude + offset(chance >> 24));
            members.whole("accuracy_m", 15 + chance % 400);
            members.text("datum", "wgs84");
            members.text("location_source", "gps");
            members.text("region_code", place.region_code);
            members.text("consumer_ref", &format!("c{:012x}", chance >> 16));
            members.text("channel", "wechat");
            members.text("device_id", &format!("web-{:012x}", mix(chance) >> 16));
            let id = format!("V{item:011}-{time}");
            let code = [item_code(self.plan.seed, item)];
            self.write(slot, &Scan { tail: &tail, id: &id, ..Scan::of("verify", &code) });
        }
    }
}
