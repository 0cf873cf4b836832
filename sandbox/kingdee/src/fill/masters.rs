//! Base data.

use chrono::{NaiveTime, TimeDelta};
use serde_json::{Value as Json, json};
use yuanliu_company::{Company, Dealer, Place, Status};

use super::ids::at;
use super::{Filler, object};

/// Organisations: the head office, and one that materials and customers are allotted to.
const ORGANISATIONS: [(&str, &str); 2] = [("100", "示例总部"), ("200", "示例销售公司")];

pub(super) fn fill(filler: &mut Filler, company: &Company) {
    lookups(filler, company);
    suppliers(filler, company);
    materials(filler, company);
    dealers(filler, company);
    employees(filler, company);
    warehouses(filler, company);
    lots(filler, company);
}

fn lookups(filler: &mut Filler, company: &Company) {
    let mut rows: Vec<(&str, &str, &str)> = vec![
        ("SEC_User", "demo", "demo"),
        ("BD_UNIT", "Pcs", "件"),
        ("BD_UNIT", "kg", "千克"),
        ("BD_Currency", "PRE001", "人民币"),
        ("BD_Department", "BM001", "一车间"),
        ("BD_Department", "BM002", "二车间"),
        ("BD_Department", "BM003", "销售部"),
        ("BOS_BillType", "SCDD01_SYS", "普通生产订单"),
        ("BOS_BillType", "SCLLD_SYS", "普通生产领料"),
        ("BOS_BillType", "XSDD01_SYS", "标准销售订单"),
        ("BOS_BillType", "XSCKD01_SYS", "标准销售出库单"),
        ("BOS_BillType", "JYD001_SYS", "来料检验单"),
        ("BOS_BillType", "JYD002_SYS", "产品检验单"),
        ("BD_MATERIALGROUP", "RAW", "原辅材料"),
        ("BD_CustomerGroup", "distribution", "distribution"),
        ("BD_CustomerGroup", "ecommerce", "ecommerce"),
    ];
    rows.extend(ORGANISATIONS.iter().map(|(number, name)| ("ORG_Organizations", *number, *name)));
    for (form, number, name) in rows {
        plain(filler, form, number, name);
    }
    for product in &company.products {
        if filler.ids.lookup("BD_MATERIALGROUP", &product.category) == 0 {
            plain(filler, "BD_MATERIALGROUP", &product.category, &product.category);
        }
        let case = case_unit(product.items_per_case);
        if filler.ids.lookup("BD_UNIT", &case) == 0 {
            plain(filler, "BD_UNIT", &case, &format!("箱({}件)", product.items_per_case));
        }
    }
    // Never edited since they were made, so they have no change time.
    for carrier in company.deliveries.iter().map(|delivery| delivery.carrier) {
        if filler.ids.lookup("BD_Supplier", carrier) == 0 {
            let pk = filler.put(
                "BD_Supplier",
                json!({"FNumber": carrier, "FName": carrier,
                "FDocumentStatus": "C", "FForbidStatus": "A"}),
            );
            filler.ids.remember("BD_Supplier", carrier, pk);
        }
    }
    for inspector in company.inspections.iter().map(|inspection| inspection.inspector) {
        let Some(employee) = company.employees.get(inspector) else { continue };
        if filler.ids.lookup("BD_OPERATOR", &employee.code) == 0 {
            plain(filler, "BD_OPERATOR", &employee.code, &employee.name);
        }
    }
}

/// Number of the unit "case of so many".
pub(super) fn case_unit(items: u32) -> String {
    format!("Case{items}")
}

fn plain(filler: &mut Filler, form: &str, number: &str, name: &str) {
    let pk = filler.put(form, json!({"FNumber": number, "FName": name}));
    filler.ids.remember(form, number, pk);
}

/// Stores one row per using organisation and answers the head office's id.
fn allotted(
    filler: &mut Filler,
    company: &Company,
    form: &str,
    organisations: usize,
    row: Json,
) -> i64 {
    let made = company.start.and_time(NaiveTime::MIN) - TimeDelta::days(200);
    let mut first = 0;
    for (number, _) in ORGANISATIONS.iter().take(organisations) {
        let mut row = object(row.clone());
        filler.trail(&mut row, Status::Approved, made);
        for key in ["FCancelStatus", "FApproveDate"] {
            // Base data is not cancelled; only materials among it have this approval date.
            if key == "FCancelStatus" || form != "BD_MATERIAL" {
                row.remove(key);
            }
        }
        row.insert("FDocumentStatus".into(), json!("C"));
        row.insert("FForbidStatus".into(), json!("A"));
        let head = filler.ids.lookup("ORG_Organizations", "100");
        row.insert("FCreateOrgId".into(), json!(head));
        row.insert("FUseOrgId".into(), json!(filler.ids.lookup("ORG_Organizations", number)));
        if first != 0 {
            row.insert("FMASTERID".into(), json!(first));
        }
        let pk = filler.put(form, Json::Object(row.clone()));
        if first == 0 {
            // The master id of the first row is its own id, known only now.
            first = pk;
            let key = filler.data.form(form).map(|form| form.meta.pk.clone()).unwrap_or_default();
            row.insert("FMASTERID".into(), json!(pk));
            row.insert(key, json!(pk));
            filler.put(form, Json::Object(row));
        }
    }
    first
}

fn materials(filler: &mut Filler, company: &Company) {
    for product in &company.products {
        let unit = filler.ids.lookup("BD_UNIT", "Pcs");
        let row = json!({
            "FNumber": product.code, "FName": product.name, "FSpecification": product.spec,
            "FMaterialGroup": filler.ids.lookup("BD_MATERIALGROUP", &product.category),
            "FErpClsID": "2", "FBaseUnitId": unit, "FStoreUnitID": unit, "FProduceUnitId": unit,
            "FSaleUnitID": filler.ids.lookup("BD_UNIT", &case_unit(product.items_per_case)),
            "FIsBatchManage": true, "FIsKFPeriod": true, "FExpPeriod": 365,
            "F_YL_ItemsPerCase": product.items_per_case,
            "F_YL_CasesPerPallet": product.cases_per_pallet, "F_YL_TraceLevel": "item"});
        let pk = allotted(filler, company, "BD_MATERIAL", 2, row);
        filler.ids.products.push(pk);
    }
    for material in &company.materials {
        let unit = filler.ids.lookup("BD_UNIT", material.unit);
        let row = json!({
            "FNumber": material.code, "FName": material.name, "FErpClsID": "1",
            "FMaterialGroup": filler.ids.lookup("BD_MATERIALGROUP", "RAW"),
            "FBaseUnitId": unit, "FStoreUnitID": unit, "FIsBatchManage": true});
        let pk = allotted(filler, company, "BD_MATERIAL", 1, row);
        filler.ids.materials.push(pk);
    }
}

fn suppliers(filler: &mut Filler, company: &Company) {
    for supplier in &company.suppliers {
        let address = company.places.get(supplier.place).map(Place::full_address);
        let row = json!({"FNumber": supplier.code, "FName": supplier.name, "FAddress": address});
        let pk = allotted(filler, company, "BD_Supplier", 1, row);
        filler.ids.suppliers.push(pk);
    }
}

fn dealers(filler: &mut Filler, company: &Company) {
    for (position, dealer) in company.dealers.iter().enumerate() {
        let row = customer(filler, company, position, dealer);
        let pk = allotted(filler, company, "BD_Customer", 2, row);
        filler.ids.dealers.push(pk);
    }
}

/// Tenants differ in which region fields they fill, and so do the rows of one tenant here.
fn customer(filler: &Filler, company: &Company, position: usize, dealer: &Dealer) -> Json {
    let parent = dealer.parent.and_then(|parent| company.dealers.get(parent));
    let mut row = object(json!({
        "FNumber": dealer.code, "FName": dealer.name,
        "FGroup": filler.ids.lookup("BD_CustomerGroup", dealer.channel),
        "F_YL_DealerLevel": dealer.level, "F_YL_Channel": dealer.channel,
        "F_YL_ParentDealer": parent.map_or("", |parent| &parent.code)}));
    if let Some(place) = company.places.get(dealer.place) {
        let (keys, address): (&[(&str, &str)], String) = match position % 4 {
            0 | 1 => {
                let keys = &[("FPROVINCE", "province"), ("FCITY", "city")];
                (keys, place.address.clone())
            }
            2 => (&[("FPROVINCIAL", "province")], place.address.clone()),
            _ => (&[], place.full_address()),
        };
        for (key, level) in keys {
            let name = if *level == "province" { &place.province } else { &place.city };
            row.insert((*key).to_owned(), json!(format!("id-{name}")));
            row.insert(format!("{key}.FDataValue"), json!(name));
        }
        row.insert("FAddress".into(), json!(address));
    }
    Json::Object(row)
}

fn employees(filler: &mut Filler, company: &Company) {
    for employee in &company.employees {
        let mut row = object(json!({
            "FNumber": employee.code, "FStaffNumber": employee.code, "FName": employee.name,
            "FForbidStatus": "A", "FUseOrgId": filler.ids.lookup("ORG_Organizations", "100")}));
        let made = company.start.and_time(NaiveTime::MIN) - TimeDelta::days(300);
        filler.trail(&mut row, Status::Approved, made);
        row.remove("FCancelStatus");
        row.remove("FApproveDate");
        row.insert("FDocumentStatus".into(), json!("C"));
        filler.put("BD_Empinfo", Json::Object(row));
    }
}

fn warehouses(filler: &mut Filler, company: &Company) {
    for warehouse in &company.warehouses {
        let address = company.places.get(warehouse.place).map(Place::full_address);
        let row = json!({"FNumber": warehouse.code, "FName": warehouse.name,
            "FAddress": address, "FStockProperty": "1"});
        let pk = allotted(filler, company, "BD_STOCK", 1, row);
        filler.ids.warehouses.push(pk);
    }
}

fn lots(filler: &mut Filler, company: &Company) {
    for lot in &company.lots {
        let supplier = company.materials.get(lot.material).map_or(0, |material| material.supplier);
        let row = json!({"FNumber": lot.lot_no, "FName": lot.lot_no,
            "FMaterialId": at(&filler.ids.materials, lot.material),
            "FSupplyID": at(&filler.ids.suppliers, supplier),
            "FProduceDate": lot.received.to_string()});
        let pk = filler.put("BD_BatchMainFile", row);
        filler.ids.lots.push(pk);
    }
    for run in &company.runs {
        let row = json!({"FNumber": run.batch_no, "FName": run.batch_no,
            "FMaterialId": at(&filler.ids.products, run.product),
            "FProduceDate": run.start.date().to_string()});
        let pk = filler.put("BD_BatchMainFile", row);
        filler.ids.batches.push(pk);
    }
}
