//! The state of a unit: the order of the states as a table, and properties against a naive reading.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use yuanliu_law::{Fact, UnitFacts, UnitState, standing, unit_state};

/// Reads `fact=time` words, `~` behind a time for a scan on a container; `commissioned` alone.
fn facts(text: &str) -> UnitFacts {
    let mut facts = UnitFacts { arrived_before_us: 100, ..UnitFacts::default() };
    for word in text.split_whitespace() {
        let Some((name, value)) = word.split_once('=') else {
            assert_eq!(word, "commissioned");
            facts.is_commissioned = true;
            continue;
        };
        let at_us = value.trim_end_matches('~').parse().unwrap();
        let fact = Some(Fact { at_us, inferred: value.ends_with('~') });
        match name {
            "left" => facts.left_line_us = Some(at_us),
            "end" => facts.decommissioned = fact,
            "sold" => facts.sold = fact,
            "bought" => facts.bought = fact,
            "back" => facts.returned = fact,
            "store" => facts.reached_store = fact,
            "dealer" => facts.reached_dealer = fact,
            "ship" => facts.shipped = fact,
            other => unreachable!("{other}"),
        }
    }
    facts
}

#[test]
fn the_first_state_that_holds_decides() {
    let cases = [
        ("", "unknown inferred"),
        ("ship=1 sold=2 end=3", "unknown inferred"),
        ("commissioned end=3~", "line_reject inferred"),
        ("commissioned end=3 left=4", "line_reject"),
        ("commissioned end=3 left=3", "destroyed"),
        ("commissioned end=9 left=1 ship=2 sold=5", "destroyed"),
        ("commissioned ship=1~ sold=5", "sold"),
        ("commissioned ship=1 bought=5~", "sold inferred"),
        ("commissioned ship=1 bought=5 back=5", "sold"),
        ("commissioned ship=1 bought=5 back=6~", "returned inferred"),
        ("commissioned ship=1 store=4 dealer=4 back=6", "returned"),
        ("commissioned ship=6 back=6", "returned"),
        ("commissioned ship=7~ back=6", "dealer_stock inferred"),
        ("commissioned ship=107~ back=6", "in_transit inferred"),
        ("commissioned dealer=7 back=6 ship=1", "dealer_stock"),
        ("commissioned ship=101 store=101~ dealer=101", "in_store inferred"),
        ("commissioned ship=101 store=100 dealer=101", "dealer_stock"),
        ("commissioned ship=101 store=100", "in_transit"),
        ("commissioned store=3", "in_store"),
        ("commissioned ship=99", "dealer_stock"),
        ("commissioned ship=100", "in_transit"),
        ("commissioned left=1", "in_factory"),
    ];
    for (given, expected) in cases {
        let found = standing(&facts(given));
        let evidence = if found.inferred { " inferred" } else { "" };
        assert_eq!(format!("{}{evidence}", found.state.as_str()), expected, "{given}");
    }
}

#[test]
fn names_follow_the_published_order() {
    let names: Vec<&str> = UnitState::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(
        names.join(" "),
        "unknown line_reject destroyed sold returned in_store dealer_stock in_transit in_factory"
    );
    for state in UnitState::ALL {
        assert_eq!(UnitState::parse(state.as_str()), Some(state));
    }
    assert_eq!(UnitState::parse("Sold"), None);
}

fn fact() -> impl Strategy<Value = Option<Fact>> {
    proptest::option::of((0..6_i64, any::<bool>()))
        .prop_map(|fact| fact.map(|(at_us, inferred)| Fact { at_us, inferred }))
}

fn any_facts() -> impl Strategy<Value = UnitFacts> {
    let scans = proptest::array::uniform7(fact());
    (0..6_i64, any::<bool>(), proptest::option::of(0..6_i64), scans).prop_map(
        |(arrived_before_us, is_commissioned, left_line_us, scans)| {
            let [decommissioned, sold, bought, returned, reached_store, reached_dealer, shipped] =
                scans;
            UnitFacts {
                arrived_before_us,
                is_commissioned,
                left_line_us,
                decommissioned,
                sold,
                bought,
                returned,
                reached_store,
                reached_dealer,
                shipped,
            }
        },
    )
}

/// Whether a state's own sentence of the contract is true, whatever the others say.
fn holds(state: UnitState, facts: &UnitFacts) -> bool {
    let at = |fact: Option<Fact>| fact.map(|fact| fact.at_us);
    // Nothing is earlier than everything.
    let since = |later: Option<Fact>, earlier: Option<Fact>| {
        later.is_some() && at(later).unwrap_or(i64::MIN) >= at(earlier).unwrap_or(i64::MIN)
    };
    match state {
        UnitState::Unknown => !facts.is_commissioned,
        UnitState::LineReject => {
            facts.decommissioned.is_some_and(|end| facts.left_line_us.is_none_or(|l| l > end.at_us))
        }
        UnitState::Destroyed => facts.decommissioned.is_some(),
        UnitState::Sold => facts.sold.is_some() || since(facts.bought, facts.returned),
        UnitState::Returned => {
            since(facts.returned, facts.shipped) && since(facts.returned, facts.reached_dealer)
        }
        UnitState::InStore => since(facts.reached_store, facts.shipped),
        UnitState::DealerStock => {
            since(facts.reached_dealer, facts.shipped)
                || facts.shipped.is_some_and(|ship| ship.at_us < facts.arrived_before_us)
        }
        UnitState::InTransit => facts.shipped.is_some(),
        UnitState::InFactory => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn every_unit_is_in_the_first_state_whose_sentence_is_true(facts in any_facts()) {
        let first = UnitState::ALL.into_iter().find(|state| holds(*state, &facts));
        prop_assert_eq!(Some(unit_state(&facts)), first);
    }

    #[test]
    fn evidence_never_changes_the_state(facts in any_facts()) {
        let mut verified = facts;
        let scans = [
            &mut verified.decommissioned,
            &mut verified.sold,
            &mut verified.bought,
            &mut verified.returned,
            &mut verified.reached_store,
            &mut verified.reached_dealer,
            &mut verified.shipped,
        ];
        for scan in scans.into_iter().flatten() {
            scan.inferred = false;
        }
        prop_assert_eq!(unit_state(&verified), unit_state(&facts));
        prop_assert_eq!(standing(&verified).inferred, !facts.is_commissioned);
    }
}
