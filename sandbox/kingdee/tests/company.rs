//! The made-up company as forms: nothing is lost on the way in.

use yuanliu_company::{Company, MoveKind};
use yuanliu_sandbox_kingdee::Dataset;

#[test]
fn every_document_of_the_company_is_a_row() {
    let company = Company::demo(7, 5);
    let data = Dataset::from_company(&company);
    let moves = |kind| company.moves.iter().filter(|moved| moved.kind == kind).count();
    let mut documents: Vec<&str> = company.runs.iter().map(|run| &*run.document_no).collect();
    documents.dedup();
    let allotted = 2 * company.products.len() + company.materials.len();
    for (form, rows) in [
        ("BD_MATERIAL", allotted),
        ("BD_Customer", 2 * company.dealers.len()),
        ("BD_Supplier", company.suppliers.len() + 3),
        ("BD_Empinfo", company.employees.len()),
        ("BD_STOCK", company.warehouses.len()),
        ("BD_BatchMainFile", company.lots.len() + company.runs.len()),
        ("PRD_MO", documents.len()),
        ("PRD_PickMtrl", moves(MoveKind::Issue)),
        ("PRD_FeedMtrl", moves(MoveKind::Feed)),
        ("PRD_ReturnMtrl", moves(MoveKind::Return)),
        ("PRD_INSTOCK", company.receipts.len()),
        ("SAL_SaleOrder", company.orders.len()),
        ("SAL_OUTSTOCK", company.deliveries.len()),
        ("QM_InspectBill", company.inspections.len()),
    ] {
        assert_eq!(data.rows(form), Some(rows), "{form}");
    }
}
