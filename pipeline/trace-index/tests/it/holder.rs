//! Who has the goods afterwards: the cases of `core.movement`, one line each.

use yuanliu_trace_index::{Text, placed};

use crate::support::{World, index_of, tell};

/// `holder internal channel order store` of one event.
fn check(line: &str, expected: &str) {
    let (_folder, index) = index_of(&tell(&format!("1 {line}")));
    let history = index.history("A", i64::MAX, &World).unwrap().unwrap();
    let event = &history.events[0].event;
    let placed = placed(event, &World);
    let said = format!(
        "{} {} {} {} {}",
        placed.holder.as_deref().unwrap_or("-"),
        if placed.is_internal { "internal" } else { "-" },
        placed.channel.as_deref().unwrap_or("-"),
        placed.order_no.as_deref().unwrap_or("-"),
        if placed.is_at_store { "store" } else { "-" },
    );
    assert_eq!(said, expected, "{line} {:?}", event.text(Text::ToParty));
}

#[test]
fn every_case_of_the_model() {
    // A dealer that is named; the event's channel goes before the dealer's.
    check("ship A to=D1", "D1 - store - -");
    check("ship A to=D1 channel=online", "D1 - online - -");
    check("ship A to=D1 d=N2", "D1 - store O2 -");
    // The dealer of a store that is named, or nobody if it has none.
    check("ship A to=S1", "D2 - online - store");
    check("receive A to=S2 store_code=S1", "- - - - store");
    // A dealer that is a warehouse as well is a dealer.
    check("ship A to=X", "X - - - -");
    // A warehouse of our own, whatever the documents say.
    check("ship A to=W1 d=N1", "- internal - O1 -");
    check("return A to=W1", "- internal - - -");
    // A party that nobody knows.
    check("transfer A to=Y", "Y - - - -");
    // A ship that names nobody: its delivery, else its order, its own before its delivery's.
    check("ship A d=N1", "D1 - store O1 -");
    check("ship A d=N2", "D2 - online O2 -");
    check("ship A d=N2 o=O3", "- - - O3 -");
    check("ship A o=O2", "D2 - online O2 -");
    check("ship A store_code=S1", "- - - - store");
    check("ship A d=N9", "- - - - -");
    // A receive or transfer that names nobody: its store.
    check("receive A store_code=S1", "D2 - online - store");
    check("transfer A store_code=S1", "D2 - online - store");
    check("receive A store_code=S2", "- - - - store");
    check("receive A d=N1", "- - - O1 -");
    // Nobody has it after these.
    check("return A to=D1 channel=gift", "- - gift - -");
    check("decommission A store_code=S1", "- - - - store");
    check("void_ship A to=D1 d=N1", "- - - O1 -");
}
