//! The example of the README is a configuration.

use yuanliu_acceptance::FixedSecrets;
use yuanliu_contract::Feeds;

use crate::setup::open_with;

#[test]
fn the_example_opens_and_its_scans_feed_the_ledger() {
    let (_, example) = include_str!("../../README.md").split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let example = example.replace("kind = \"mysql\"\n", "");
    let secrets = FixedSecrets::default().with("env:MES_DB_PASSWORD", "reader-password");
    let streams = open_with(&example, &secrets).streams();
    let scans = streams.iter().find(|stream| stream.name == "scan").unwrap();
    assert_eq!(scans.feeds, Feeds::ScanEvents);
    assert_eq!(scans.key, ["event_id"]);
}
