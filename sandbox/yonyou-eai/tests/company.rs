//! The made-up company as EAI records: nothing is lost on the way in.

use yuanliu_company::{Company, MoveKind};
use yuanliu_sandbox_yonyou_eai::Dataset;

#[test]
fn every_document_of_the_company_is_a_record() {
    let company = Company::demo(7, 5);
    let data = Dataset::from_company(&company);
    let returns = company.moves.iter().filter(|moved| moved.kind == MoveKind::Return).count();
    for (root, records) in [
        ("inventory", company.products.len() + company.materials.len()),
        ("customer", company.dealers.len()),
        ("vendor", company.suppliers.len()),
        ("person", company.employees.len()),
        ("saleorder", company.orders.len()),
        ("storeout", company.deliveries.len() + company.moves.len()),
        ("storein", company.receipts.len()),
    ] {
        assert_eq!(data.records(root).count(), records, "{root}");
    }
    let negative = data.records("storeout").filter(|record| {
        record["entry"][0]["quantity"].as_str().is_some_and(|text| text.starts_with('-'))
    });
    assert_eq!(negative.count(), returns);
}
