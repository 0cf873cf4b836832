//! Which deliveries go into which message.

use std::collections::BTreeMap;

use crate::delivery::Delivery;
use crate::severity::Severity;

/// The deliveries of one message to one recipient.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Planned {
    pub(super) severity: Severity,
    pub(super) deliveries: Vec<Delivery>,
}

/// The messages of one channel, the most severe first, then the oldest.
///
/// What quiet hours held, and what is more than anybody reads one by one, becomes one digest for its
/// recipient; so no queue grows longer than `digest_over` messages a recipient.
pub(super) fn plan(due: Vec<(Severity, Delivery)>, digest_over: usize) -> Vec<Planned> {
    let mut by_recipient: BTreeMap<String, Vec<(Severity, Delivery)>> = BTreeMap::new();
    for (severity, delivery) in due {
        by_recipient.entry(delivery.key.recipient.clone()).or_default().push((severity, delivery));
    }
    let mut planned = Vec::new();
    for waiting in by_recipient.into_values() {
        let (held, fresh): (Vec<_>, Vec<_>) = if waiting.len() > digest_over {
            (waiting, Vec::new())
        } else {
            waiting.into_iter().partition(|(_, delivery)| delivery.is_held)
        };
        let alone =
            fresh.into_iter().map(|(severity, d)| Planned { severity, deliveries: vec![d] });
        planned.extend(alone);
        if let Some(severity) = held.iter().map(|(severity, _)| *severity).max() {
            let deliveries = held.into_iter().map(|(_, delivery)| delivery).collect();
            planned.push(Planned { severity, deliveries });
        }
    }
    let oldest = |p: &Planned| p.deliveries.iter().map(|d| d.created_at).min();
    planned.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| oldest(a).cmp(&oldest(b))));
    planned
}
