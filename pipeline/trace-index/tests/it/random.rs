//! Random sets of events: any order, any repetition, any batches, one answer, and it is the models'.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use yuanliu_law::EventType;
use yuanliu_trace_index::{BulkBuild, Compaction, Progress, TraceIndex};

use crate::model::Model;
use crate::shown;
use crate::support::{Told, batch, options};

const SEED: u64 = 20_250_301;
const CASES: u32 = 40;

const ITEMS: [&str; 5] = ["I1", "I2", "I3", "I4", "I5"];
const BOXES: [&str; 5] = ["C1", "C2", "P1", "P2", "T1"];
/// Other carriers, a placeholder of each kind, and a box that may carry another.
const OTHERS: [&str; 5] = ["R1", "R2", "0000", "BAD", "C2"];

fn any_code() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => prop::sample::select(ITEMS.to_vec()),
        4 => prop::sample::select(BOXES.to_vec()),
        2 => prop::sample::select(OTHERS.to_vec()),
    ]
    .prop_map(str::to_owned)
}

fn maybe(
    name: &'static str,
    values: &'static [&'static str],
) -> impl Strategy<Value = Option<(String, String)>> {
    prop::option::weighted(0.3, prop::sample::select(values.to_vec()))
        .prop_map(move |value| value.map(|value| (name.to_owned(), value.to_owned())))
}

fn any_texts() -> impl Strategy<Value = BTreeMap<String, String>> {
    (
        maybe("level", &["item", "case", "pallet"]),
        maybe("product_code", &["P1", "P2"]),
        maybe("batch_no", &["B1"]),
        maybe("work_order_no", &["WO", "WO-2"]),
        maybe("to_party", &["D1", "D2", "S1", "S2", "W1", "X", "?"]),
        maybe("store_code", &["S1", "S9"]),
        maybe("delivery_no", &["N1", "N2", "N3"]),
        maybe("order_no", &["O2", "O3"]),
        maybe("channel", &["gift"]),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i)| {
            [a, b, c, d, e, f, g, h, i].into_iter().flatten().collect()
        })
}

fn any_event() -> impl Strategy<Value = Told> {
    let event_type = prop_oneof![
        4 => Just(EventType::Pack),
        3 => Just(EventType::Commission),
        3 => Just(EventType::Ship),
        2 => Just(EventType::Unpack),
        2 => Just(EventType::VoidShip),
        4 => prop::sample::select(EventType::ALL.to_vec()),
    ];
    (
        event_type,
        prop::option::weighted(0.93, 0_i64..12),
        prop::collection::btree_set(any_code(), 0..4),
        prop::collection::vec(prop::sample::select(OTHERS.to_vec()), 0..2),
        prop::option::weighted(
            0.8,
            prop_oneof![
                8 => prop::sample::select(BOXES.to_vec()),
                1 => prop::sample::select(OTHERS.to_vec()),
            ],
        ),
        any_texts(),
        prop::option::weighted(0.15, 0_usize..24),
    )
        .prop_map(|(event_type, time, codes, aliases, parent, mut texts, corrects)| {
            let is_packing = matches!(event_type, EventType::Pack | EventType::Unpack);
            if let Some(parent) = parent.filter(|_| is_packing) {
                texts.insert("parent_code".into(), parent.into());
            }
            if let Some(corrects) = corrects {
                texts.insert("corrects_event_id".into(), format!("e{corrects}"));
            }
            let is_commission = event_type == EventType::Commission;
            Told {
                id: String::new(),
                hash: 0,
                event_type,
                time,
                codes: codes.into_iter().collect(),
                aliases: aliases.into_iter().filter(|_| is_commission).map(str::to_owned).collect(),
                texts,
                inputs: Vec::new(),
            }
        })
}

/// Events with ids of their own, but for a few that share one; some name their codes once more as
/// other carriers.
fn any_events() -> impl Strategy<Value = Vec<Told>> {
    let odd = (prop::bool::weighted(0.07), prop::bool::weighted(0.3));
    prop::collection::vec((any_event(), odd), 1..24).prop_map(|told| {
        let with_id = |(at, (mut event, (is_collision, names_itself))): (usize, (Told, _))| {
            if names_itself && event.event_type == EventType::Commission {
                event.aliases.extend(event.codes.iter().cloned());
            }
            event.id = format!("e{}", if is_collision { at / 2 } else { at });
            event.hash = at as i64 - 5;
            event
        };
        told.into_iter().enumerate().map(with_id).collect()
    })
}

/// The same events in another order, some of them again, and where to cut them into batches.
fn any_arrival() -> impl Strategy<Value = (Vec<Told>, Vec<Told>, Vec<usize>)> {
    any_events().prop_flat_map(|events| {
        let again = prop::collection::vec(prop::sample::select(events.clone()), 0..6);
        let cuts = prop::collection::vec(1_usize..8, 24);
        (Just(events), again, cuts).prop_flat_map(|(events, again, cuts)| {
            let arriving = [events.clone(), again].concat();
            (Just(events), Just(arriving).prop_shuffle(), Just(cuts))
        })
    })
}

fn check(events: &[Told], arriving: &[Told], cuts: &[usize]) {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| TraceIndex::open(folder.path().join(name), options()).unwrap();
    let whole = open("whole");
    whole.apply(&batch(events), Progress::default()).unwrap();

    let pieces = open("pieces");
    // Some entries in the base, some since, and a base made of a base.
    let always = yuanliu_trace_index::IndexOptions { compaction_bytes_min: 0, ..options() };
    let compacted = TraceIndex::open(folder.path().join("compacted"), always).unwrap();
    let mut rest = arriving;
    for cut in cuts {
        let (now, later) = rest.split_at((*cut).min(rest.len()));
        pieces.apply(&batch(now), Progress::default()).unwrap();
        compacted.apply(&batch(now), Progress::default()).unwrap();
        if cut % 2 == 0 {
            let done = compacted.compact(&AtomicBool::new(false)).unwrap();
            assert!(matches!(done, Compaction::Done { .. }), "{done:?}");
        }
        rest = later;
    }
    pieces.apply(&batch(rest), Progress::default()).unwrap();
    compacted.apply(&batch(rest), Progress::default()).unwrap();
    assert_eq!(compacted.codes_after("", 100).unwrap(), pieces.codes_after("", 100).unwrap());

    // So little memory that every batch is a run of its own.
    let small = yuanliu_trace_index::IndexOptions { sort_bytes: 1, ..options() };
    let mut build = BulkBuild::create(folder.path().join("bulk"), small).unwrap();
    for one in arriving.chunks(3) {
        build.push(&batch(one)).unwrap();
    }
    let bulk = build.finish(Progress::default()).unwrap();

    let codes: BTreeSet<&str> =
        ITEMS.into_iter().chain(BOXES).chain(OTHERS).chain(["none"]).collect();
    for as_of in [5, i64::MAX] {
        let model = Model::new(events, as_of);
        // One that reads afresh for every answer, and two that keep what they have read.
        let (mut one, mut other) = (pieces.reader(as_of), bulk.reader(as_of));
        for code in &codes {
            let expected = model.shown(code);
            assert_eq!(shown::history(&whole, code, as_of), expected, "whole {code} {as_of}");
            let shown = shown::history(&compacted, code, as_of);
            assert_eq!(shown, expected, "compacted {code} {as_of}");
            assert_eq!(shown::read(&mut one, code), expected, "pieces {code} {as_of}");
            assert_eq!(shown::read(&mut other, code), expected, "bulk {code} {as_of}");
            let below = one.descendants(code, 7).unwrap();
            let below: BTreeSet<(String, u8)> =
                below.units.iter().map(|(code, _, depth)| (code.to_string(), *depth)).collect();
            assert_eq!(below, model.below(&model.resolve(code), 7), "below {code} {as_of}");
        }
    }
}

#[test]
fn any_arrival_gives_the_answers_of_the_models() {
    println!("seed {SEED}");
    let config = Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&any_arrival(), |(events, arriving, cuts)| {
        check(&events, &arriving, &cuts);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("seed {SEED}: {error}"));
}
