//! Planning the company: masters, then production, then sales.
//!
//! Each part draws from its own stream of chance, so that a change in one leaves the others alone.

mod masters;
mod names;
mod production;
mod sales;

use chrono::{Days, NaiveDate, NaiveDateTime};

pub(crate) use masters::{DIVERTER, ECOMMERCE, Masters, masters};
pub(crate) use production::{Production, production};
pub(crate) use sales::{Sales, sales};

/// Streams of chance, one per part.
pub(crate) mod stream {
    pub(crate) const MASTERS: u64 = 1;
    pub(crate) const PRODUCTION: u64 = 2;
    pub(crate) const SALES: u64 = 3;
    /// Pallet `n` draws from this plus `n`.
    pub(crate) const PALLETS: u64 = 1_000;
}

/// Items of a pallet, the same for every product.
pub(crate) const ITEMS_PER_PALLET: u32 = 120;

/// What every part of a plan is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) seed: u64,
    pub(crate) scale: u32,
    pub(crate) start: NaiveDate,
}

impl Frame {
    /// Midnight of the `day`th day and `seconds` more.
    pub(crate) fn at(&self, day: i64, seconds: i64) -> NaiveDateTime {
        let day = self.start.checked_add_days(Days::new(day.unsigned_abs())).unwrap_or(self.start);
        day.and_time(chrono::NaiveTime::MIN) + chrono::TimeDelta::seconds(seconds)
    }
}
