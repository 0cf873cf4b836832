//! Corrections go before everything else.

#![allow(clippy::unwrap_used, reason = "a failed set-up is a failed test")]

use std::sync::LazyLock;

use yuanliu_regions::{Corrections, EvidenceKind, Level, RegionTable, Resolver};

static TABLE: LazyLock<RegionTable> = LazyLock::new(|| RegionTable::embedded().unwrap());

const HEAD: &str = "kind,text,region_code,corrected_by,corrected_at,note\n";

fn load(rows: &str) -> Result<Corrections, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corrections.csv");
    std::fs::write(&path, format!("{HEAD}{rows}")).unwrap();
    Corrections::load(&path, &TABLE)
        .map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
}

#[test]
fn a_correction_is_consulted_first() {
    let corrections = load(
        "exact,浙江省杭州市西湖区文三路1号,330110,li,2026-01-05T08:00:00Z,moved\n\
         exact,浙江省 杭州市 西湖区 文三路１號,330108,wang,2026-03-05T08:00:00Z,really\n\
         pattern,国药葛洲坝中心医院,420503,li,2026-01-05T08:00:00Z,\n\
         pattern,葛洲坝中心医院,420500,li,2026-09-05T08:00:00Z,\n\
         pattern,天府新区,510100,li,2026-01-05T08:00:00Z,city only\n\
         pattern,老崇文门仓库,110103,li,2026-01-05T08:00:00Z,old code\n",
    )
    .unwrap();
    let resolver = Resolver::new(&TABLE).with_corrections(corrections);
    let cases = [
        // The later of two about the same address; typed in any way.
        ("浙江省杭州市西湖区文三路1号", "330108"),
        ("浙江省/杭州市/西湖区，文三路 1 号", "330108"),
        // Another address is resolved as ever.
        ("浙江省杭州市西湖区文三路2号", "330106"),
        // The longer pattern, though the shorter one is later.
        ("送货至：国药葛洲坝中心医院 药房", "420503"),
        ("葛洲坝中心医院", "420500"),
        ("四川天府新区华阳街道", "510100"),
        ("老崇文门仓库", "110101"),
        ("", ""),
    ];
    for (address, expected) in cases {
        assert_eq!(resolver.resolve(address).map_or("", |found| found.code), expected, "{address}");
    }
    let address = "四川天府新区华阳街道";
    let found = resolver.resolve(address).unwrap();
    assert_eq!((found.level, found.confidence), (Level::City, 100));
    let correction = found.correction.unwrap();
    assert_eq!((correction.corrected_by.as_str(), correction.note.as_str()), ("li", "city only"));
    let shown: Vec<_> =
        found.evidence().map(|e| (e.level, e.kind, &address[e.start..e.end])).collect();
    assert_eq!(shown, [(Level::City, EvidenceKind::Correction, address)]);
    let plain = resolver.resolve("浙江省杭州市").unwrap();
    assert_eq!(plain.correction, None);
}

#[test]
fn a_correction_that_cannot_be_used_is_refused() {
    let at = "li,2026-01-05T08:00:00Z,";
    let cases = [
        (
            format!("exact,某地一号,999999,{at}\n"),
            "region file corrections.csv, line 2: region code `999999` is not in use and has no one successor",
        ),
        (
            format!("exact,某地一号,330106,{at}\npattern,（杭州）,330100,{at}\n"),
            "region file corrections.csv, line 3: text `（杭州）` is shorter than 4 characters",
        ),
        (
            format!("maybe,某地一号,330106,{at}\n"),
            "region file corrections.csv, line 2: not a row with the expected columns",
        ),
        (
            "exact,某地一号,330106,li,yesterday,\n".to_owned(),
            "region file corrections.csv, line 2: not a row with the expected columns",
        ),
    ];
    for (rows, expected) in cases {
        assert_eq!(load(&rows).unwrap_err(), expected);
    }
    assert!(load("").unwrap().is_empty());
}
