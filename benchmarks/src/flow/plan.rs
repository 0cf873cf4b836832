//! How many goods there are, and what happens to each of them when.

use super::codes::mix;

/// Items in a case.
pub(super) const CASE_ITEMS: u64 = 24;
/// Cases on a pallet.
pub(super) const PALLET_CASES: u64 = 40;
pub(super) const PALLET_ITEMS: u64 = CASE_ITEMS * PALLET_CASES;
/// Ten batches are more than half a million items.
pub(super) const BATCH_PALLETS: u64 = 53;
pub(super) const BATCH_ITEMS: u64 = BATCH_PALLETS * PALLET_ITEMS;
pub(super) const DELIVERY_PALLETS: u64 = 4;
pub(super) const DEALERS: u64 = 500;
pub(super) const PRODUCTS: u64 = 10;
pub(super) const LINES: u64 = 8;

/// The material of [`RECALLED_LOT`].
pub const MATERIAL_CODE: &str = "M0001";
/// The lot of [`MATERIAL_CODE`] that reached [`Plan::recalled_items`].
pub const RECALLED_LOT: &str = "LOT-RECALLED";

/// 2025-01-01 in China, in microseconds since 1970 UTC.
pub(super) const START_US: i64 = 1_735_660_800_000_000;
const YEAR_US: u64 = 365 * 86_400_000_000;
const YEAR_DAYS: u64 = 365;
/// Of a thousand items, those that a consumer checks, and those of a thousand that check again.
const CHECKED_PER_MILLE: u64 = 30;
const CHECKED_AGAIN_PER_MILLE: u64 = 200;

/// What ids events have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EventIds {
    /// The device and its own number, as line computers write them: neighbours in an index.
    #[default]
    Device,
    /// UUIDs, each anywhere in an index.
    Uuid,
}

/// A flow of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How many items are made in the year; a started pallet is filled.
    pub items: u64,
    /// Another seed gives other codes and other checks.
    pub seed: u64,
    /// Codes in one commission event of the first [`Plan::grouped_items`]; one of all others.
    pub codes_per_commission: u64,
    /// How many items are commissioned in groups.
    pub grouped_items: u64,
    /// At least so many items are made of one lot, half of the goods at most.
    pub recalled_items: u64,
    /// What ids events have.
    pub event_ids: EventIds,
}

impl Plan {
    /// A flow of `items` items, each commissioned by an event of its own.
    #[must_use]
    pub fn new(items: u64, seed: u64) -> Self {
        Self {
            items,
            seed,
            codes_per_commission: 1,
            grouped_items: 0,
            recalled_items: 500_000,
            event_ids: EventIds::Device,
        }
    }

    /// How many items are made of [`RECALLED_LOT`].
    #[must_use]
    pub fn reached_items(&self) -> u64 {
        (self.recalled_batches() * BATCH_ITEMS).min(self.pallets() * PALLET_ITEMS)
    }

    fn recalled_batches(&self) -> u64 {
        let wanted = self.recalled_items.div_ceil(BATCH_ITEMS);
        wanted.min(self.batches() / 2).max(1)
    }

    pub(super) fn pallets(&self) -> u64 {
        self.items.div_ceil(PALLET_ITEMS)
    }

    pub(super) fn batches(&self) -> u64 {
        self.pallets().div_ceil(BATCH_PALLETS)
    }

    pub(super) fn deliveries(&self) -> u64 {
        self.pallets().div_ceil(DELIVERY_PALLETS)
    }

    /// In each slot a pallet is made, an earlier one ships and items of still earlier ones are checked.
    pub(super) fn slots(&self) -> u64 {
        self.pallets() + self.checked_again_after() + 1
    }

    pub(super) fn slot_us(&self) -> u64 {
        YEAR_US / self.slots()
    }

    /// Slots from making to shipping: three days where a slot is shorter.
    pub(super) fn shipped_after(&self) -> u64 {
        1 + self.pallets() * 3 / YEAR_DAYS
    }

    pub(super) fn checked_after(&self) -> u64 {
        self.shipped_after() + 1 + self.pallets() * 27 / YEAR_DAYS
    }

    pub(super) fn checked_again_after(&self) -> u64 {
        self.checked_after() + 1 + self.pallets() * 30 / YEAR_DAYS
    }

    pub(super) fn codes_per_commission_of(&self, item: u64) -> u64 {
        if item < self.grouped_items { self.codes_per_commission.max(1) } else { 1 }
    }

    /// The lot of [`MATERIAL_CODE`] that a batch is made of.
    pub(super) fn lot_no(&self, batch: u64) -> String {
        if batch < self.recalled_batches() {
            RECALLED_LOT.to_owned()
        } else {
            format!("LOT-{batch:07}")
        }
    }

    pub(super) fn is_checked(&self, item: u64) -> bool {
        mix(mix(item) ^ self.seed) % 1_000 < CHECKED_PER_MILLE
    }

    pub(super) fn is_checked_again(&self, item: u64) -> bool {
        self.is_checked(item) && mix(item ^ mix(self.seed)) % 1_000 < CHECKED_AGAIN_PER_MILLE
    }
}

/// The product of a batch, from 0.
pub(super) fn product(batch: u64) -> u64 {
    batch % PRODUCTS
}

/// The dealer of a delivery, from 0.
pub(super) fn dealer(delivery: u64) -> u64 {
    mix(delivery) % DEALERS
}

/// The line of a pallet, from 0.
pub(super) fn line(pallet: u64) -> u64 {
    pallet / BATCH_PALLETS % LINES
}
