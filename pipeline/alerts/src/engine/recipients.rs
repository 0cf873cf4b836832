//! Who gets what, and when at the earliest.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::alert::Alert;
use crate::config::{Address, AlertsConfig, Regions, Rule, Target, allowed_at, managers};
use crate::delivery::{Delivery, DeliveryKey};

/// The recipients of a step; 0: the rule's own. Each once.
fn recipients(
    config: &AlertsConfig,
    regions: &dyn Regions,
    rule: &Rule,
    step: u32,
    region_code: Option<&str>,
) -> BTreeSet<Address> {
    let targets = match step.checked_sub(1) {
        None => Some(&rule.to),
        Some(index) => rule.escalation.get(index as usize).map(|step| &step.to),
    };
    let mut found = BTreeSet::new();
    for target in targets.into_iter().flatten() {
        match target {
            Target::Address(address) => {
                found.insert(address.clone());
            }
            Target::RegionManager => {
                found.extend(managers(&config.managers, regions, region_code).iter().cloned());
            }
        }
    }
    found
}

/// The deliveries of an alert's round for some of its steps; whoever is in two steps is told once.
pub(super) fn deliveries(
    config: &AlertsConfig,
    regions: &dyn Regions,
    rule: &Rule,
    alert: &Alert,
    steps: std::ops::RangeInclusive<u32>,
    now: DateTime<Utc>,
) -> Vec<Delivery> {
    let mut told = BTreeSet::new();
    let mut deliveries = Vec::new();
    for step in steps {
        for address in recipients(config, regions, rule, step, alert.region_code.as_deref()) {
            if !told.insert(address.clone()) {
                continue;
            }
            let at = allowed_at(&config.quiet_hours, &address.channel, alert.severity, now);
            let Address { channel, recipient } = address;
            let (alert_id, round) = (alert.alert_id.clone(), alert.round);
            let key = DeliveryKey { alert_id, round, step, channel, recipient };
            deliveries.push(Delivery::new(key, now, at));
        }
    }
    deliveries
}

/// When the step after `step` is due: counted from when the first of the people could be told.
pub(super) fn escalates_at(
    rule: &Rule,
    step: u32,
    deliveries: &[Delivery],
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let next = rule.escalation.get(step as usize)?;
    let before = step.checked_sub(1).and_then(|index| rule.escalation.get(index as usize));
    let after = next.after.saturating_sub(before.map(|step| step.after).unwrap_or_default());
    let told = deliveries.iter().map(|delivery| delivery.next_at).min().unwrap_or(now);
    Some(told + after)
}
