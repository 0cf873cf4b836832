//! Custody and shipments: rules as tables, and properties against a naive reading of the rules.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use yuanliu_law::{Custody, CustodyEvent, EventType, Moment, custody, shipments};

/// Reads `time type key=value…`; keys: `id`, `to`, `ch`, `d` (delivery), `o`, `fix`, `via`.
fn event(line: &'static str) -> CustodyEvent<'static> {
    let mut words = line.split_whitespace();
    let time_us = words.next().unwrap().parse().unwrap();
    let event_type = EventType::parse(words.next().unwrap()).unwrap();
    let fields: Vec<(&str, &str)> = words.map(|word| word.split_once('=').unwrap()).collect();
    let get = |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    CustodyEvent {
        moment: Moment {
            time_us,
            precedence: event_type.precedence(),
            event_id: get("id").unwrap_or("-"),
            content_hash: 0,
        },
        inferred: get("via").is_some(),
        via_code: get("via"),
        event_type,
        holder: get("to"),
        channel: get("ch"),
        delivery_no: get("d"),
        order_no: get("o"),
        corrects_event_id: get("fix"),
    }
}

fn show(row: &Custody<'_>) -> String {
    let to = row.to_us.map_or("..".to_owned(), |to| to.to_string());
    let mut text = format!(
        "{} [{},{to}) since {} by {}",
        row.holder, row.from_us, row.since_us, row.start_event_id
    );
    let optional = [("ch", row.channel), ("ship", row.ship_event_id), ("d", row.delivery_no)];
    for (name, value) in optional {
        text.extend(value.map(|value| format!(" {name}={value}")));
    }
    if row.continues {
        text.push_str(" continues");
    }
    text
}

fn check(events: &[&'static str], expected: &[&str]) {
    let mut events: Vec<_> = events.iter().map(|line| event(line)).collect();
    let rows: Vec<String> = custody(&mut events).iter().map(show).collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_last_setting_event_decides() {
    check(
        &["10 ship id=a to=D1 ch=shop", "20 transfer id=b to=D2", "30 return id=c"],
        &["D1 [10,20) since 10 by a ch=shop ship=a", "D2 [20,30) since 20 by b ship=a"],
    );
    check(&["10 ship id=a", "20 receive id=b"], &[]);
    check(&["10 ship id=a to=D1", "20 decommission id=b"], &["D1 [10,20) since 10 by a ship=a"]);
}

#[test]
fn consecutive_holds_are_one_custody() {
    check(
        &["10 ship id=a to=D1 ch=shop", "20 receive id=b to=D1 ch=web"],
        &["D1 [10,..) since 10 by a ch=shop ship=a"],
    );
    check(
        &["10 ship id=a to=D1 ch=shop d=X", "20 ship id=b to=D1 ch=web d=Y"],
        &[
            "D1 [10,20) since 10 by a ch=shop ship=a d=X",
            "D1 [20,..) since 10 by a ch=shop ship=b d=Y continues",
        ],
    );
}

#[test]
fn a_void_resumes_the_hold_before_it() {
    check(
        &["10 ship id=a to=D1 ch=shop", "20 ship id=b to=D2 d=X", "30 void_ship id=v d=X"],
        &[
            "D1 [10,20) since 10 by a ch=shop ship=a",
            "D2 [20,30) since 20 by b ship=b d=X",
            "D1 [30,..) since 10 by a ch=shop ship=a",
        ],
    );
}

#[test]
fn a_void_cancels_only_what_it_names() {
    let ships = ["10 ship id=a to=D1 d=X", "20 ship id=b to=D2 d=X"];
    let with = |void: &'static str| [ships[0], ships[1], void];
    let untouched: &[&str] =
        &["D1 [10,20) since 10 by a ship=a d=X", "D2 [20,..) since 20 by b ship=b d=X"];
    check(&with("30 void_ship id=v"), untouched);
    check(&with("30 void_ship id=v d=Z"), untouched);
    check(&with("30 void_ship id=v fix=nothing"), untouched);
    check(&with("15 void_ship id=v fix=b"), untouched);
    // Naming the first by id takes the first, although the second is of the same delivery.
    check(&with("30 void_ship id=v fix=a d=X"), untouched);
}

#[test]
fn two_voids_of_a_delivery_cancel_two_ships() {
    check(
        &[
            "10 ship id=a to=D1 d=X",
            "20 ship id=b to=D2 d=X",
            "30 void_ship id=v d=X",
            "40 void_ship id=w d=X",
        ],
        &[
            "D1 [10,20) since 10 by a ship=a d=X",
            "D2 [20,30) since 20 by b ship=b d=X",
            "D1 [30,40) since 10 by a ship=a d=X",
        ],
    );
}

#[test]
fn a_void_after_a_return_leaves_it_returned() {
    check(
        &["10 ship id=a to=D1", "20 return id=r", "30 void_ship id=v fix=a"],
        &["D1 [10,20) since 10 by a ship=a"],
    );
}

#[test]
fn equal_times_are_ordered_by_type_then_id() {
    check(&["10 void_ship id=a fix=z", "10 ship id=z to=D1"], &[]);
    check(&["10 ship id=b to=D2", "10 ship id=a to=D1"], &["D2 [10,..) since 10 by b ship=b"]);
}

#[test]
fn one_scan_reaching_a_unit_twice_counts_once() {
    let mut events = ["10 ship id=a to=D1 via=CASE", "10 ship id=a to=D1"].map(event);
    let found = shipments(&mut events);
    assert_eq!(found.len(), 1);
    assert!(!found[0].inferred);
}

#[test]
fn shipments_keep_voided_ships_and_name_the_holder_of_a_return() {
    let mut events = [
        "10 ship id=a to=D1 ch=shop d=X",
        "20 transfer id=t to=D2 ch=web",
        "30 return id=r",
        "40 ship id=b to=D3 d=Y",
        "50 void_ship id=v d=Y",
        "60 return id=s",
    ]
    .map(event);
    let found: Vec<String> = shipments(&mut events)
        .iter()
        .map(|one| {
            format!("{} {:?} {:?} voided={}", one.event_id, one.holder, one.channel, one.voided)
        })
        .collect();
    assert_eq!(
        found,
        [
            r#"a Some("D1") Some("shop") voided=false"#,
            r#"r Some("D2") Some("web") voided=false"#,
            r#"b Some("D3") None voided=true"#,
            r#"s None None voided=false"#,
        ]
    );
}

const IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const HOLDERS: [&str; 3] = ["D1", "D2", "D3"];
const DELIVERIES: [&str; 2] = ["X", "Y"];

fn any_event() -> impl Strategy<Value = CustodyEvent<'static>> {
    let event_type = prop::sample::select(vec![
        EventType::Ship,
        EventType::Ship,
        EventType::VoidShip,
        EventType::VoidShip,
        EventType::Receive,
        EventType::Transfer,
        EventType::Return,
        EventType::Decommission,
        EventType::Sell,
    ]);
    let one_of = |texts: &'static [&'static str]| prop::option::of(prop::sample::select(texts));
    (
        (0_i64..12, prop::sample::select(&IDS[..]), 0_i64..2),
        event_type,
        one_of(&HOLDERS),
        one_of(&HOLDERS),
        one_of(&DELIVERIES),
        one_of(&IDS),
        any::<bool>(),
    )
        .prop_map(
            |(
                (time_us, event_id, content_hash),
                event_type,
                holder,
                channel,
                delivery_no,
                fixes,
                inferred,
            )| {
                CustodyEvent {
                    moment: Moment {
                        time_us,
                        precedence: event_type.precedence(),
                        event_id,
                        content_hash,
                    },
                    inferred,
                    via_code: None,
                    event_type,
                    holder,
                    channel,
                    delivery_no,
                    order_no: None,
                    corrects_event_id: fixes,
                }
            },
        )
}

/// What the rules say at `time_us`, read afresh from the whole ledger: holder, since, channel,
/// start event, last ship.
type Answer<'a> = (&'a str, i64, Option<&'a str>, &'a str, Option<&'a str>);

fn naive<'a>(sorted: &[CustodyEvent<'a>], time_us: i64) -> Option<Answer<'a>> {
    let past: Vec<&CustodyEvent<'a>> =
        sorted.iter().filter(|event| event.moment.time_us <= time_us).collect();
    let mut cancelled = vec![false; past.len()];
    for (at, void) in past.iter().enumerate() {
        if void.event_type != EventType::VoidShip {
            continue;
        }
        let earlier = |fits: &dyn Fn(&CustodyEvent<'_>) -> bool| {
            (0..at)
                .rev()
                .find(|&i| past[i].event_type == EventType::Ship && !cancelled[i] && fits(past[i]))
        };
        let named = void
            .corrects_event_id
            .and_then(|id| earlier(&|ship| ship.moment.event_id == id))
            .or_else(|| {
                void.delivery_no.and_then(|no| earlier(&|ship| ship.delivery_no == Some(no)))
            });
        if let Some(ship) = named {
            cancelled[ship] = true;
        }
    }
    let clears = |event: &CustodyEvent<'_>| {
        matches!(event.event_type, EventType::Return | EventType::Decommission)
    };
    let sets = |event: &CustodyEvent<'_>| {
        event.holder.is_some()
            && matches!(
                event.event_type,
                EventType::Ship | EventType::Transfer | EventType::Receive
            )
    };
    let chain: Vec<&CustodyEvent<'a>> = past
        .iter()
        .zip(&cancelled)
        .filter(|(event, cancelled)| !**cancelled && (sets(event) || clears(event)))
        .map(|(event, _)| *event)
        .collect();
    let last = chain.last().filter(|event| sets(event))?;
    let since_clear: Vec<_> =
        chain.iter().rev().take_while(|event| !clears(event)).copied().collect();
    let first = since_clear.iter().take_while(|event| event.holder == last.holder).last().unwrap();
    let ship = since_clear.iter().find(|event| event.event_type == EventType::Ship);
    Some((
        last.holder.unwrap(),
        first.moment.time_us,
        first.channel,
        first.moment.event_id,
        ship.map(|ship| ship.moment.event_id),
    ))
}

proptest! {
    #[test]
    fn custody_agrees_with_the_naive_reading(
        (given, mut shuffled) in prop::collection::vec(any_event(), 0..14)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
    ) {
        let mut sorted = given;
        let rows = custody(&mut sorted);
        prop_assert_eq!(&rows, &custody(&mut shuffled.clone()), "order of arrival matters");
        prop_assert_eq!(shipments(&mut sorted.clone()), shipments(&mut shuffled));
        for pair in rows.windows(2) {
            prop_assert!(pair[0].to_us.is_some_and(|to| to <= pair[1].from_us), "overlap");
        }
        prop_assert!(rows.iter().all(|row| row.to_us.is_none_or(|to| row.from_us < to)));
        // An event is one moment; copies of it are the same scan.
        sorted.dedup_by_key(|event| event.moment);
        for time_us in -1..13 {
            let answers: Vec<Answer<'_>> = rows
                .iter()
                .filter(|row| row.from_us <= time_us && row.to_us.is_none_or(|to| time_us < to))
                .map(|row| (row.holder, row.since_us, row.channel, row.start_event_id, row.ship_event_id))
                .collect();
            prop_assert_eq!(answers, Vec::from_iter(naive(&sorted, time_us)), "at {}", time_us);
        }
    }
}
