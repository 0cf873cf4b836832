//! Whatever the spelling of a content, its hash is one.

use crate::support::{arrived_at, rules};
use chrono::{Duration, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use yuanliu_scans::parse_event;

fn hash(fields: &[(String, Value)]) -> i64 {
    let record: Map<String, Value> = fields.iter().cloned().collect();
    parse_event(&record, &rules(), arrived_at() + Duration::days(i64::from(record.len() as u32)))
        .unwrap_or_else(|rejection| panic!("{rejection}: {record:?}"))
        .content_hash
}

/// What an event says.
#[derive(Debug, Clone)]
struct Said {
    seconds: i64,
    codes: Vec<u32>,
    party: String,
    quantity: u32,
}

/// How it says it.
#[derive(Debug, Clone)]
struct Spelling {
    time: usize,
    name: usize,
    is_lower: bool,
    is_number: bool,
    blanks: String,
}

fn said() -> impl Strategy<Value = Said> {
    (0..1_800_000_000_i64, prop::collection::vec(0..999_u32, 1..5), "[A-Z]{1,8}", 0..9_999_u32)
        .prop_map(|(seconds, codes, party, quantity)| Said { seconds, codes, party, quantity })
}

fn spelling() -> impl Strategy<Value = Spelling> {
    (0..4_usize, 0..3_usize, any::<bool>(), any::<bool>(), "[ \t]{0,3}").prop_map(
        |(time, name, is_lower, is_number, blanks)| Spelling {
            time,
            name,
            is_lower,
            is_number,
            blanks,
        },
    )
}

fn spell(said: &Said, how: &Spelling) -> Vec<(String, Value)> {
    let at = Utc.timestamp_opt(said.seconds, 0).unwrap();
    let time = match how.time {
        0 => at.to_rfc3339(),
        1 => at.with_timezone(&Shanghai).to_rfc3339(),
        2 => at.format("%Y-%m-%dT%H:%M:%S.000Z").to_string(),
        _ => at.with_timezone(&chrono_tz::America::New_York).to_rfc3339(),
    };
    let name = |canonical: &str| match how.name {
        0 => canonical.to_owned(),
        1 => canonical.to_uppercase(),
        _ => canonical.replace('_', "-"),
    };
    let codes: Vec<String> = said
        .codes
        .iter()
        .map(|code| {
            let code = format!("{}C{code}{}", how.blanks, how.blanks);
            if how.is_lower { code.to_lowercase() } else { code }
        })
        .collect();
    let quantity =
        if how.is_number { json!(said.quantity) } else { json!(format!("{}.00", said.quantity)) };
    vec![
        (name("event_type"), json!(if how.is_lower { "ship" } else { "SHIP" })),
        (name("event_time"), json!(time)),
        (name("codes"), json!(codes)),
        (name("to_party"), json!(format!("{}{}", how.blanks, said.party))),
        (name("quantity"), quantity),
        ("note".to_owned(), json!({"a": 1, "b": 2})),
    ]
}

proptest! {
    #[test]
    fn spelling_and_order_do_not_matter(
        (said, one, other) in (said(), spelling(), spelling()),
        rotation in 0..6_usize,
    ) {
        let first = spell(&said, &one);
        let mut second = spell(&said, &other);
        second.rotate_left(rotation);
        second.push((String::from("address"), Value::Null));
        prop_assert_eq!(hash(&first), hash(&second));
    }

    #[test]
    fn another_content_has_another_hash(said in said(), how in spelling()) {
        let first = hash(&spell(&said, &how));
        let changed = [
            Said { seconds: said.seconds + 1, ..said.clone() },
            Said { quantity: said.quantity + 1, ..said.clone() },
            Said { party: format!("{}X", said.party), ..said.clone() },
            Said { codes: said.codes.iter().map(|code| code + 1000).collect(), ..said.clone() },
        ];
        for said in changed {
            prop_assert_ne!(first, hash(&spell(&said, &how)));
        }
    }
}
