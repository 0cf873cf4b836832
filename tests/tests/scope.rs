//! Who sees what: every report, its file and every BI table as every login of the demo, against rows that are
//! picked here, from everything, by who they are about.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use yuanliu_tests::demo::{Demo, Visitor};

/// Management of one province in the demo.
const PROVINCE: &str = "14";

/// The dealers of the demo by whom they belong to.
struct Dealers {
    /// The dealer that logs in, and those below it.
    own: BTreeSet<String>,
    /// Those whose office is in the province of the regional login.
    regional: BTreeSet<String>,
}

impl Dealers {
    fn read(demo: &Demo) -> Self {
        let rows = demo.rows(
            "select d.dealer_code, d.parent_dealer_code, p.region_code from core.dealer as d \
             left join core.dealer_profile as p on p.dealer_code = d.dealer_code",
        );
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let mut own = BTreeSet::from(["C00001".to_owned()]);
        // Every round adds a level; there are no more levels than dealers.
        for _ in 0..rows.len() {
            let below = rows.iter().filter(|row| own.contains(&text(row, "parent_dealer_code")));
            let below: Vec<_> = below.map(|row| text(row, "dealer_code")).collect();
            own.extend(below);
        }
        let inside = rows.iter().filter(|row| text(row, "region_code").starts_with(PROVINCE));
        let regional = inside.map(|row| text(row, "dealer_code")).collect();
        Self { own, regional }
    }
}

/// Whose rows a report has.
enum About {
    /// A dealer's; nobody else's column.
    Dealer,
    /// A dealer's, or the places in these columns; for a region's manager either is enough.
    DealerOr(&'static [&'static str]),
    /// The places in these columns decide for a region's manager, else the dealer where there is none.
    PlaceFirst(&'static str),
    /// Sums over rows that are limited: each login has its own.
    Sums,
    /// Nobody's in particular, or everybody's together: not for those who see a part.
    Everybody,
    /// What everybody may know.
    Open,
}

/// Every report: the groups of roles it is for, whose rows it has.
const REPORTS: [(&str, Readers, About); 26] = [
    ("case-evidence", FIELD, About::DealerOr(&["destination_region"])),
    ("case-siblings", FIELD, About::Sums),
    ("case-summary", FIELD, About::DealerOr(&["destination_region"])),
    ("claim-event", MONEY, About::Sums),
    ("dealer-codes", PERSONS, About::Dealer),
    ("dealer-scorecard", PERSONS, About::Dealer),
    ("dealer-stock", PERSONS, About::Dealer),
    ("device-gaps", FIELD, About::Everybody),
    ("diversion-cases", CASES, About::DealerOr(&["destination_region"])),
    ("diversion-dealers", FIELD, About::Dealer),
    ("diversion-matrix", FIELD, About::Sums),
    ("dwell", PERSONS, About::Everybody),
    ("incentive-rates", MONEY, About::Open),
    ("promoter-claims", MONEY, About::Sums),
    ("promoter-settlement", MONEY, About::Sums),
    ("promoter-summary", MONEY, About::Sums),
    ("reconciliation", FIELD, About::Dealer),
    ("regional-sales", PERSONS, About::PlaceFirst("region_code")),
    ("regional-sales-change", PERSONS, About::PlaceFirst("region_code")),
    ("sightings", FIELD, About::DealerOr(&["region_code"])),
    ("supplier-quality", FIELD, About::Everybody),
    ("territories", PERSONS, About::Sums),
    ("unassigned-counties", PERSONS, About::Sums),
    ("unresolved-addresses", PERSONS, About::Sums),
    ("upload-faults", FIELD, About::Everybody),
    ("upload-quality", CASES, About::Everybody),
];

type Readers = &'static [&'static str];
const PERSONS: Readers = &["admin", "management", "regional", "operations", "finance", "dealer"];
const FIELD: Readers = &["admin", "management", "regional", "operations"];
const CASES: Readers = &["admin", "management", "regional", "operations", "dealer"];
const MONEY: Readers = &["admin", "finance"];

/// A row by name of column, as files have it.
type Row = BTreeMap<String, String>;

/// All rows of a report by name of column, from its file, and its first page beside it.
async fn answer(who: &Visitor, report: &str) -> Result<Vec<Row>, u16> {
    let page = who.get(&format!("/reports/{report}?limit=1000")).send().await.unwrap();
    let file = who.get(&format!("/reports/{report}?format=csv")).send().await.unwrap();
    assert_eq!(page.status(), file.status(), "{report}");
    let book = who.get(&format!("/reports/{report}?format=xlsx")).send().await.unwrap();
    assert_eq!(page.status(), book.status(), "{report} as a workbook");
    if !page.status().is_success() {
        return Err(page.status().as_u16());
    }
    assert_eq!(&book.bytes().await.unwrap()[..2], b"PK");
    let page: Value = page.json().await.unwrap();
    let text = file.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names = reader.headers().unwrap().clone();
    let rows: Vec<Row> = reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            names.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
        })
        .collect();
    assert_eq!(page["rows"].as_array().unwrap().len(), rows.len().min(1000), "{report}");
    Ok(rows)
}

fn is_own(row: &Row, about: &About, login: &str, dealers: &Dealers) -> bool {
    let cell = |name: &str| row.get(name).map(String::as_str).unwrap_or_default();
    let is_within = |name: &&&str| cell(name).starts_with(PROVINCE);
    match (login, about) {
        ("dealer", _) => dealers.own.contains(cell("dealer_code")),
        ("regional", About::Dealer) => dealers.regional.contains(cell("dealer_code")),
        ("regional", About::DealerOr(places)) => {
            places.iter().any(|place| is_within(&place))
                || dealers.regional.contains(cell("dealer_code"))
        }
        ("regional", About::PlaceFirst(place)) => is_within(&place),
        _ => true,
    }
}

#[tokio::test]
async fn every_login_sees_its_own_rows_in_every_report_and_file() {
    let demo = Demo::start();
    let dealers = Dealers::read(&demo);
    assert!(!dealers.own.is_empty() && !dealers.regional.is_empty());
    let admin = demo.log_in("admin").await;
    let listed: Value = admin.get("/reports").send().await.unwrap().json().await.unwrap();
    let dimensions: BTreeMap<String, Vec<String>> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|report| {
            let names = report["dimensions"].as_array().unwrap().iter();
            let names = names.filter(|one| one["optional"] == json!(false));
            let names = names.map(|one| one["name"].as_str().unwrap().to_owned()).collect();
            (report["name"].as_str().unwrap().to_owned(), names)
        })
        .collect();
    let listed: BTreeSet<_> =
        listed["items"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(
        listed,
        REPORTS.iter().map(|(name, ..)| *name).collect(),
        "a report nobody thought of"
    );
    let mut visitors = BTreeMap::new();
    for login in PERSONS {
        visitors.insert(*login, demo.log_in(login).await);
    }
    let mut wrong = Vec::new();
    for (report, readers, about) in &REPORTS {
        let everything = answer(&admin, report).await.unwrap();
        for login in PERSONS {
            let answered = answer(&visitors[login], report).await;
            let sees_part = matches!(*login, "regional" | "dealer");
            let is_reader = readers.contains(login);
            if !is_reader || (sees_part && matches!(about, About::Everybody)) {
                if answered.as_ref().err() != Some(&403) {
                    wrong.push(format!("{login} may not read {report}: {answered:?}"));
                }
                continue;
            }
            let rows = match answered {
                Ok(rows) => rows,
                Err(status) => {
                    wrong.push(format!("{login} may read {report}: {status}"));
                    continue;
                }
            };
            if sees_part && matches!(about, About::Sums) {
                // What they may not see is not named; what the sums are of is tested below.
                let strange = rows.iter().filter(|row| {
                    *login == "dealer"
                        && row.get("dealer_code").is_some_and(|code| !dealers.own.contains(code))
                });
                wrong.extend(strange.map(|row| format!("{login} sees {row:?} of {report}")));
                continue;
            }
            // Sales of one dealer are a part of a row that has no dealer.
            if *login == "dealer" && report.starts_with("regional-sales") {
                continue;
            }
            let key = |row: &Row| -> Vec<String> {
                dimensions[*report].iter().map(|name| row[name].clone()).collect()
            };
            let own = everything.iter().filter(|row| is_own(row, about, login, &dealers));
            let expected: BTreeMap<_, _> = own.map(|row| (key(row), row)).collect();
            let found: BTreeMap<_, _> = rows.iter().map(|row| (key(row), row)).collect();
            for (key, row) in &found {
                let Some(whole) = expected.get(key) else {
                    wrong.push(format!("{login} sees {key:?} of {report}"));
                    continue;
                };
                // What another table would add that they may not see is empty, and nothing is made up.
                let strange =
                    row.iter().filter(|(name, cell)| !cell.is_empty() && whole[*name] != **cell);
                wrong.extend(
                    strange.map(|cell| format!("{login} sees {cell:?} of {key:?} of {report}")),
                );
            }
            for key in expected.keys().filter(|key| !found.contains_key(*key)) {
                wrong.push(format!("{login} lacks {key:?} of {report}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    totals(&visitors, &dealers).await;
    codes(&demo, &visitors, &dealers).await;
    tables(&demo, &dealers);
}

/// A total of who sees a part is the sum of the parts that they see.
async fn totals(visitors: &BTreeMap<&str, Visitor>, dealers: &Dealers) {
    let question = "/reports/regional-sales?grain=total&level=province&by=dealer_code&limit=1000";
    let by_dealer: Value =
        visitors["admin"].get(question).send().await.unwrap().json().await.unwrap();
    let total = "/reports/regional-sales?grain=total&level=province&limit=1000";
    let own: Value = visitors["dealer"].get(total).send().await.unwrap().json().await.unwrap();
    for measure in ["ordered_qty", "shipped_qty", "sold_qty", "channel_stock"] {
        let sum = |rows: &Value, of: Option<&Dealers>| -> f64 {
            let rows = rows["rows"].as_array().unwrap().iter();
            let own = rows.filter(|row| {
                of.is_none_or(|of| row["dealer_code"].as_str().is_some_and(|d| of.own.contains(d)))
            });
            own.map(|row| {
                row[measure].as_str().map_or_else(
                    || row[measure].as_f64().unwrap_or_default(),
                    |text| text.parse().unwrap(),
                )
            })
            .sum()
        };
        assert_eq!(sum(&own, None), sum(&by_dealer, Some(dealers)), "{measure}");
    }
}

/// One code: whoever never had it is told what a code that does not exist is told.
async fn codes(demo: &Demo, visitors: &BTreeMap<&str, Visitor>, dealers: &Dealers) {
    let held = demo.rows(
        "select dealer_code, min(code) as code from core.unit_state \
         where level = 'item' and dealer_code is not null group by dealer_code",
    );
    let mut seen = BTreeSet::new();
    for row in &held {
        let (dealer, code) = (row["dealer_code"].as_str().unwrap(), row["code"].as_str().unwrap());
        let asked = visitors["dealer"].get(&format!("/trace/{code}")).send().await.unwrap();
        let status = asked.status().as_u16();
        if dealers.own.contains(dealer) {
            assert_eq!(status, 200, "{code} of {dealer}");
            seen.insert(code);
        } else if status == 200 {
            // A code that went through their hands is theirs to see, without who has it now.
            let trace: Value = asked.json().await.unwrap();
            let custody = trace["custody"].as_array().unwrap();
            let all: Vec<_> =
                custody.iter().map(|one| one["dealer_code"].as_str().unwrap()).collect();
            assert!(!all.is_empty() && all.iter().all(|one| dealers.own.contains(*one)), "{trace}");
        } else {
            assert_eq!(status, 404);
        }
    }
    assert!(!seen.is_empty());
    let (mine, others) = (
        visitors["finance"].get("/recall?product=01.01.0001&batch=B").send().await.unwrap(),
        visitors["dealer"].get("/recall?product=01.01.0001&batch=B").send().await.unwrap(),
    );
    assert_eq!((mine.status().as_u16(), others.status().as_u16()), (403, 403));
    let forged = visitors["dealer"].post("/events").json(&json!([{
        "event_type": "receive", "event_time": "2026-06-01T09:00:00+08:00", "codes": ["X1"],
        "to_party": "C99999"}]));
    let forged = forged.send().await.unwrap();
    assert_eq!(forged.status().as_u16(), 400, "{:?}", forged.text().await);
}

fn tables(demo: &Demo, dealers: &Dealers) {
    let names = "select table_schema || '.' || table_name from information_schema.tables \
                 where table_schema not in ('information_schema', 'pg_catalog') order by 1";
    let of = |login: &str| demo.psql(login, names).unwrap();
    let (admin, management, finance) = (of("admin"), of("management"), of("finance"));
    for table in ["marts.sightings", "marts.diversion_cases", "marts.regional_sales", "core.dealer"]
    {
        assert!(admin.contains(&table.to_owned()), "{admin:?}");
        let is_finances = !table.contains("sighting") && !table.contains("diversion");
        assert_eq!(finance.contains(&table.to_owned()), is_finances, "{table} of finance");
    }
    assert!(finance.contains(&"marts.promoter_claims".to_owned()));
    assert!(!management.contains(&"marts.promoter_claims".to_owned()));
    assert!(admin.iter().all(|name| !name.starts_with("raw.") && !name.starts_with("staging.")));
    for (login, table) in [
        ("management", "marts.promoter_claims"),
        ("finance", "marts.sightings"),
        ("regional", "marts.upload_quality"),
        ("admin", "raw.scans__event"),
    ] {
        let told = demo.psql(login, &format!("select count(*) from {table}")).unwrap_err();
        assert!(told.contains("not found"), "{login} {table}: {told}");
        let bare = table.split_once('.').unwrap().1;
        let listed = demo.psql(
            login,
            &format!("select count(*) from pg_catalog.pg_class where relname = '{bare}'"),
        );
        assert_eq!(listed.unwrap(), ["0"], "{login} finds {table} in the catalogue");
    }
    let refused = demo.psql("dealer", "select 1").unwrap_err();
    assert!(refused.contains("BI tools"), "{refused}");

    let column = "select table_schema || '.' || table_name from information_schema.columns \
                  where column_name = 'dealer_code' and table_schema in ('core', 'marts') order by 1";
    for table in demo.psql("regional", column).unwrap() {
        let count = format!("select count(*) from {table}");
        let (all, part) =
            (demo.psql("admin", &count).unwrap(), demo.psql("regional", &count).unwrap());
        let number = |rows: &[String]| rows[0].parse::<u64>().unwrap();
        assert!(number(&part) <= number(&all), "{table}");
        let region = demo.psql(
            "regional",
            &format!(
                "select string_agg(column_name, ',') from information_schema.columns \
             where table_schema || '.' || table_name = '{table}' and column_name like '%region%'"
            ),
        );
        if region.unwrap().iter().all(String::is_empty) {
            let seen = demo
                .psql("regional", &format!("select distinct dealer_code from {table}"))
                .unwrap();
            let strange: Vec<_> =
                seen.iter().filter(|code| !dealers.regional.contains(*code)).collect();
            assert!(strange.is_empty(), "{table}: {strange:?}");
        }
    }
    let asked = "select count(*) from marts.sightings where verdict = 'off_territory'";
    let (whole, part) = (demo.psql("admin", asked).unwrap(), demo.psql("regional", asked).unwrap());
    assert_ne!(whole, part, "a total of a part is the total of all");
}
