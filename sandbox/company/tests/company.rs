//! The company is the same every time and tells the story it says it tells.

use std::collections::{BTreeMap, BTreeSet};

use yuanliu_company::{Company, ScanEvent};

const SEED: u64 = 7;

#[test]
fn is_the_same_every_time() {
    let (one, two) = (Company::demo(SEED, 2), Company::demo(SEED, 2));
    assert_eq!(one.truth, two.truth);
    assert!(one.scans().eq(two.scans()));
    assert!(!one.scans().eq(Company::demo(SEED + 1, 2).scans()));
}

#[test]
fn every_part_is_there() {
    let company = Company::demo(SEED, 10);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut resent, mut ids) = (0, BTreeSet::new());
    let events: Vec<ScanEvent> = company.scans().collect();
    for event in &events {
        *kinds.entry(event.event_type).or_default() += 1;
        if let Some(id) = &event.event_id
            && !ids.insert(id)
        {
            resent += 1;
        }
    }
    let all = "commission pack unpack consume inspect store_in store_move ship void_ship receive \
        transfer return open_case sell verify decommission";
    for kind in all.split_whitespace() {
        assert!(kinds.contains_key(kind), "seed {SEED}: no {kind} in {kinds:?}");
    }
    assert!(resent > 0, "seed {SEED}");
    assert!(events.iter().any(|event| event.event_time.starts_with("1900")), "seed {SEED}");
    let corrected = |e: &ScanEvent| e.event_type == "sell" && e.corrects_event_id.is_some();
    assert!(events.iter().any(corrected), "seed {SEED}");
}

#[test]
fn goods_concentrate_in_the_destination_and_nowhere_else() {
    for seed in 1..6 {
        let company = Company::demo(seed, 5);
        let truth = &company.truth;
        assert!(!truth.destination_county.is_empty() && truth.cases >= 8, "seed {seed}: {truth:?}");
        let dealer = company.dealers.iter().position(|d| d.code == truth.diverting_dealer).unwrap();
        let lawful = company.territory_on(dealer, 0, truth.month);
        assert!(lawful.iter().all(|region| region[..2] != truth.destination_county[..2]));
        let in_month = truth.month.format("%Y-%m").to_string();
        let seen = |event: &ScanEvent| {
            event.event_type == "verify"
                && event.region_code.as_deref() == Some(&truth.destination_county)
                && event.device_id.as_deref().is_some_and(|id| id.starts_with("PHONE-D"))
        };
        let (mut seen_there, mut devices) = (0, BTreeSet::new());
        for event in company.scans().filter(seen) {
            assert!(event.event_time.starts_with(&in_month), "seed {seed}: {}", event.event_time);
            seen_there += 1;
            devices.extend(event.device_id);
        }
        assert!(seen_there >= 20 && devices.len() >= 5, "seed {seed}: {seen_there}");
        let opened = |e: &ScanEvent| {
            e.event_type == "open_case" && e.device_id.as_deref() == Some("STORE-D1")
        };
        assert!(company.scans().any(|event| opened(&event)), "seed {seed}");
    }
}

#[test]
fn what_is_shipped_is_what_was_delivered() {
    let company = Company::demo(SEED, 3);
    let delivered: i64 =
        company.deliveries.iter().flat_map(|delivery| &delivery.lines).map(|line| line.cases).sum();
    let ordered: i64 = company
        .deliveries
        .iter()
        .map(|delivery| delivery.order)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .flat_map(|order| &company.orders[order].lines)
        .map(|line| line.cases)
        .sum();
    assert!(delivered > 0 && delivered <= ordered);
    let made: i64 = company.receipts.iter().map(|receipt| receipt.base_qty).sum();
    assert_eq!(made, i64::try_from(company.items()).unwrap());
}

#[test]
fn nobody_else_sells_abroad_in_numbers() {
    let company = Company::demo(SEED, 10);
    let regions: BTreeMap<&str, &str> = company
        .stores
        .iter()
        .map(|store| (store.code.as_str(), &*company.places[store.place].region_code))
        .collect();
    let mut abroad: BTreeMap<(String, String), usize> = BTreeMap::new();
    for event in company.scans().filter(|event| event.event_type == "sell") {
        let store = event.store_code.unwrap();
        let dealer = company.stores.iter().find(|s| s.code == store).unwrap().dealer;
        let held = (0..2).any(|half| {
            let on = company.start + chrono::Days::new(180 * half);
            let lawful = company.territory_on(dealer, 0, on);
            let prefix = |region: &str| region.trim_end_matches("00").to_owned();
            lawful.iter().any(|region| regions[&*store].starts_with(&prefix(region)))
        });
        if !held {
            *abroad.entry((store.clone(), company.dealers[dealer].code.clone())).or_default() += 1;
        }
    }
    assert!(abroad.is_empty(), "seed {SEED}: {abroad:?}");
}
