//! The made-up flow: the same every time, whole, and taken by the hub's own reader without a reject.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Cursor;

use chrono::Utc;
use serde_json::Value;
use yuanliu_benchmarks::flow::{
    Bodies, EventIds, Flow, Plan, RECALLED_LOT, Slot, case_code, item_code, pallet_code,
};
use yuanliu_scans::{CodeRules, EventReader, Format, Receipt, ScanRules};

const SEED: u64 = 7;
/// A batch and the beginning of another.
const ITEMS: u64 = 960 * 56;

fn text(plan: &Plan) -> Vec<u8> {
    let (mut flow, mut slot) = (Flow::new(plan.clone()), Slot::default());
    let mut text = Vec::new();
    while flow.fill(&mut slot) {
        text.extend_from_slice(&slot.text);
    }
    text
}

fn events(plan: &Plan) -> Vec<Value> {
    let text = String::from_utf8(text(plan)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn codes(event: &Value) -> Vec<String> {
    let codes = event["codes"].as_array().map(Vec::as_slice).unwrap_or_default();
    codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_plan_is_one_flow_and_the_reader_takes_all_of_it() {
    let plan = Plan::new(ITEMS, SEED);
    let text = text(&plan);
    assert!(text == self::text(&plan));
    assert!(text != self::text(&Plan { seed: 8, ..plan }));
    let rules = ScanRules::new(&CodeRules::default(), chrono_tz::Asia::Shanghai).unwrap();
    let lines = text.iter().filter(|byte| **byte == b'\n').count() as u64;
    let input = Cursor::new(text);
    let reader =
        EventReader::from_reader(input, Format::JsonLines, "flow", &rules, Utc::now()).unwrap();
    let (mut reader, mut receipt) = (reader, Receipt::default());
    while let Some(chunk) = reader.next_chunk(10_000).unwrap() {
        receipt.add(&chunk.receipt);
    }
    assert_eq!((receipt.total, receipt.accepted), (lines, lines));
    assert_eq!(receipt.sentinels, 0);
}

#[test]
fn every_unit_is_commissioned_packed_and_shipped_once() {
    let plan = Plan::new(ITEMS, SEED);
    let mut counts = BTreeMap::<String, u64>::new();
    let (mut commissioned, mut packed) = (HashSet::new(), HashMap::new());
    let (mut shipped, mut ids) = (HashSet::new(), HashSet::new());
    let mut sequences = HashMap::<String, u64>::new();
    let mut last_time = String::new();
    for event in events(&plan) {
        let kind = event["event_type"].as_str().unwrap().to_owned();
        *counts.entry(kind.clone()).or_default() += 1;
        assert!(ids.insert(event["event_id"].as_str().unwrap().to_owned()), "{event}");
        let time = event["event_time"].as_str().unwrap().to_owned();
        assert!(time > last_time && time.starts_with("2025-"), "{time} after {last_time}");
        last_time = time;
        if let Some(sequence) = event["device_sequence"].as_u64() {
            let last = sequences.entry(event["device_id"].to_string()).or_default();
            assert_eq!(sequence, *last + 1);
            *last = sequence;
        }
        for code in codes(&event) {
            match kind.as_str() {
                "commission" => assert!(commissioned.insert(code)),
                "pack" => {
                    assert!(commissioned.contains(&code));
                    let parent = event["parent_code"].as_str().unwrap().to_owned();
                    assert!(commissioned.contains(&parent));
                    assert!(packed.insert(code, parent).is_none());
                }
                "ship" => {
                    assert!(event["to_party"].is_string() && event["delivery_no"].is_string());
                    assert!(shipped.insert(code));
                }
                _ => assert!(packed.contains_key(&code), "{event}"),
            }
        }
    }
    let (cases, pallets) = (ITEMS / 24, ITEMS / 960);
    assert_eq!(counts["commission"], ITEMS + cases + pallets);
    assert_eq!((counts["pack"], counts["ship"]), (cases + pallets, pallets));
    assert_eq!(counts["consume"], 2);
    let checks = counts["verify"] as f64 / ITEMS as f64;
    assert!((0.033..0.039).contains(&checks), "{checks}");
    for item in [0, 1, 999, ITEMS - 1] {
        let case = &packed[&item_code(SEED, item)];
        assert_eq!(*case, case_code(SEED, item / 24));
        assert_eq!(packed[case], pallet_code(SEED, item / 960));
        assert!(shipped.contains(&packed[case]));
    }
}

#[test]
fn codes_can_be_grouped_and_ids_be_uuids() {
    let grouped = Plan {
        codes_per_commission: 100,
        grouped_items: 960 * 28,
        event_ids: EventIds::Uuid,
        ..Plan::new(ITEMS, SEED)
    };
    let (grouped, single) = (events(&grouped), events(&Plan::new(ITEMS, SEED)));
    let items = |events: &[Value]| {
        let made = events.iter().filter(|event| event["level"] == "item");
        made.flat_map(codes).collect::<Vec<_>>()
    };
    assert_eq!(items(&grouped), items(&single));
    // Ten groups to a pallet.
    assert_eq!(single.len() - grouped.len(), 960 * 28 - 28 * 10);
    let ids: HashSet<_> = grouped.iter().map(|event| event["event_id"].to_string()).collect();
    assert_eq!(ids.len(), grouped.len());
    assert!(ids.iter().all(|id| id.len() == 38), "UUIDs in quotes");
}

#[test]
fn a_lot_reaches_as_many_items_as_asked_but_half_at_most() {
    let reached = |recalled_items| {
        let plan = Plan { recalled_items, ..Plan::new(960 * 53 * 6, SEED) };
        let text = String::from_utf8(text(&plan)).unwrap();
        text.lines().filter(|line| line.contains(RECALLED_LOT)).count()
    };
    assert_eq!([reached(1), reached(960 * 53 + 1), reached(500_000)], [1, 2, 3]);
}

#[test]
fn bodies_cut_the_flow_and_lose_nothing() {
    let plan = Plan::new(960 * 3, SEED);
    let mut bodies = Bodies::new(Flow::new(plan.clone()));
    let (mut whole, mut commissioned) = (Vec::new(), 0);
    let mut cuts = [7_u64, 100, 1].into_iter().cycle();
    while let Some(body) = bodies.next(cuts.next().unwrap(), 50) {
        let lines = body.text.iter().filter(|byte| **byte == b'\n').count() as u64;
        assert_eq!(lines, body.events);
        assert!(body.commissioned <= 50);
        commissioned += body.commissioned;
        whole.extend_from_slice(&body.text);
    }
    assert_eq!(commissioned, 960 * 3);
    assert!(whole == text(&plan));
    let mut skipped = Bodies::new(Flow::new(plan));
    let events = skipped.skip(u64::MAX, 1_000);
    let rest = skipped.next(u64::MAX, u64::MAX).unwrap();
    let all = whole.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert_eq!((events + rest.events, rest.commissioned), (all, 960 * 3 - 1_000));
}
