//! Gates as whoever writes them meets them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its ground is missing"
)]

use yuanliu_gates::{Check, Facts, Gates};

const QC: &str = r#"
[[gate]]
name = "qc_passed"
on = "shipment"
require = "batch_inspection = 'pass'"
message = "批次未检验合格"
example = [
    { facts = { batch_inspection = "pass" }, allowed = true },
    { facts = { batch_inspection = "fail" }, allowed = false },
    { facts = {}, allowed = false },
]
"#;

#[test]
fn a_gate_holds_only_if_its_condition_is_true() {
    let gates = Gates::parse(QC).unwrap();
    let mut facts = Facts::default();
    let unknown = gates.decide(Check::Shipment, &facts).unwrap();
    assert!(!unknown.allowed);
    assert_eq!(unknown.refusals[0].gate, "qc_passed");
    assert!(facts.set("batch_inspection", Some("pass")));
    assert!(gates.decide(Check::Shipment, &facts).unwrap().allowed);
    // Gates of another check are not asked.
    assert!(gates.decide(Check::Material, &Facts::default()).unwrap().allowed);
}

#[test]
fn the_version_is_that_of_what_the_file_says() {
    let one = Gates::parse(QC).unwrap();
    let commented = Gates::parse(&format!("# 检验\n{QC}")).unwrap();
    let other = Gates::parse(&QC.replace("批次", "本批")).unwrap();
    assert_eq!(one.version(), commented.version());
    assert_ne!(one.version(), other.version());
    assert_eq!(one.version().len(), 12);
}

#[test]
fn a_file_that_is_wrong_says_how() {
    let told = |text: &str| Gates::parse(text).unwrap_err().to_string();
    assert!(told(&QC.replace("batch_inspection =", "inspection =")).contains("qc_passed"));
    assert!(told(&QC.replace("= 'pass'", "|| 'pass'")).contains("instead of true or false"));
    assert!(
        told(&QC.replace("\"fail\" }, allowed = false", "\"fail\" }, allowed = true"))
            .contains("example 2 of gate `qc_passed`: allowed is false")
    );
    assert!(
        told(&QC.replace("batch_inspection = \"fail\"", "batch_inspection = 3"))
            .contains("no fact of this kind")
    );
    assert!(told(&format!("{QC}{QC}")).contains("twice"));
    assert!(told(&QC.replace("message", "massage")).contains("massage"));
    let untested = QC.lines().filter(|line| !line.contains("allowed = true"));
    assert!(told(&untested.collect::<Vec<_>>().join("\n")).contains("needs an example"));
}
