//! Promoters who cheat, and honest ones who look like it.

use chrono::{DateTime, Duration, Utc};
use rand::RngExt;

use super::Scene;
use crate::company::chain::local;

/// What a promoter does, and whether it is fraud.
pub const ARCHETYPES: [(&str, bool); 12] = [
    ("claims codes that were never shipped", true),
    ("codes photographed from another dealer's boxes", true),
    ("burst: a case in a minute", true),
    ("out of the store, 30 km away", true),
    ("claims, then the goods go back", true),
    ("claims what a colleague claimed", true),
    ("paced: one unsold bottle every 15 s", true),
    ("sells at the counter", false),
    ("sends twice on a bad network", false),
    ("group purchase with an order", false),
    ("the shipment is uploaded two days late", false),
    ("coarse position, 800 m off by 600 m accuracy", false),
];

/// A claim as it really was.
#[derive(Debug, Clone)]
pub struct Truth {
    /// The sell.
    pub event_id: String,
    /// Which archetype.
    pub archetype: usize,
    /// Whether another claim of the code came before: all that paying each code once looks at.
    pub is_second: bool,
}

/// Adds so many promoters of every archetype, each with a dealer and a store of their own.
pub fn add(scene: &mut Scene<'_>, each: usize) -> Vec<Truth> {
    let mut truths = Vec::new();
    for archetype in 0..ARCHETYPES.len() {
        for number in 0..each {
            promoter(scene, archetype, &format!("Q{archetype}N{number}"), &mut truths);
        }
    }
    truths
}

fn promoter(scene: &mut Scene<'_>, archetype: usize, stem: &str, truths: &mut Vec<Truth>) {
    let (dealer, store) = (format!("{stem}D"), format!("{stem}T"));
    scene.dealer(&dealer, "330106", "offline");
    scene.company.put(
        "store",
        &[
            ("store_code", &store),
            ("name", &store),
            ("dealer_code", &dealer),
            ("region_code", "330106"),
            ("longitude", "120.079"),
            ("latitude", "30.221"),
        ],
    );
    for who in ["M", "O"] {
        scene.company.put(
            "promoter",
            &[
                ("promoter_code", &format!("{stem}{who}")),
                ("store_code", &store),
                ("dealer_code", &dealer),
            ],
        );
    }
    let cases = scene.make(&format!("{stem}X"), 3, local(1, 5, 8, 0, 0));
    let codes: Vec<_> = cases.iter().map(|(case, _)| case.clone()).collect();
    let items: Vec<_> = cases.iter().flat_map(|(_, items)| items.clone()).collect();
    let mut at = local(2, 3, 10, 0, 0) + Duration::minutes(scene.random.random_range(0..20_000));
    let shipped_to = match archetype {
        0 => String::new(),
        1 => {
            let other = format!("{stem}Z");
            scene.dealer(&other, "330203", "offline");
            other
        }
        _ => dealer.clone(),
    };
    if !shipped_to.is_empty() {
        // A late record tells of the same time; what is late is when it arrives.
        let when = local(1, 10, 8, 0, 0);
        scene.scan(
            "ship",
            when,
            &codes,
            &[("to_party", &shipped_to), ("delivery_no", &format!("{stem}DN"))],
        );
        if archetype == 10 {
            let record = scene.company.records.last_mut().expect("the ship");
            record["recorded_at"] =
                serde_json::json!(crate::company::chain::written(at + Duration::days(2)));
        }
    }
    let order = if archetype == 9 { format!("{stem}SO") } else { String::new() };
    if archetype == 9 {
        scene.company.put(
            "sales_order",
            &[
                ("order_no", &order),
                ("dealer_code", &dealer),
                ("ordered_at", "2025-01-20T10:00:00+08:00"),
            ],
        );
    }
    let away = match archetype {
        3 => 0.27,
        11 => 0.0072,
        _ => 0.0005,
    };
    let accuracy = if archetype == 11 { 600.0 } else { 15.0 };
    for item in items.iter().take(12) {
        let mut claim = |who: &str, at: DateTime<Utc>| {
            let id = scene.scan(
                "sell",
                at,
                std::slice::from_ref(item),
                &[
                    ("promoter_code", &format!("{stem}{who}")),
                    ("store_code", &store),
                    ("device_id", &format!("{stem}{who}P")),
                    ("order_no", &order),
                ],
            );
            scene.put_number("longitude", 120.079);
            scene.put_number("latitude", 30.221 + away);
            scene.put_number("accuracy_m", accuracy);
            id
        };
        if archetype == 5 {
            // The colleague's is honest.
            let event_id = claim("O", at - Duration::hours(1));
            truths.push(Truth { event_id, archetype: 7, is_second: false });
        }
        let event_id = claim("M", at);
        truths.push(Truth { event_id, archetype, is_second: archetype == 5 });
        if archetype == 8 {
            let event_id = claim("M", at + Duration::seconds(20));
            truths.push(Truth { event_id, archetype, is_second: true });
        }
        if archetype == 4 {
            scene.scan("return", at + Duration::days(6), std::slice::from_ref(item), &[]);
        }
        at += match archetype {
            2 | 9 => Duration::seconds(5),
            6 => Duration::seconds(15),
            _ => Duration::minutes(scene.random.random_range(8..400)),
        };
    }
}
