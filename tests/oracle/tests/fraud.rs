//! Who is named by the hub's rules and by the simple ones, in companies in which it is known who cheats.
//!
//! `YUANLIU_FRAUD_EACH=20` makes so many of every archetype; the tables are printed with `--nocapture`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where its ground is missing, and prints what it compared"
)]

use std::collections::BTreeSet;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use yuanliu_oracle::company::Company;
use yuanliu_oracle::compare::text;
use yuanliu_oracle::fraud::score::{Line, table};
use yuanliu_oracle::fraud::{Scene, dealers, promoters};
use yuanliu_oracle::hub::Hub;

/// The vendors' rule: more than one in twenty seen elsewhere.
const VENDORS_SHARE: f64 = 0.05;

#[test]
fn the_rules_name_who_cheats() {
    let each = std::env::var("YUANLIU_FRAUD_EACH").ok().and_then(|text| text.parse().ok());
    let each: usize = each.unwrap_or(2);
    let mut company = Company::default();
    let mut random = ChaCha8Rng::seed_from_u64(20_250_201);
    let mut scene = Scene::new(&mut company, &mut random);
    let diverting = dealers::add(&mut scene, each);
    let claiming = promoters::add(&mut scene, each);
    let hub = Hub::new(&company);
    hub.fill(&company, 1, 1);

    let alerts = hub.report(&["diversion-cases", "--from", "2025-02-01", "--to", "2025-02-28"]);
    let named: BTreeSet<String> = alerts
        .iter()
        .filter(|row| row["alert"] == true)
        .map(|row| text(&row["dealer_code"]))
        .collect();
    let of_dealers: Vec<Line> = lines(
        &dealers::ARCHETYPES,
        diverting.iter().map(|truth| {
            let is_above = truth.away as f64 > VENDORS_SHARE * truth.seen as f64;
            (truth.archetype, named.contains(&truth.dealer), is_above)
        }),
    );
    println!("{}", table(&of_dealers, "share > 5 %"));

    let claims = hub.report(&["promoter-claims"]);
    let refused: BTreeSet<String> = claims
        .iter()
        .filter(|row| row["verdict"] != "accepted")
        .map(|row| text(&row["event_id"]))
        .collect();
    assert_eq!(claims.len(), claiming.len(), "every claim is listed");
    let of_claims: Vec<Line> = lines(
        &promoters::ARCHETYPES,
        claiming
            .iter()
            .map(|truth| (truth.archetype, refused.contains(&truth.event_id), truth.is_second)),
    );
    println!("{}", table(&of_claims, "each code once"));

    // What the rules are for must be named whole; what they are to spare must be spared.
    for line in of_dealers.iter().chain(&of_claims) {
        match LIMITS.iter().find(|(name, _)| *name == line.name) {
            Some((_, why)) => println!("{}: {why}", line.name),
            None if line.is_fraud => assert_eq!(line.hub, line.all, "{} is named", line.name),
            None => assert_eq!(line.hub, 0, "{} is spared", line.name),
        }
    }
}

/// What the rules cannot tell, and why.
const LIMITS: [(&str, &str); 4] = [
    ("trickle: 6 of 90 to one county", "the lower bound of 6 in 90 is 3.1 %"),
    ("trickle: 2 of 90 to one county", "two sightings are no case"),
    ("travellers: 1 in 10, all over the country", "three may meet in one county by chance"),
    (
        "paced: one unsold bottle every 15 s",
        "slower than a burst, in the store, of the dealer's own goods",
    ),
];

fn lines(
    archetypes: &[(&'static str, bool)],
    judged: impl Iterator<Item = (usize, bool, bool)>,
) -> Vec<Line> {
    let blank = |(name, is_fraud): &(&'static str, bool)| Line {
        name,
        is_fraud: *is_fraud,
        all: 0,
        hub: 0,
        simple: 0,
    };
    let mut lines: Vec<Line> = archetypes.iter().map(blank).collect();
    for (archetype, by_hub, by_simple) in judged {
        let line = &mut lines[archetype];
        line.all += 1;
        line.hub += usize::from(by_hub);
        line.simple += usize::from(by_simple);
    }
    lines
}
