//! Containment: rules as a table, and properties against a naive reading of the rules.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use yuanliu_law::{EventType, Moment, PackEvent, containment};

fn pack_event(
    time_us: i64,
    event_type: EventType,
    event_id: &'static str,
    parent: Option<&'static str>,
) -> PackEvent<'static> {
    let moment = Moment { time_us, precedence: event_type.precedence(), event_id, content_hash: 0 };
    PackEvent { moment, parent }
}

/// Reads `time pack|unpack id parent`, a parent of `-` meaning none.
fn event(line: &'static str) -> PackEvent<'static> {
    let words: Vec<&'static str> = line.split_whitespace().collect();
    let event_type = EventType::parse(words[1]).unwrap();
    let parent = (words[3] != "-").then_some(words[3]);
    pack_event(words[0].parse().unwrap(), event_type, words[2], parent)
}

fn check(events: &[&'static str], expected: &[&str]) {
    let mut events: Vec<_> = events.iter().map(|line| event(line)).collect();
    let stays: Vec<String> = containment(&mut events)
        .iter()
        .map(|stay| {
            let to = stay.to_us.map_or("..".to_owned(), |to| to.to_string());
            let end = stay.end_event_id.unwrap_or("-");
            format!("{} [{},{to}) {} {end}", stay.parent, stay.from_us, stay.start_event_id)
        })
        .collect();
    assert_eq!(stays, expected);
}

#[test]
fn a_stay_lasts_from_pack_to_unpack() {
    check(&["10 pack a C1", "20 unpack b C1"], &["C1 [10,20) a b"]);
    check(&["10 pack a C1", "20 unpack b -"], &["C1 [10,20) a b"]);
    check(&["10 pack a C1", "20 unpack b C2"], &["C1 [10,..) a -"]);
    check(&["10 unpack a C1", "10 unpack b -"], &[]);
    check(&["10 pack a -"], &[]);
}

#[test]
fn a_pack_elsewhere_ends_the_stay() {
    check(&["10 pack a C1", "20 pack b C2"], &["C1 [10,20) a b", "C2 [20,..) b -"]);
    check(&["10 pack a C1", "20 pack b C1"], &["C1 [10,..) a -"]);
}

#[test]
fn stays_of_no_length_vanish() {
    check(&["10 pack a C1", "10 unpack b C1"], &[]);
    check(&["10 pack a C1", "10 pack b C2"], &["C2 [10,..) b -"]);
    check(&["10 pack a C1", "20 pack b C2", "20 pack c C1", "30 unpack d C1"], &["C1 [10,30) a d"]);
}

const PARENTS: [&str; 3] = ["C1", "C2", "C3"];
const IDS: [&str; 4] = ["a", "b", "c", "d"];

fn any_event() -> impl Strategy<Value = PackEvent<'static>> {
    (
        0_i64..12,
        prop::sample::select(vec![EventType::Pack, EventType::Pack, EventType::Unpack]),
        prop::sample::select(&IDS[..]),
        prop::option::weighted(0.9, prop::sample::select(&PARENTS[..])),
    )
        .prop_map(|(time_us, event_type, id, parent)| pack_event(time_us, event_type, id, parent))
}

fn naive<'a>(sorted: &[PackEvent<'a>], time_us: i64) -> Option<&'a str> {
    sorted.iter().filter(|event| event.moment.time_us <= time_us).fold(None, |inside, event| {
        if event.moment.precedence == EventType::Pack.precedence() {
            return event.parent.or(inside);
        }
        inside.filter(|inside| event.parent.is_some_and(|parent| parent != *inside))
    })
}

proptest! {
    #[test]
    fn containment_agrees_with_the_naive_reading(
        (given, mut shuffled) in prop::collection::vec(any_event(), 0..14)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
    ) {
        let mut sorted = given;
        let stays = containment(&mut sorted);
        prop_assert_eq!(&stays, &containment(&mut shuffled), "order of arrival matters");
        for pair in stays.windows(2) {
            prop_assert!(pair[0].to_us.is_some_and(|to| to <= pair[1].from_us), "overlap");
        }
        for time_us in -1..13 {
            let inside: Vec<&str> = stays
                .iter()
                .filter(|stay| stay.from_us <= time_us && stay.to_us.is_none_or(|to| time_us < to))
                .map(|stay| stay.parent)
                .collect();
            prop_assert_eq!(inside, Vec::from_iter(naive(&sorted, time_us)), "at {}", time_us);
        }
    }
}
