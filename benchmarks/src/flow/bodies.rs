//! The flow cut into request bodies.

use super::slot::{Flow, Slot};

/// Some events of the flow as JSON Lines.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// One event on each line.
    pub text: Vec<u8>,
    /// How many.
    pub events: u64,
    /// Codes of items that they commission.
    pub commissioned: u64,
}

/// Bodies of a flow, one after the other; holds one slot and one body.
#[derive(Debug, Clone)]
pub struct Bodies {
    flow: Flow,
    slot: Slot,
    line: usize,
    begin: usize,
}

impl Bodies {
    /// Bodies from where the flow is.
    #[must_use]
    pub fn new(flow: Flow) -> Self {
        Self { flow, slot: Slot::default(), line: 0, begin: 0 }
    }

    /// Up to so many events, ending with the one that commissions code number `codes` of the body if
    /// that comes first; `None` at the end of the flow.
    pub fn next(&mut self, events: u64, codes: u64) -> Option<Body> {
        let mut body = Body::default();
        while body.events < events && body.commissioned < codes {
            let Some(line) = self.slot.lines.get(self.line) else {
                if !self.flow.fill(&mut self.slot) {
                    break;
                }
                (self.line, self.begin) = (0, 0);
                continue;
            };
            body.text.extend_from_slice(&self.slot.text[self.begin..line.end]);
            body.events += 1;
            body.commissioned += line.commissioned;
            self.begin = line.end;
            self.line += 1;
        }
        (body.events > 0).then_some(body)
    }

    /// Goes on by so many events, or to where so many codes were commissioned if that comes first;
    /// how many events that were.
    pub fn skip(&mut self, events: u64, codes: u64) -> u64 {
        let (mut skipped, mut commissioned) = (0, 0);
        while skipped < events && commissioned < codes {
            let most = SKIPPED_EVENTS.min(events - skipped);
            let Some(body) = self.next(most, codes - commissioned) else { break };
            skipped += body.events;
            commissioned += body.commissioned;
        }
        skipped
    }
}

/// Events that are skipped at a time.
const SKIPPED_EVENTS: u64 = 1_000;
