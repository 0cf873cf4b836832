//! What the sender is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::classify::Classified;
use crate::reject::Reason;

/// The counts of one delivery; `total` is accepted, duplicate and rejected together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Records read.
    pub total: u64,
    /// Events kept.
    pub accepted: u64,
    /// Events that were there already with the same content.
    pub duplicate: u64,
    /// Records that break a rule.
    pub rejected: u64,
    /// Accepted events whose id was there already with other content.
    pub collisions: u64,
    /// Accepted or duplicate events whose time stands for none.
    pub sentinels: u64,
    /// Rejected records by reason code.
    pub reasons: BTreeMap<String, u64>,
}

impl Receipt {
    pub(crate) fn accept(&mut self, has_time: bool) {
        self.total += 1;
        self.accepted += 1;
        self.sentinels += u64::from(!has_time);
    }

    pub(crate) fn reject(&mut self, reason: Reason) {
        self.total += 1;
        self.rejected += 1;
        *self.reasons.entry(reason.as_str().to_owned()).or_default() += 1;
    }

    /// Moves the duplicates out of the accepted ones and notes the collisions.
    pub fn classified(&mut self, classified: &Classified) {
        self.accepted = self.accepted.saturating_sub(classified.duplicate);
        self.duplicate += classified.duplicate;
        self.collisions += classified.collisions.len() as u64;
    }

    /// Adds the counts of another part of the delivery.
    pub fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.rejected += other.rejected;
        self.collisions += other.collisions;
        self.sentinels += other.sentinels;
        for (reason, count) in &other.reasons {
            *self.reasons.entry(reason.clone()).or_default() += count;
        }
    }
}
