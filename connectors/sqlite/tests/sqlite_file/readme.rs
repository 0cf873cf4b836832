//! The example of the README is a configuration.

use std::path::Path;

use yuanliu_contract::Feeds;

use crate::setup::open;

#[test]
fn the_example_opens_and_its_scans_feed_the_ledger() {
    let (_, example) = include_str!("../../README.md").split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let lines =
        example.lines().filter(|line| !line.starts_with("kind") && !line.starts_with("file"));
    let example = lines.collect::<Vec<_>>().join("\n");
    let streams = open(Path::new("/srv/line-3/collector.db"), &example).streams();
    assert_eq!(streams[0].feeds, Feeds::ScanEvents);
    assert_eq!(streams[0].key, ["event_id"]);
}
