//! The rules one by one: what the index says of hand-made events, as text.

use crate::model::Model;
use crate::shown;
use crate::support::{index_of, tell};

/// The lines of a history that begin with one of these words; and the models say the same.
fn lines(text: &str, code: &str, as_of: i64, words: &[&str]) -> Vec<String> {
    let events = tell(text);
    let (_folder, index) = index_of(&events);
    let said = shown::history(&index, code, as_of);
    assert_eq!(said, Model::new(&events, as_of).shown(code));
    let starts = |line: &&str| words.iter().any(|word| line.split(' ').next() == Some(*word));
    said.lines().filter(starts).map(str::to_owned).collect()
}

const SHIPPED: &str = "
    1 commission I1 level=item product_code=P1 batch_no=B1 id=made
    2 pack I1,I2 in=C1 id=p1
    3 pack C1 in=P1 id=p2
    4 ship P1 to=D1 d=N1 id=s1
    6 receive C1 store_code=S1 id=r1
    7 unpack I1 id=u1
    8 sell I1 store_code=S1 id=sold
";

#[test]
fn a_pallet_that_is_shipped_takes_its_items_along() {
    let said = lines(SHIPPED, "I1", i64::MAX, &["event", "custody", "inside", "origin"]);
    let hash = |at: usize| tell(SHIPPED)[at].hash;
    assert_eq!(
        said,
        [
            format!("origin {} item P1 B1 - by made/{}", tell(SHIPPED)[0].printed("I1"), hash(0)),
            format!("event commission made/{} at 1 depth 0 via I1", hash(0)),
            format!("event pack p1/{} at 2 depth 0 via I1", hash(1)),
            format!("event ship s1/{} at 4 depth 2 via P1", hash(3)),
            format!("event receive r1/{} at 6 depth 1 via C1", hash(4)),
            format!("event unpack u1/{} at 7 depth 0 via I1", hash(5)),
            format!("event sell sold/{} at 8 depth 0 via I1", hash(6)),
            "inside C1 depth 1 [2,7)".to_owned(),
            "inside P1 depth 2 [3,7)".to_owned(),
            "custody D1 [4,6) since 4 by s1 channel store ship s1 via P1 N1 O1 inferred".to_owned(),
            "custody D2 [6,..) since 6 by r1 channel online ship s1 via P1 N1 O1 inferred"
                .to_owned(),
        ]
    );
}

#[test]
fn an_earlier_instant_sees_less() {
    let said = lines(SHIPPED, "I1", 3, &["event", "custody", "inside"]);
    assert_eq!(said.len(), 4, "{said:#?}");
    assert!(lines(SHIPPED, "I1", 0, &["unit"]).is_empty());
    assert_eq!(lines(SHIPPED, "I2", 5, &["custody"]).len(), 1);
}

#[test]
fn levels_are_read_off_the_packing_where_no_commission_gives_them() {
    for (code, level) in [("P1", "pallet"), ("C1", "case"), ("I2", "item")] {
        let said = lines(SHIPPED, code, i64::MAX, &["origin"]);
        assert!(said[0].contains(&format!(" {level} ")), "{said:#?}");
    }
}

#[test]
fn a_void_ship_cancels_for_its_own_codes_and_a_corrected_one_still_does() {
    let text = "
        1 ship C1,C2 to=D1 id=s1
        2 void_ship C1 fix=s1 id=v1
        3 verify Z fix=v1 id=fixing
    ";
    assert_eq!(
        lines(text, "C1", i64::MAX, &["custody"]),
        ["custody D1 [1,2) since 1 by s1 channel store ship s1 via C1 - -"]
    );
    assert!(lines(text, "C1", i64::MAX, &["shipment"])[0].ends_with(" voided"));
    assert_eq!(lines(text, "C2", i64::MAX, &["custody"]).len(), 1);
    assert_eq!(lines(text, "C1", i64::MAX, &["aside"]).len(), 1);
}

#[test]
fn a_correction_counts_from_its_own_time_and_without_one_always() {
    let text = "
        1 sell I1 id=a
        5 sell I1 fix=a id=b
        - sell I1 fix=c id=n
        2 sell I1 id=c
    ";
    assert_eq!(lines(text, "I1", 4, &["event"]).len(), 1);
    assert_eq!(lines(text, "I1", 4, &["aside"]).len(), 2);
    assert_eq!(lines(text, "I1", 5, &["aside"]).len(), 3);
}

#[test]
fn another_carrier_is_the_unit_of_its_earliest_commission_in_force() {
    let text = "
        3 commission I1 alias=R1 id=late
        1 commission I2 alias=R1 id=early
        2 verify Z fix=early id=fixing
        4 ship R1 to=D2 id=s1
        5 pack R1 in=C1 id=p1
    ";
    assert_eq!(lines(text, "R1", 1, &["unit"]), ["unit I2"]);
    assert_eq!(lines(text, "R1", i64::MAX, &["unit", "in"]), ["unit I1", "in C1 [5,..)"]);
    assert_eq!(lines(text, "I1", i64::MAX, &["custody"]).len(), 1);
    assert!(lines(text, "I2", i64::MAX, &["custody"]).is_empty());
}

#[test]
fn a_commissioned_code_is_nobodys_other_carrier_and_a_placeholder_never_joins() {
    let text = "
        1 commission I1 alias=R1,BAD,000 id=a
        - commission R1 id=b
        2 ship R1,BAD to=D1 id=s
        3 pack I1 in=000 id=p
    ";
    assert_eq!(lines(text, "R1", i64::MAX, &["unit"]), ["unit R1"]);
    assert!(lines(text, "I1", i64::MAX, &["custody", "in"]).is_empty());
    assert!(lines(text, "BAD", i64::MAX, &["unit"]).is_empty());
}

#[test]
fn a_placeholder_that_names_itself_is_not_its_own_carrier() {
    let text = "
        1 commission BAD alias=BAD,R1 id=a
        2 ship BAD to=D1 id=s
        3 pack BAD,I1 in=C1 id=p
        4 pack I2 in=BAD id=q
        5 verify R1 id=v
    ";
    for code in ["BAD", "R1"] {
        assert_eq!(lines(text, code, i64::MAX, &["unit"]), ["unit BAD"]);
        assert_eq!(lines(text, code, i64::MAX, &["event"]).len(), 1);
        assert!(lines(text, code, i64::MAX, &["origin", "custody", "in"]).is_empty());
    }
    for code in ["C1", "I1", "I2"] {
        assert_eq!(lines(text, code, i64::MAX, &["unit"]), [format!("unit {code}")]);
    }
    let text = "1 commission I1 alias=I1 id=a";
    assert_eq!(lines(text, "I1", i64::MAX, &["event"]).len(), 1);
}

#[test]
fn what_goes_round_in_a_circle_ends() {
    let text = "
        1 pack A in=B
        2 pack B in=C
        3 pack C in=A
        4 ship A to=D1
        5 pack D in=A
    ";
    for code in ["A", "B", "C", "D"] {
        assert!(!lines(text, code, i64::MAX, &["inside"]).is_empty());
    }
}
