//! The made-up company as U8 resources: nothing is lost on the way in.

use yuanliu_company::Company;
use yuanliu_sandbox_yonyou_u8_openapi::Dataset;

#[test]
fn every_document_of_the_company_is_a_row() {
    let company = Company::demo(7, 5);
    let data = Dataset::from_company(&company);
    for (resource, rows) in [
        ("inventory", company.products.len() + company.materials.len()),
        ("customer", company.dealers.len()),
        ("vendor", company.suppliers.len()),
        ("person", company.employees.len()),
        ("warehouse", company.warehouses.len()),
        ("saleorder", company.orders.len()),
        ("saleout", company.deliveries.len()),
        ("materialout", company.moves.len()),
        ("productin", company.receipts.len()),
    ] {
        assert_eq!(data.rows(resource), Some(rows), "{resource}");
    }
    assert_eq!(data.rows("productionorder"), None);
}
