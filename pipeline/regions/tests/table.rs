//! The region table: hierarchy, time, data errors.

#![allow(clippy::unwrap_used, reason = "a failed set-up is a failed test")]

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use yuanliu_regions::{Level, RegionTable};

static TABLE: LazyLock<RegionTable> = LazyLock::new(|| RegionTable::embedded().unwrap());

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn levels() {
    // code: province, city, county
    let cases = [
        ("330106", Some("330000"), Some("330100"), Some("330106")),
        ("330100", Some("330000"), Some("330100"), None),
        ("330000", Some("330000"), None, None),
        ("110105", Some("110000"), Some("110000"), Some("110105")),
        ("110000", Some("110000"), Some("110000"), None),
        ("429004", Some("420000"), Some("429004"), Some("429004")),
        ("659001", Some("650000"), Some("659001"), Some("659001")),
        ("441900", Some("440000"), Some("441900"), Some("441900")),
        ("460400", Some("460000"), Some("460400"), Some("460400")),
        ("710000", Some("710000"), None, None),
        ("810001", Some("810000"), Some("810000"), Some("810001")),
        ("341402", Some("340000"), Some("341400"), Some("341402")),
        ("110103", Some("110000"), Some("110000"), Some("110103")),
        ("999999", None, None, None),
        ("garbage", None, None, None),
    ];
    for (code, province, city, county) in cases {
        assert_eq!(TABLE.at_level(code, Level::Province), province, "{code}");
        assert_eq!(TABLE.at_level(code, Level::City), city, "{code}");
        assert_eq!(TABLE.at_level(code, Level::County), county, "{code}");
    }
}

#[test]
fn today() {
    let cases = [
        ("110103", "110101"),
        ("110221", "110114"),
        ("512081", "510185"),
        ("130124", "130111"),
        ("130521", "130521"), // split: no one answer
        ("330106", "330106"),
        ("123456", "123456"),
        ("", ""),
    ];
    for (code, expected) in cases {
        assert_eq!(TABLE.today(code), expected, "{code}");
    }
    for region in TABLE.rows() {
        let once = TABLE.today(region.region_code);
        assert_eq!(TABLE.today(once), once, "{}", region.region_code);
        assert!(TABLE.is_current(once) || once == region.region_code);
    }
}

#[test]
fn codes_at_a_date() {
    assert_eq!(TABLE.codes_at("110103", day("2009-05-01")), ["110103"]);
    assert_eq!(TABLE.codes_at("110103", day("2015-05-01")), ["110101"]);
    assert_eq!(TABLE.codes_at("510185", day("2010-05-01")), ["512081"]);
    assert_eq!(TABLE.codes_at("130521", day("2022-05-01")), ["130502", "130503"]);
    assert_eq!(TABLE.codes_at("330106", day("2025-05-01")), ["330106"]);
    assert!(TABLE.codes_at("123456", day("2025-05-01")).is_empty());
}

#[test]
fn covers() {
    let cases = [
        ("330000", "330106", "2025-01-01", true),
        ("330100", "330106", "2025-01-01", true),
        ("330106", "330100", "2025-01-01", false),
        ("330200", "330106", "2025-01-01", false),
        ("110000", "110105", "2025-01-01", true),
        ("420000", "429004", "2025-01-01", true),
        ("441900", "441900", "2025-01-01", true),
        // An old rule, an observation in today's codes, and the reverse.
        ("110103", "110101", "2009-06-01", true),
        ("110103", "110101", "2015-06-01", true),
        ("110101", "110103", "2015-06-01", true),
        ("110101", "110103", "2009-06-01", false),
        // The county moved to another prefecture in 2016.
        ("512000", "510185", "2014-06-01", true),
        ("512000", "510185", "2020-06-01", false),
        ("510100", "510185", "2020-06-01", true),
        ("510100", "512081", "2014-06-01", false),
        // Split in 2020: either half may have been meant.
        ("130521", "130502", "2019-06-01", true),
        ("130521", "130503", "2022-06-01", true),
        ("130521", "130581", "2022-06-01", false),
        ("unknown", "unknown", "2022-06-01", true),
        ("unknown", "130502", "2022-06-01", false),
    ];
    for (outer, inner, date, expected) in cases {
        assert_eq!(TABLE.covers(outer, inner, day(date)), expected, "{outer} {inner} {date}");
    }
    for region in TABLE.rows() {
        for date in ["1985-01-01", "2000-07-01", "2024-12-31"] {
            let code = region.region_code;
            assert!(TABLE.covers(code, code, day(date)), "{code} {date}");
        }
    }
}

#[test]
fn rows_hold_each_code_once_a_day() {
    let mut keys = HashSet::new();
    let mut last: Option<(String, Option<NaiveDate>)> = None;
    let mut current = 0;
    for row in TABLE.rows() {
        assert!(keys.insert((row.region_code, row.valid_from)), "{row:?}");
        assert!(row.valid_to.is_none_or(|to| to >= row.valid_from), "{row:?}");
        if let Some((code, to)) = &last
            && code == row.region_code
        {
            assert!(to.is_some_and(|to| to < row.valid_from), "{row:?}");
        }
        current += usize::from(row.valid_to.is_none());
        last = Some((row.region_code.to_owned(), row.valid_to));
    }
    assert_eq!(current, 3239);
}

fn load_with(regions: &str, history: &str) -> String {
    let folder = std::env::temp_dir().join(format!(
        "regions-{}-{}",
        std::process::id(),
        regions.len() * 1000 + history.len()
    ));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("regions.csv"), regions).unwrap();
    std::fs::write(
        folder.join("regions_history.csv"),
        format!(
            "code,name,level,province,city,status,start_year,end_year,successor_codes\n{history}"
        ),
    )
    .unwrap();
    std::fs::write(folder.join("aliases.csv"), "name,code,needs\n").unwrap();
    let loaded = RegionTable::load(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    match loaded {
        Ok(table) => format!("{} rows", table.rows().count()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn replaced_data_is_checked() {
    let head = "code,name,level,parent_code,lng,lat\n110000,北京市,province,,1,2\n";
    let cases = [
        (format!("{head}110101,东城区,county,110000,1,2\n"), "", "2 rows"),
        (
            format!("{head}11010,东城区,county,110000,1,2\n"),
            "",
            "region file regions.csv, line 3: code `11010` is not six digits",
        ),
        (
            format!("{head}110101,东城区,district,110000,1,2\n"),
            "",
            "region file regions.csv, line 3: level `district` is not one of province, city, county",
        ),
        (
            format!("{head}110101,东城区,county,120000,1,2\n"),
            "",
            "region file regions.csv, line 3: parent 120000 of 110101 is not listed",
        ),
        (
            format!("{head}{}", "110000,北京市,province,,1,2\n"),
            "",
            "region file regions.csv, line 3: code 110000 is listed twice",
        ),
        (
            format!("{head}110101,东城区\n"),
            "",
            "region file regions.csv, line 3: not a row with the expected columns",
        ),
        (
            head.to_owned(),
            "110103,崇文区,county,北京市,直辖,abolished,1981,2010,110101[x]\n",
            "region file regions_history.csv, line 2: successor `110101[x]` is not CODE or CODE[YEAR]",
        ),
        (
            head.to_owned(),
            "110103,崇文区,county,北京市,直辖,abolished,1981,2010,110101\n",
            "region file regions_history.csv, line 2: successor 110101 of 110103 is in no file",
        ),
    ];
    for (regions, history, expected) in cases {
        assert_eq!(load_with(&regions, history), expected);
    }
    let missing = RegionTable::load(std::path::Path::new("no-such-folder")).unwrap_err();
    assert!(missing.to_string().starts_with("cannot read region file no-such-folder"));
}
