//! A history as text, so that two of them are compared line by line.

use std::fmt::Write;

use yuanliu_trace_index::{Facts, Reader, TraceIndex, UnitHistory};

use crate::support::World;

pub(crate) fn end(to: Option<i64>) -> String {
    to.map_or("..".into(), |to| to.to_string())
}

pub(crate) fn opt(text: Option<&str>) -> &str {
    text.unwrap_or("-")
}

/// The facts on one line.
pub(crate) fn facts(facts: &Facts) -> String {
    format!("{facts:?}")
}

pub(crate) fn history(index: &TraceIndex, code: &str, as_of: i64) -> String {
    index.history(code, as_of, &World).unwrap().as_ref().map_or("nothing\n".into(), shown)
}

pub(crate) fn read(reader: &mut Reader<'_>, code: &str) -> String {
    reader.history(code, &World).unwrap().as_ref().map_or("nothing\n".into(), shown)
}

pub(crate) fn shown(unit: &UnitHistory) -> String {
    let mut out = format!("unit {}\n", unit.code);
    let mut line = |text: String| writeln!(out, "{text}").unwrap();
    if let Some(origin) = &unit.origin {
        let commission = origin.commission.as_ref();
        line(format!(
            "origin {} {} {} {} {} by {}",
            origin.printed_code,
            opt(origin.level.as_deref()),
            opt(origin.product_code.as_deref()),
            opt(origin.batch_no.as_deref()),
            opt(origin.work_order_no.as_deref()),
            commission
                .map_or("-".into(), |event| format!("{}/{}", event.event_id, event.content_hash))
        ));
    }
    for one in &unit.events {
        line(format!(
            "event {} {}/{} at {} depth {} via {}{}",
            one.event.event_type.as_str(),
            one.event.event_id,
            one.event.content_hash,
            one.event.time_us.unwrap(),
            one.depth,
            one.via_code,
            if one.is_voided { " voided" } else { "" }
        ));
    }
    let mut aside: Vec<String> = unit
        .set_aside
        .iter()
        .map(|event| format!("aside {}/{}", event.event_id, event.content_hash))
        .collect();
    aside.sort();
    aside.into_iter().for_each(&mut line);
    for stay in &unit.containment {
        line(format!("in {} [{},{})", stay.parent, stay.from_us, end(stay.to_us)));
    }
    for inside in &unit.ancestry {
        line(format!(
            "inside {} depth {} [{},{})",
            inside.ancestor,
            inside.depth,
            inside.from_us,
            end(inside.to_us)
        ));
    }
    for one in &unit.custody {
        line(format!(
            "custody {} [{},{}) since {} by {} channel {} ship {} via {} {} {}{}{}",
            one.dealer_code,
            one.from_us,
            end(one.to_us),
            one.since_us,
            one.start_event_id,
            opt(one.channel.as_deref()),
            opt(one.ship_event_id.as_deref()),
            opt(one.ship_via_code.as_deref()),
            opt(one.delivery_no.as_deref()),
            opt(one.order_no.as_deref()),
            if one.is_inferred { " inferred" } else { "" },
            if one.continues { " continues" } else { "" },
        ));
    }
    for one in &unit.shipments {
        line(format!(
            "shipment {} {} at {} {} {} {} {} via {}{}{}",
            one.event_type.as_str(),
            one.event_id,
            one.time_us,
            opt(one.dealer_code.as_deref()),
            opt(one.channel.as_deref()),
            opt(one.delivery_no.as_deref()),
            opt(one.order_no.as_deref()),
            opt(one.via_code.as_deref()),
            if one.is_inferred { " inferred" } else { "" },
            if one.is_voided { " voided" } else { "" },
        ));
    }
    line(facts(&unit.facts));
    assert!(!unit.is_truncated);
    out
}
