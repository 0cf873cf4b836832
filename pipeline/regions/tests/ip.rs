//! Provinces by IP address, from files made here.

#![allow(clippy::unwrap_used, reason = "a failed set-up is a failed test")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use yuanliu_regions::{IpRegions, RegionTable};

static TABLE: LazyLock<RegionTable> = LazyLock::new(|| RegionTable::embedded().unwrap());

const HEADER: usize = 256;
const VECTOR: usize = 256 * 256 * 8;

/// An address with its most significant byte first.
type Segment<'a> = (Vec<u8>, Vec<u8>, &'a str);

/// Writes a file as the product's own maker does: a segment is in the table of every first two bytes
/// that it touches, so none crosses them here.
fn xdb(version: u16, segments: &[Segment<'_>]) -> Vec<u8> {
    let wide = segments[0].0.len() == 16;
    let mut file = vec![0; HEADER + VECTOR];
    file[..2].copy_from_slice(&version.to_le_bytes());
    let kind: u16 = if wide { 6 } else { 4 };
    file[16..18].copy_from_slice(&kind.to_le_bytes());
    let texts: Vec<usize> = segments
        .iter()
        .map(|(.., text)| {
            let at = file.len();
            file.extend(text.as_bytes());
            at
        })
        .collect();
    let first = file.len();
    for ((from, to, text), at) in segments.iter().zip(&texts) {
        let here = u32::try_from(file.len()).unwrap().to_le_bytes();
        for address in [from, to] {
            let stored: Vec<u8> =
                if wide { address.clone() } else { address.iter().rev().copied().collect() };
            file.extend(stored);
        }
        file.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
        file.extend(u32::try_from(*at).unwrap().to_le_bytes());
        let slot = HEADER + (usize::from(from[0]) * 256 + usize::from(from[1])) * 8;
        if file[slot..slot + 4] == [0; 4] {
            file[slot..slot + 4].copy_from_slice(&here);
        }
        file[slot + 4..slot + 8].copy_from_slice(&here);
    }
    let last = file.len() - if wide { 38 } else { 14 };
    for (at, value) in [(8, first), (12, last)] {
        file[at..at + 4].copy_from_slice(&u32::try_from(value).unwrap().to_le_bytes());
    }
    file
}

fn four(a: [u8; 4], b: [u8; 4], text: &str) -> Segment<'_> {
    (a.to_vec(), b.to_vec(), text)
}

fn sample() -> Vec<u8> {
    xdb(
        2,
        &[
            four([1, 0, 0, 0], [1, 0, 0, 255], "澳大利亚|0|0|0|0"),
            four([1, 0, 1, 0], [1, 0, 3, 255], "中国|0|福建省|福州市|电信"),
            four([1, 0, 4, 0], [1, 0, 4, 255], "中国|华北|内蒙古自治区|包头市|联通"),
            four([1, 1, 0, 0], [1, 1, 255, 255], "中国|广西|南宁市|移动|CN"),
            four([1, 2, 0, 0], [1, 2, 0, 0], "中国|0|0|0|0"),
            four([10, 0, 0, 0], [10, 0, 255, 255], "0|0|0|内网IP|内网IP"),
        ],
    )
}

#[test]
fn provinces() {
    let regions = IpRegions::read("sample.xdb", sample(), &TABLE).unwrap();
    let cases = [
        ("1.0.0.7", None),
        ("1.0.1.0", Some("350000")),
        ("1.0.2.200", Some("350000")),
        ("1.0.3.255", Some("350000")),
        ("1.0.4.0", Some("150000")),
        ("1.0.5.0", None),
        ("1.1.77.3", Some("450000")),
        ("1.2.0.0", None),
        ("10.0.0.1", None),
        ("200.1.1.1", None),
        ("::ffff:1.0.1.9", Some("350000")),
        ("2408:8000::1", None),
    ];
    for (address, expected) in cases {
        let found = regions.province(address.parse().unwrap());
        assert_eq!(found.map(|found| found.code), expected, "{address}");
    }
    let found = regions.province(IpAddr::V4(Ipv4Addr::new(1, 0, 1, 1))).unwrap();
    assert_eq!(found.record, "中国|0|福建省|福州市|电信");
    assert!(found.confidence < 70, "an IP address does not accuse");
}

#[test]
fn long_addresses() {
    let part = |low: u16| Ipv6Addr::new(0x2408, 0x8000, low, 0, 0, 0, 0, 0).octets().to_vec();
    let end = |low: u16| {
        Ipv6Addr::new(0x2408, 0x8000, low, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff).octets().to_vec()
    };
    let file = xdb(
        3,
        &[
            (part(0), end(9), "中国|北京市|北京市|联通|CN"),
            (part(10), end(300), "中国|上海|上海市|联通|CN"),
        ],
    );
    let regions = IpRegions::read("long.xdb", file, &TABLE).unwrap();
    let code = |text: &str| regions.province(text.parse().unwrap()).map(|found| found.code);
    assert_eq!(code("2408:8000:5::1"), Some("110000"));
    assert_eq!(code("2408:8000:100::1"), Some("310000"));
    assert_eq!(code("2408:8000:fff::1"), None);
    assert_eq!(code("1.0.1.9"), None);
}

#[test]
fn what_is_no_database_is_refused() {
    let refused = |bytes: Vec<u8>| IpRegions::read("x.xdb", bytes, &TABLE).unwrap_err().to_string();
    assert!(refused(Vec::new()).contains("x.xdb is not an ip2region xdb file of version 2 or 3"));
    assert!(refused(vec![0; HEADER + VECTOR + 99]).contains("version 0 is neither 2 nor 3"));
    let mut beyond = sample();
    beyond[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(refused(beyond).contains("are not in the file"));
    let missing = IpRegions::load(std::path::Path::new("no-such.xdb"), &TABLE).unwrap_err();
    assert!(missing.to_string().starts_with("cannot read IP database no-such.xdb"));
}

/// Damage inside the file gives no answer, and no panic.
#[test]
fn damage_is_survived() {
    let whole = sample();
    for at in (HEADER..whole.len()).filter(|at| whole[*at] != 0) {
        let mut damaged = whole.clone();
        damaged[at] = 0xff;
        let Ok(regions) = IpRegions::read("x.xdb", damaged, &TABLE) else { continue };
        for address in [[1, 0, 1, 9], [1, 1, 9, 9], [10, 0, 0, 1]] {
            if let Some(found) = regions.province(IpAddr::from(address)) {
                assert!(TABLE.is_current(found.code));
            }
        }
    }
}
