//! The events of a stretch of time.

use super::codes::mix;
use super::line::JsonLine;
use super::plan::{EventIds, LINES, Plan, START_US};

/// More than a slot has events, so that their times rise within it.
const SLOT_EVENTS_MAX: u64 = 4_096;

/// Devices of the factory: a camera on each line and a handheld at the dock.
const DEVICES: usize = LINES as usize + 1;
/// The handheld among the devices.
pub(super) const DOCK: usize = LINES as usize;

/// The end of one event's line and what it adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Where the line ends in [`Slot::text`], its line feed included.
    pub end: usize,
    /// Codes of items that the event commissions.
    pub commissioned: u64,
}

/// Events of one stretch of time, in order of time.
#[derive(Debug, Clone, Default)]
pub struct Slot {
    /// JSON Lines.
    pub text: Vec<u8>,
    /// One for each event.
    pub lines: Vec<Line>,
}

/// The flow at a point of time. A clone goes on from the same point.
#[derive(Debug, Clone)]
pub struct Flow {
    pub(super) plan: Plan,
    next: u64,
    events: u64,
    device_sequences: [u64; DEVICES],
    at_us: i64,
}

impl Flow {
    /// The flow at its beginning.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self { plan, next: 0, events: 0, device_sequences: [0; DEVICES], at_us: START_US }
    }

    /// Replaces the slot's events by those of the next stretch; false when the year is over.
    pub fn fill(&mut self, slot: &mut Slot) -> bool {
        slot.text.clear();
        slot.lines.clear();
        let number = self.next;
        if number >= self.plan.slots() {
            return false;
        }
        self.next += 1;
        self.at_us = START_US + (number * self.plan.slot_us()) as i64;
        let pallets = self.plan.pallets();
        if number < pallets {
            self.make(number, slot);
        }
        let earlier = |slots: u64| number.checked_sub(slots).filter(|pallet| *pallet < pallets);
        if let Some(pallet) = earlier(self.plan.shipped_after()) {
            self.ship(pallet, slot);
        }
        if let Some(pallet) = earlier(self.plan.checked_after()) {
            self.check(pallet, 1, slot);
        }
        if let Some(pallet) = earlier(self.plan.checked_again_after()) {
            self.check(pallet, 2, slot);
        }
        true
    }

    pub(super) fn write(&mut self, slot: &mut Slot, scan: &Scan<'_>) {
        let step_us = (self.plan.slot_us() / SLOT_EVENTS_MAX).max(1);
        let at_us = self.at_us + (slot.lines.len() as u64 * step_us) as i64;
        let chance = mix(self.events ^ mix(self.plan.seed));
        let (device, device_id) = scan.device;
        let mut sequence = 0;
        if !device_id.is_empty()
            && let Some(last) = self.device_sequences.get_mut(device)
        {
            *last += 1;
            sequence = *last;
        }
        let id = match self.plan.event_ids {
            EventIds::Uuid => uuid(self.plan.seed, self.events),
            EventIds::Device if device_id.is_empty() => scan.id.to_owned(),
            EventIds::Device => format!("{device_id}-{sequence:011}"),
        };
        self.events += 1;
        let mut line = JsonLine::begin(&mut slot.text, &id, scan.event_type);
        line.instant("event_time", at_us);
        line.instant("recorded_at", at_us + (1 + chance % 60) as i64 * 1_000_000);
        if !scan.codes.is_empty() {
            line.codes(scan.codes);
        }
        line.members(scan.tail);
        if !device_id.is_empty() {
            line.text("device_id", device_id);
            line.whole("device_sequence", sequence);
        }
        line.end();
        slot.lines.push(Line { end: slot.text.len(), commissioned: scan.items });
    }
}

/// What an event says besides its id and time.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    pub(super) event_type: &'a str,
    pub(super) codes: &'a [String],
    /// Further members, each with a comma before it.
    pub(super) tail: &'a [u8],
    /// The number and name of a device that numbers its events.
    pub(super) device: (usize, &'a str),
    /// The id, if there is no such device.
    pub(super) id: &'a str,
    pub(super) items: u64,
}

impl<'a> Scan<'a> {
    pub(super) fn of(event_type: &'a str, codes: &'a [String]) -> Self {
        Self { event_type, codes, tail: &[], device: (0, ""), id: "", items: 0 }
    }
}

/// A UUID of version 4 that no other event has: its first half follows from the number alone.
fn uuid(seed: u64, number: u64) -> String {
    let (high, low) = (mix(number.wrapping_add(mix(!seed))), mix(mix(number) ^ seed));
    let (high, low) = (format!("{high:016x}"), format!("{low:016x}"));
    format!(
        "{}-{}-4{}-a{}-{}{}",
        &high[..8],
        &high[8..12],
        &high[13..],
        &low[1..4],
        &low[4..15],
        &high[12..13]
    )
}
