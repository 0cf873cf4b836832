//! Masters: both databases have them, the older one as they were.

use serde_json::json;
use yuanliu_company::{Place, Product};

use super::super::day;
use super::Filler;
use crate::data::PutError;

/// Code of the unit of goods.
pub(super) const MAIN_UNIT: &str = "01";

/// Code of 箱 of a product.
pub(super) fn case_unit(product: &Product) -> String {
    format!("02{:02}", product.items_per_case)
}

/// Code of a material's unit.
fn material_unit(unit: &str) -> &'static str {
    match unit {
        "kg" => "03",
        _ => MAIN_UNIT,
    }
}

pub(super) fn fill(filler: &mut Filler<'_>) -> Result<(), PutError> {
    units(filler)?;
    inventory(filler)?;
    customers(filler)?;
    others(filler)
}

fn units(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for (code, name) in [(MAIN_UNIT, "个"), ("03", "千克")] {
        filler.put(
            "ComputationUnit",
            &json!({
            "cComunitCode": code, "cComUnitName": name, "cGroupCode": "01", "bMainUnit": true,
            "iChangRate": 1}),
        )?;
    }
    for product in &company.products {
        filler.put(
            "ComputationUnit",
            &json!({
            "cComunitCode": case_unit(product), "cComUnitName": "箱", "cGroupCode": "01",
            "bMainUnit": false, "iChangRate": product.items_per_case}),
        )?;
    }
    Ok(())
}

fn inventory(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let mut classes: Vec<&str> = Vec::new();
    for product in &company.products {
        if !classes.contains(&product.category.as_str()) {
            classes.push(&product.category);
        }
        let class = classes.iter().position(|known| *known == product.category).unwrap_or_default();
        filler.put(
            "Inventory",
            &json!({
            "cInvCode": product.code, "cInvName": product.name, "cInvStd": product.spec,
            "cInvCCode": format!("11{class:02}"), "cGroupCode": "01", "iGroupType": 1,
            "cComUnitCode": MAIN_UNIT, "cAssComUnitCode": case_unit(product),
            "cSAComUnitCode": case_unit(product), "bInvBatch": true, "bInvQuality": true,
            "cInvDefine1": "item", "dSDate": day(company.start)}),
        )?;
    }
    for material in &company.materials {
        filler.put(
            "Inventory",
            &json!({
            "cInvCode": material.code, "cInvName": material.name, "cInvStd": "",
            "cInvCCode": "21", "cGroupCode": "01", "iGroupType": 0,
            "cComUnitCode": material_unit(material.unit), "bInvBatch": true, "bInvQuality": false,
            "dSDate": day(company.start)}),
        )?;
    }
    for (position, name) in classes.iter().enumerate() {
        filler.put(
            "InventoryClass",
            &json!({
            "cInvCCode": format!("11{position:02}"), "cInvCName": name, "iInvCGrade": 2,
            "bInvCEnd": true}),
        )?;
    }
    filler.put(
        "InventoryClass",
        &json!({
        "cInvCCode": "21", "cInvCName": "原辅材料", "iInvCGrade": 1, "bInvCEnd": true}),
    )
}

/// Every other address leaves the province to the district.
fn customers(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let mut districts: Vec<&str> = Vec::new();
    for (position, dealer) in company.dealers.iter().enumerate() {
        let place = company.places.get(dealer.place);
        let mut district = None;
        if let Some(place) = place.filter(|_| position % 2 == 1) {
            if !districts.contains(&place.province.as_str()) {
                districts.push(&place.province);
            }
            district = districts.iter().position(|known| *known == place.province);
        }
        let address = place.map(|place| match place.full_address().strip_prefix(&place.province) {
            Some(rest) if district.is_some() => rest.to_owned(),
            _ => place.full_address(),
        });
        // The older database has the name of then.
        let name = if filler.year == 0 {
            format!("{}（旧）", dealer.name)
        } else {
            dealer.name.clone()
        };
        filler.put(
            "Customer",
            &json!({
            "cCusCode": dealer.code, "cCusName": name, "cCusAbbName": dealer.name,
            "cCCCode": dealer.channel.get(..12).unwrap_or(dealer.channel),
            "cDCCode": district.map(|at| format!("{:02}", at + 1)), "cCusAddress": address,
            "cCusPhone": "000", "dCusDevDate": day(company.start)}),
        )?;
    }
    for (position, name) in districts.iter().enumerate() {
        filler.put(
            "DistrictClass",
            &json!({
            "cDCCode": format!("{:02}", position + 1), "cDCName": name, "iDCGrade": 1,
            "bDCEnd": true}),
        )?;
    }
    Ok(())
}

fn others(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let address = |place: usize| company.places.get(place).map(Place::full_address);
    for supplier in &company.suppliers {
        filler.put(
            "Vendor",
            &json!({
            "cVenCode": supplier.code, "cVenName": supplier.name, "cVenAbbName": supplier.name,
            "cVCCode": "01", "cVenAddress": address(supplier.place), "cVenBank": "示例银行"}),
        )?;
    }
    for employee in &company.employees {
        filler.put(
            "Person",
            &json!({
            "cPersonCode": employee.code, "cPersonName": employee.name, "cPersonPhone": "000"}),
        )?;
    }
    for warehouse in &company.warehouses {
        filler.put(
            "Warehouse",
            &json!({
            "cWhCode": warehouse.code, "cWhName": warehouse.name,
            "cWhAddress": address(warehouse.place), "bWhPos": false}),
        )?;
    }
    Ok(())
}
