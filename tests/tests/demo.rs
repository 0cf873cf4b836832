//! `yuanliu demo` as its user runs it, and what the lake it leaves answers.

#![allow(clippy::expect_used, clippy::panic, reason = "a test ends where its ground is missing")]

use std::collections::BTreeMap;

use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use serde_json::Value;
use yuanliu_tests::hub::{Answer, TestHub, answer};

/// A hub whose configuration is the demo's.
fn demo() -> (TestHub, String) {
    let hub = TestHub::new();
    let mut command = std::process::Command::new(yuanliu_tests::hub::binary());
    command.args(["--quiet", "demo", "--home", "d", "--scale", "5"]).current_dir(hub.path(""));
    let done = answer(command.output().expect("the demo starts")).expect_code(0);
    assert!(done.stdout.contains("140302"), "{}", done.stdout);
    (hub, done.stderr)
}

fn ask(hub: &TestHub, arguments: &[&str]) -> Answer {
    let config = hub.path("d/config").display().to_string();
    let mut command = std::process::Command::new(yuanliu_tests::hub::binary());
    command.args(["--quiet", "--config", &config]).args(arguments).args(["--format", "json"]);
    answer(command.current_dir(hub.path("")).output().expect("the hub starts"))
}

fn rows(hub: &TestHub, arguments: &[&str]) -> Vec<Value> {
    let answer = ask(hub, arguments).expect_code(0).json();
    answer.as_array().expect("an array").clone()
}

fn number(row: &Value, name: &str) -> f64 {
    row[name].to_string().parse().unwrap_or_else(|_| panic!("{name} of {row}"))
}

/// The summary as a spreadsheet: its values are the report's, its sums are formulas, and the claims they
/// count give the same.
fn a_settlement_can_be_computed_again(hub: &TestHub) {
    let config = hub.path("d/config").display().to_string();
    let file = hub.path("summary.xlsx");
    let mut command = std::process::Command::new(yuanliu_tests::hub::binary());
    command.args([
        "--quiet",
        "--config",
        &config,
        "report",
        "promoter-summary",
        "--grain",
        "month",
    ]);
    command.args(["--format", "xlsx", "--output", &file.display().to_string()]);
    answer(command.current_dir(hub.path("")).output().expect("the hub starts")).expect_code(0);

    let mut book: Xlsx<_> = open_workbook(&file).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Summary", "Claims", "Rates"]);
    let summary = sheet(&mut book, "Summary");
    let claims = sheet(&mut book, "Claims");
    assert!(!sheet(&mut book, "Rates").is_empty());
    let formulas = book.worksheet_formula("Summary").expect("formulas");
    let header: Vec<String> = book
        .worksheet_range("Summary")
        .expect("a sheet")
        .rows()
        .next()
        .expect("a header")
        .iter()
        .map(ToString::to_string)
        .collect();

    let reported = rows(hub, &["report", "promoter-summary", "--grain", "month"]);
    assert_eq!(summary.len(), reported.len());
    for (line, (row, reported)) in summary.iter().zip(&reported).enumerate() {
        let key = format!("{}|{}", row["period"], row["promoter_code"]);
        let counts = |of: &str, test: &dyn Fn(&BTreeMap<String, Data>) -> bool| {
            claims.iter().filter(|claim| claim[of].to_string() == key && test(claim)).count() as f64
        };
        let pays = |of: &str| -> f64 {
            let counted = claims.iter().filter(|claim| claim[of].to_string() == key);
            counted.filter_map(|claim| claim["amount"].as_f64()).sum()
        };
        let is_first = |claim: &BTreeMap<String, Data>| claim["is_retry"] == Data::Bool(false);
        let verdict = |claim: &BTreeMap<String, Data>| claim["verdict"].to_string();
        let computed = [
            ("claimed", counts("settlement_key", &is_first)),
            (
                "accepted",
                counts("settlement_key", &|claim| {
                    is_first(claim) && ["accepted", "clawed_back"].contains(&&*verdict(claim))
                }),
            ),
            ("held", counts("settlement_key", &|c| is_first(c) && verdict(c) == "held")),
            ("rejected", counts("settlement_key", &|c| is_first(c) && verdict(c) == "rejected")),
            ("clawed_back", counts("clawback_key", &|_| true)),
            ("payable_amount", pays("settlement_key")),
            ("clawback_amount", pays("clawback_key")),
        ];
        for (name, computed) in computed {
            let told = number(reported, name);
            let cached = row[name].as_f64().unwrap_or_else(|| panic!("{name} of {row:?}"));
            assert!((cached - told).abs() < 1e-9, "{name} of {key}: {cached} for {told}");
            assert!((computed - told).abs() < 1e-6, "{name} of {key}: {computed} for {told}");
            let column = header.iter().position(|known| known == name).expect("a column");
            let place = (line as u32 + 1, column as u32);
            let formula = formulas.get_value(place).map(String::as_str).unwrap_or_default();
            assert!(formula.contains("IFS(") && formula.contains("Claims!"), "{name}: {formula}");
        }
    }
}

/// A spreadsheet program that knows nothing but the rows and the formulas arrives at the report.
fn a_spreadsheet_program_computes_the_same(hub: &TestHub) {
    let month = ["--grain", "month", "--from", "2026-03-01", "--to", "2026-03-31"];
    let asked = [&["report", "promoter-summary"][..], &month[..]].concat();
    let config = hub.path("d/config").display().to_string();
    let path = |name: &str| hub.path(name).display().to_string();
    let mut command = std::process::Command::new(yuanliu_tests::hub::binary());
    command.args(["--quiet", "--config", &config]).args(&asked);
    command.args(["--format", "xlsx", "--output", &path("march.xlsx")]);
    answer(command.output().expect("the hub starts")).expect_code(0);
    let script = yuanliu_tests::root().join("tests/drivers/forget_values.py");
    let mut forget = std::process::Command::new("python3");
    forget.arg(script).args([path("march.xlsx"), path("forgotten.xlsx")]);
    let forgotten = yuanliu_tests::python::run(&mut forget, "python3");
    assert_ne!(forgotten.trim(), "0", "the workbook has formulas");
    let ssconvert = yuanliu_sandbox_servers::ssconvert().expect("a spreadsheet program");
    let mut compute = std::process::Command::new(ssconvert);
    compute.args(["--recalc", "-S", &path("forgotten.xlsx"), &path("march.csv")]);
    yuanliu_tests::python::run(&mut compute, "gnumeric");

    let text = std::fs::read_to_string(hub.path("march.csv.0")).expect("the first sheet");
    let mut computed = csv::Reader::from_reader(text.as_bytes());
    let header = computed.headers().expect("a header").clone();
    let computed: Vec<csv::StringRecord> =
        computed.records().map(|row| row.expect("a row")).collect();
    let reported = rows(hub, &asked);
    assert!(!reported.is_empty());
    assert_eq!(computed.len(), reported.len());
    for (line, reported) in computed.iter().zip(&reported) {
        for name in ["claimed", "accepted", "held", "rejected", "clawed_back", "payable_amount"] {
            let at = header.iter().position(|known| known == name).expect("a column");
            let value: f64 = line.get(at).expect("a value").parse().expect("a number");
            let told = number(reported, name);
            assert!((value - told).abs() < 1e-6, "{name} of {reported}: computed {value}");
        }
    }
}

/// The rows of a sheet by the names of their columns.
fn sheet(
    book: &mut Xlsx<std::io::BufReader<std::fs::File>>,
    name: &str,
) -> Vec<BTreeMap<String, Data>> {
    let range = book.worksheet_range(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut rows = range.rows();
    let header: Vec<String> =
        rows.next().expect("a header").iter().map(ToString::to_string).collect();
    rows.map(|row| header.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

#[test]
fn the_demo_finds_its_diverting_dealer_and_its_answers_agree() {
    let (hub, told) = demo();

    // One dealer diverts; nobody else is accused.
    let truth = told.split("the diverting dealer is ").nth(1).expect("the truth is told");
    let dealer = truth.split(' ').next().expect("a dealer");
    let alerts = rows(&hub, &["report", "diversion-cases", "--filter", "alert=true"]);
    let accused: Vec<_> = alerts.iter().map(|row| row["dealer_code"].clone()).collect();
    assert_eq!(accused, [dealer], "{alerts:#?}");
    assert_eq!(alerts[0]["grade"], "A");

    // Its file has every sighting that counts, and says where to look next.
    let mut arguments = vec!["case"];
    for (option, column) in [
        ("--dealer-code", "dealer_code"),
        ("--product-code", "product_code"),
        ("--destination-region", "destination_region"),
        ("--month", "month"),
    ] {
        arguments.extend([option, alerts[0][column].as_str().expect("a text")]);
    }
    let file = ask(&hub, &arguments).expect_code(0).json();
    let evidence = file["evidence"].as_array().expect("a list");
    let counted = evidence.iter().filter(|row| row["verdict"] == "off_territory").count();
    assert_eq!(counted as f64, number(&alerts[0], "off_territory"));
    assert_eq!(file["case"]["case_hash"].as_str().map(str::len), Some(64));
    assert!(evidence.iter().any(|row| row["package_code"].is_string()), "{evidence:#?}");
    let siblings = file["siblings"].as_array().expect("a list");
    assert!(siblings.iter().any(|row| row["relation"] == "package"), "{siblings:#?}");
    arguments[8] = "1999-01";
    ask(&hub, &arguments).expect_code(1);

    // n is the same whichever destination it stands beside; k adds up to the dealer's.
    let cases = rows(&hub, &["report", "diversion-cases", "--dealer-code", dealer]);
    let dealers = rows(&hub, &["report", "diversion-dealers", "--dealer-code", dealer]);
    for month in &dealers {
        let of_month = cases.iter().filter(|case| case["month"] == month["month"]);
        let off: f64 = of_month.map(|case| number(case, "off_territory")).sum();
        assert_eq!(off, number(month, "off_territory"), "{month}");
    }

    // Totals agree at every level and grain.
    let measures = [
        "ordered_qty",
        "ordered_amount",
        "shipped_qty",
        "returned_qty",
        "sold_qty",
        "channel_stock",
    ];
    let mut totals: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (level, by) in
        [("province", ""), ("city", "dealer_code"), ("county", "product_code,channel")]
    {
        let mut arguments = vec![
            "report",
            "regional-sales",
            "--grain",
            "total",
            "--to",
            "2026-06-30",
            "--level",
            level,
        ];
        if !by.is_empty() {
            arguments.extend(["--by", by]);
        }
        let answer = rows(&hub, &arguments);
        for measure in measures {
            let total: f64 = answer.iter().map(|row| number(row, measure)).sum();
            totals.entry(measure).or_default().push(format!("{total:.4}"));
        }
    }
    for (measure, found) in &totals {
        assert!(found.iter().all(|total| total == &found[0]), "{measure}: {found:?}");
        assert_ne!(found[0], "0.0000", "{measure} is nothing but zeros");
    }
    let months =
        rows(&hub, &["report", "regional-sales", "--grain", "month", "--to", "2026-06-30"]);
    let by_month: f64 = months.iter().map(|row| number(row, "shipped_qty")).sum();
    assert_eq!(format!("{by_month:.4}"), totals["shipped_qty"][0]);

    // What was sold to the ERP's customers is what its documents say.
    let sql = "select cast(sum(l.amount) as varchar) as amount from core.sales_order_line l \
               join core.sales_order o on o.system = l.system and o.order_no = l.order_no \
               where o.status in ('approved', 'closed') and not o.is_deleted and not l.is_deleted";
    let amount = rows(&hub, &["sql", sql]);
    let amount: f64 = amount[0]["amount"].as_str().expect("an amount").parse().expect("a number");
    assert_eq!(format!("{amount:.4}"), totals["ordered_amount"][0]);

    // What promoters claimed adds up, claim by claim and to the cent.
    let claims = rows(&hub, &["report", "promoter-claims"]);
    let summary = rows(&hub, &["report", "promoter-summary", "--grain", "total"]);
    let total = |name: &str| -> f64 { summary.iter().map(|row| number(row, name)).sum() };
    let counted = claims.iter().filter(|claim| claim["is_retry"] == false);
    let of = |verdicts: &[&str]| -> f64 {
        let fits = |claim: &&Value| verdicts.iter().any(|verdict| claim["verdict"] == *verdict);
        counted.clone().filter(fits).count() as f64
    };
    assert_ne!(total("accepted"), 0.0);
    assert_eq!(total("claimed"), counted.clone().count() as f64);
    assert_eq!(total("accepted"), of(&["accepted", "clawed_back"]));
    assert_eq!((total("held"), total("rejected")), (of(&["held"]), of(&["rejected"])));
    let sql = "select cast(sum(amount) as varchar) as amount from marts.promoter_claims";
    let amount = rows(&hub, &["sql", sql]);
    let amount: f64 = amount[0]["amount"].as_str().expect("an amount").parse().expect("a number");
    assert_eq!(format!("{amount:.4}"), format!("{:.4}", total("payable_amount")));

    a_settlement_can_be_computed_again(&hub);
    a_spreadsheet_program_computes_the_same(&hub);

    // A trace tells the whole life of a code that was diverted.
    let code = told.split(" trace ").nth(1).and_then(|t| t.lines().next()).expect("a code");
    let trace = ask(&hub, &["trace", code]).expect_code(0).json();
    for list in
        ["materials", "inspections", "containment", "movements", "custody", "sightings", "dwell"]
    {
        assert!(!trace[list].as_array().expect("a list").is_empty(), "{list} of {code}");
    }
    assert_eq!(trace["custody"][0]["dealer_code"], dealer);
    let lower = ask(&hub, &["trace", &format!(" {} ", code.to_lowercase())]).expect_code(0).json();
    assert_eq!(lower, trace, "the spelling of a code does not matter");

    // Before the goods left the factory nobody held them.
    let early = ask(&hub, &["trace", code, "--as-of", "2026-01-01"]).expect_code(1).json();
    assert_eq!(early["custody"], Value::Array(Vec::new()));

    // A second build has nothing to do; one late event rebuilds what it touches.
    let again = ask(&hub, &["build"]);
    let rebuilt = |answer: &Answer| -> Vec<Value> {
        let models = answer.json()["models"].as_array().expect("models").clone();
        models.into_iter().filter(|model| model["outcome"] == "rebuilt").collect()
    };
    assert_eq!(rebuilt(&again), Vec::<Value>::new());
    let late = format!(
        "{{\"event_id\":\"late-1\",\"event_type\":\"verify\",\"event_time\":\"2026-06-20T08:00:00+08:00\",\
         \"codes\":[\"{code}\"],\"region_code\":\"140302\",\"location_source\":\"address\"}}\n"
    );
    let file = hub.write("late.jsonl", &late).display().to_string();
    ask(&hub, &["ingest", &file]).expect_code(0);
    let touched = rebuilt(&ask(&hub, &["build"]));
    let sighting = touched.iter().find(|model| model["name"] == "core.sighting");
    let sighting = sighting.expect("the sighting is decided");
    assert_eq!(sighting["partitions_changed"], 1, "{sighting}");
    assert!(!touched.iter().any(|model| model["name"] == "core.custody"), "{touched:#?}");
    let seen = rows(&hub, &["report", "sightings", "--filter", "event_id=late-1"]);
    assert_eq!(seen.len(), 1);
}
