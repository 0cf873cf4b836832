//! Dealers who divert goods, and honest ones whose goods are seen elsewhere all the same.

use chrono::{Duration, NaiveDate};
use rand::RngExt;

use super::Scene;
use crate::company::chain::local;

/// What a dealer does in a month, and whether it is diversion.
pub const ARCHETYPES: [(&str, bool); 12] = [
    ("whole pallet to a far county", true),
    ("trickle: 6 of 90 to one county", true),
    ("trickle: 2 of 90 to one county", true),
    ("sub-dealer diverts, transfer recorded", true),
    ("sub-dealer diverts, transfer not recorded", true),
    ("stays at home", false),
    ("travellers: 1 in 10, all over the country", false),
    ("few sightings, one of them far away", false),
    ("border county, listed as neighbour", false),
    ("national e-commerce", false),
    ("holiday: 1 in 8 in one tourist city, listed with its days", false),
    ("a case sold in that city, seen by its store", true),
];

/// Counties where nobody of them sells.
const FAR: [&str; 24] = [
    "110101", "110105", "120101", "130102", "140105", "150102", "210102", "220102", "230102",
    "310115", "320102", "340102", "350102", "360102", "370102", "410102", "420106", "430102",
    "440305", "450102", "500103", "510104", "610102", "650102",
];
const HOME: &str = "330106";
const BORDER: &str = "330110";
/// Listed as full of visitors in that month.
const TOURIST: &str = "460202";

/// A dealer's month as it really was.
#[derive(Debug, Clone)]
pub struct Truth {
    /// The dealer who is to be named.
    pub dealer: String,
    /// Which archetype.
    pub archetype: usize,
    /// Sightings of its goods with a place.
    pub seen: usize,
    /// Those outside its home county: all that the vendors' rule looks at.
    pub away: usize,
}

/// Adds so many dealers of every archetype.
pub fn add(scene: &mut Scene<'_>, each: usize) -> Vec<Truth> {
    let february = |day| NaiveDate::from_ymd_opt(2025, 2, day);
    scene.company.visitors.push((TOURIST.to_owned(), february(1).zip(february(28))));
    let mut truths = Vec::new();
    for archetype in 0..ARCHETYPES.len() {
        for number in 0..each {
            truths.extend(dealer(scene, archetype, &format!("A{archetype}N{number}")));
        }
    }
    truths
}

fn dealer(scene: &mut Scene<'_>, archetype: usize, code: &str) -> Vec<Truth> {
    let channel = if archetype == 9 { "ecommerce" } else { "offline" };
    scene.dealer(code, HOME, channel);
    if archetype == 8 {
        scene.company.buffer.insert(code.to_owned(), vec![BORDER.to_owned()]);
    }
    let sub = format!("{code}S");
    if archetype == 3 || archetype == 4 {
        scene.dealer(&sub, HOME, "offline");
    }
    let cases = scene.make(&format!("{code}X"), 16, local(1, 5, 8, 0, 0));
    let shipped = local(1, 10, 8, 0, 0);
    let codes: Vec<_> = cases.iter().map(|(case, _)| case.clone()).collect();
    scene.scan(
        "ship",
        shipped,
        &codes,
        &[("to_party", code), ("delivery_no", &format!("{code}DN"))],
    );
    if archetype == 3 {
        scene.scan(
            "transfer",
            shipped + Duration::days(5),
            &codes[..8],
            &[("from_party", code), ("to_party", &sub)],
        );
    }
    let items: Vec<_> = cases.iter().flat_map(|(_, items)| items.clone()).collect();
    let far = FAR[scene.random.random_range(0..FAR.len())];
    let seen = match archetype {
        7 => 8,
        _ => 90,
    };
    let (mut by_dealer, mut by_sub) = ((0, 0), (0, 0));
    for (place, item) in items.iter().take(seen).enumerate() {
        let scattered = FAR[scene.random.random_range(0..FAR.len())];
        let region = match archetype {
            0 if place < 24 => far,
            1 if place % 15 == 0 => far,
            2 if place % 45 == 0 => far,
            3 | 4 if place < 20 => far,
            6 if scene.random.random_bool(0.1) => scattered,
            7 if place == 0 => scattered,
            8 if scene.random.random_bool(0.15) => BORDER,
            9 => scattered,
            10 if scene.random.random_bool(0.125) => TOURIST,
            11 if place < 24 => TOURIST,
            _ => HOME,
        };
        // The month is February.
        let at =
            local(2, 1, 9, 0, 0) + Duration::minutes(scene.random.random_range(0..27 * 24 * 60));
        let device = format!("phone-{}", scene.random.random_range(0..100_000));
        let kind = if region == TOURIST && archetype == 11 { "sell" } else { "verify" };
        scene.scan(
            kind,
            at,
            std::slice::from_ref(item),
            &[("region_code", region), ("location_source", "gps"), ("device_id", &device)],
        );
        scene.put_number("accuracy_m", 30.0);
        let who = if archetype == 3 && place < 48 { &mut by_sub } else { &mut by_dealer };
        who.0 += 1;
        who.1 += usize::from(region != HOME);
    }
    let truth = |dealer: &str, archetype, (seen, away)| Truth {
        dealer: dealer.to_owned(),
        archetype,
        seen,
        away,
    };
    match archetype {
        // The recorded transfer makes it the sub-dealer's doing; the dealer above stayed at home.
        3 => vec![truth(&sub, 3, by_sub), truth(code, 5, by_dealer)],
        _ => vec![truth(code, archetype, by_dealer)],
    }
}
