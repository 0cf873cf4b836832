//! Points in county polygons: the embedded map, and small invented ones.

#![allow(clippy::unwrap_used, reason = "a failed set-up is a failed test")]

use std::sync::LazyLock;

use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use serde::Deserialize;
use yuanliu_regions::map::{RegionMap, Shape, encode, shapes};
use yuanliu_regions::{Level, Located, RegionTable};

static TABLE: LazyLock<RegionTable> = LazyLock::new(|| RegionTable::embedded().unwrap());
static MAP: LazyLock<RegionMap> = LazyLock::new(|| RegionMap::embedded(&TABLE).unwrap());

fn code(longitude: f64, latitude: f64, accuracy_m: f64) -> &'static str {
    MAP.locate(longitude, latitude, accuracy_m).map_or("", |found| found.code)
}

#[derive(Deserialize)]
struct Label {
    code: String,
    level: String,
    lng: Option<f64>,
    lat: Option<f64>,
}

/// The label points of the register are those of the same official map.
#[test]
fn label_points_lie_in_their_regions() {
    let text = include_str!("../data/regions.csv");
    let (mut rows, mut exact, mut wrong) = (0, 0, Vec::new());
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        let Label { code: label, level, lng, lat } = row.unwrap();
        let (Some(x), Some(y), "county") = (lng, lat, level.as_str()) else { continue };
        rows += 1;
        let found = code(x, y, 0.0);
        let is_above = [Level::Province, Level::City, Level::County]
            .iter()
            .any(|level| TABLE.at_level(&label, *level) == Some(found));
        exact += usize::from(found == label);
        if !is_above {
            wrong.push((label, found));
        }
    }
    assert!(rows > 2_800, "only {rows} label points");
    assert!(exact * 1000 >= rows * 985, "{exact} of {rows}");
    assert!(wrong.len() * 1000 <= rows * 5, "{wrong:?}");
}

#[test]
fn known_places() {
    let cases = [
        (120.155, 30.275, "330105;330106;330100", "杭州, near 西湖"),
        (116.82, 39.955, "131082", "燕郊, an enclave of 廊坊 between Beijing and Tianjin"),
        (117.00, 39.76, "131024", "香河, in the same enclave"),
        (114.17, 22.32, "810005;810006;810000", "Kowloon"),
        (113.545, 22.19, "820000", "Macau has no districts in the map"),
        (121.52, 25.04, "710000", "Taipei: Taiwan is at province level"),
        (120.30, 22.63, "710000", "Kaohsiung"),
        (113.75, 23.02, "441900", "东莞 has no counties"),
        (98.29, 39.77, "620200", "嘉峪关 has none either"),
        (112.34, 16.83, "460302", "西沙"),
        (112.62, 35.07, "419001", "济源 is ruled by the province"),
        (116.40, 39.91, "110101;110000", "天安门"),
        (101.1982, 38.0693, "620000", "山丹马场 is in no county of the register"),
        (94.9388, 37.957, "632800", "大柴旦 is in none either, but in a prefecture"),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .filter(|(x, y, expected, _)| !expected.split(';').any(|one| one == code(*x, *y, 0.0)))
        .map(|(x, y, expected, what)| format!("{what}: {} for {expected}", code(*x, *y, 0.0)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_is_found_outside() {
    for (x, y) in [(2.35, 48.85), (139.7, 35.7), (126.98, 37.57), (106.9, 47.9), (125.0, 28.0)] {
        assert_eq!(MAP.locate(x, y, 50.0), None, "{x} {y}");
    }
    for (x, y, accuracy) in [
        (f64::NAN, 30.0, 10.0),
        (120.0, f64::INFINITY, 10.0),
        (120.0, 91.0, 10.0),
        (120.155, 30.275, f64::NAN),
        (120.155, 30.275, -1.0),
        (120.155, 30.275, 60_000.0),
    ] {
        assert_eq!(MAP.locate(x, y, accuracy), None, "{x} {y} {accuracy}");
    }
}

/// What two counties of a municipality share is a province.
#[test]
fn a_municipality_is_a_province() {
    let found = MAP.locate(107.579_144, 30.174_235, 0.0).unwrap();
    assert_eq!((found.code, found.level), ("500000", Level::Province));
    assert!(found.candidates.len() > 1, "{found:?}");
}

/// Two counties of one city, one of the next, one of the next province; 0.1 degrees are 11 km.
const SQUARES: &str = r#"{"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"adcode": 330105}, "geometry": {"type": "Polygon",
        "coordinates": [[[120.0, 30.0], [120.1, 30.0], [120.1, 30.1], [120.0, 30.1], [120.0, 30.0]]]}},
    {"type": "Feature", "properties": {"adcode": "330106"}, "geometry": {"coordinates":
        [[[[120.1, 30.0], [120.2, 30.0], [120.2, 30.1], [120.1, 30.1], [120.1, 30.0]]]],
        "type": "MultiPolygon"}},
    {"type": "Feature", "properties": {"gb": "156330502"}, "geometry": {"type": "Polygon",
        "coordinates": [[[120.0, 30.1], [120.2, 30.1], [120.2, 30.2], [120.0, 30.2], [120.0, 30.1]],
        [[120.05, 30.14], [120.06, 30.14], [120.06, 30.16], [120.05, 30.16], [120.05, 30.14]]]}},
    {"type": "Feature", "properties": {"gb": "156320506"}, "geometry": {"type": "Polygon",
        "coordinates": [[[120.2, 30.0], [120.3, 30.0], [120.3, 30.2], [120.2, 30.2], [120.2, 30.0]]]}},
    {"type": "Feature", "properties": {"gb": "156110103"}, "geometry": {"type": "Polygon",
        "coordinates": [[[120.05, 30.14], [120.06, 30.14], [120.06, 30.16], [120.05, 30.16]]]}},
    {"type": "Feature", "properties": {"name": "十段线"}, "geometry": {"type": "LineString",
        "coordinates": [[120.0, 30.0], [120.1, 30.0]]}},
    {"type": "Feature", "properties": {"adcode": 999999}, "geometry": {"type": "Polygon",
        "coordinates": [[[121.0, 30.0], [121.1, 30.0], [121.1, 30.1]]]}}
]}"#;

fn squares() -> RegionMap {
    RegionMap::new(shapes("squares", SQUARES.as_bytes()).unwrap(), &TABLE, 0.0)
}

#[test]
fn a_point_near_a_border_goes_up_to_what_both_sides_share() {
    let map = squares();
    assert_eq!(map.len(), 5, "the line, and the region no list knows, are left out");
    // A thousandth of a degree of longitude is 96 m here, of latitude 111 m.
    let cases = [
        (120.05, 30.05, 100.0, "330105", Level::County, 1),
        (120.099, 30.05, 50.0, "330105", Level::County, 1),
        (120.099, 30.05, 150.0, "330100", Level::City, 2),
        (120.05, 30.099, 150.0, "330000", Level::Province, 2),
        (120.1, 30.1, 150.0, "330000", Level::Province, 3),
        (120.25, 30.05, 1_000.0, "320506", Level::County, 1),
        // The enclave, by its code of today, and the ring around it.
        (120.055, 30.15, 100.0, "110101", Level::County, 1),
        (120.045, 30.15, 100.0, "330502", Level::County, 1),
        // Outside, but within its accuracy of the only region near.
        (119.999, 30.05, 150.0, "330105", Level::County, 1),
    ];
    for (x, y, accuracy, expected, level, candidates) in cases {
        let found = map.locate(x, y, accuracy).unwrap();
        assert_eq!((found.code, found.level), (expected, level), "{x} {y} {accuracy}");
        assert_eq!(found.candidates.len(), candidates, "{x} {y} {accuracy}: {found:?}");
    }
    // Two provinces share nothing.
    assert_eq!(map.locate(120.199, 30.05, 150.0), None);
    assert_eq!(map.locate(119.99, 30.05, 150.0), None);
    let found = map.locate(120.09, 30.05, 10.0).unwrap();
    let expected = 1_112.0 * 30.05_f64.to_radians().cos();
    assert!((found.border_m.unwrap() - expected).abs() < 5.0, "{found:?}");
    let outside = map.locate(119.999, 30.05, 150.0).unwrap();
    assert_eq!(outside.border_m, None);
    assert!(outside.confidence < found.confidence);
}

#[test]
fn a_map_is_written_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("squares.map");
    let drawn = shapes("squares", SQUARES.as_bytes()).unwrap();
    let bytes = encode(&drawn);
    std::fs::write(&path, &bytes).unwrap();
    let map = RegionMap::load(&path, &TABLE, 0.0).unwrap();
    let found = map.locate(120.055, 30.15, 10.0);
    assert_eq!(found, squares().locate(120.055, 30.15, 10.0));
    assert_eq!(found.map(|found: Located<'_>| found.code), Some("110101"));

    // Cut off anywhere, or not a map at all, it is refused.
    for end in 0..bytes.len() {
        std::fs::write(&path, &bytes[..end]).unwrap();
        let error = RegionMap::load(&path, &TABLE, 0.0).unwrap_err().to_string();
        assert!(error.contains("squares.map is not a map or is damaged at byte"), "{error}");
    }
    let json = folder.path().join("squares.json");
    for (text, expected) in [
        ("{}", "missing field `features`"),
        (r#"{"features": []}"#, "no polygon has a code"),
        (
            r#"{"features": [{"properties": {"adcode": 330105}, "geometry":
                {"type": "Polygon", "coordinates": [[[1], [2, 3], [4, 5]]]}}]}"#,
            "feature 0 (330105): a point is not two degrees",
        ),
        (
            r#"{"features": [{"properties": {"adcode": 330105}, "geometry":
                {"type": "Polygon", "coordinates": [1]}}]}"#,
            "feature 0 (330105)",
        ),
    ] {
        std::fs::write(&json, text).unwrap();
        let error = RegionMap::load(&json, &TABLE, 0.0).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert!(RegionMap::load(&folder.path().join("none.map"), &TABLE, 0.0).is_err());
}

#[test]
fn a_shape_needs_an_area() {
    assert_eq!(Shape::new(330_105, vec![]), None);
    assert_eq!(Shape::new(330_105, vec![vec![[0, 0], [1, 1]]]), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// The less accurate a point, the more regions come into question and the higher the answer.
    #[test]
    fn doubt_only_grows(
        longitude in 74.0..135.0_f64,
        latitude in 18.0..53.0_f64,
        accuracy in 0.0..3_000.0_f64,
        more in 0.0..20_000.0_f64,
    ) {
        let sharp = MAP.locate(longitude, latitude, accuracy);
        let dull = MAP.locate(longitude, latitude, accuracy + more);
        if let (Some(sharp), Some(dull)) = (&sharp, &dull) {
            prop_assert!(dull.level <= sharp.level || sharp.border_m.is_none());
            for candidate in &sharp.candidates {
                prop_assert!(dull.candidates.contains(candidate));
            }
        }
        if let Some(found) = sharp {
            prop_assert!(TABLE.is_current(found.code));
            prop_assert_eq!(TABLE.get(found.code).map(|region| region.level), Some(found.level));
        }
    }

    #[test]
    fn no_number_is_too_odd(longitude in any::<f64>(), latitude in any::<f64>(), accuracy in any::<f64>()) {
        if let Some(found) = MAP.locate(longitude, latitude, accuracy) {
            prop_assert!(TABLE.is_current(found.code));
        }
    }
}
