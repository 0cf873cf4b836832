//! Base data: every row stands in `t_Item` too, below a group row.

use serde_json::json;
use yuanliu_company::Place;

use super::super::at;
use super::{CUSTOMER, EMPLOYEE, Filler, MATERIAL, STOCK, SUPPLIER};
use crate::data::PutError;

pub(super) fn fill(filler: &mut Filler<'_>) -> Result<(), PutError> {
    units(filler)?;
    materials(filler)?;
    dealers(filler)?;
    suppliers(filler)?;
    people(filler)?;
    warehouses(filler)
}

/// Stores a row of `t_Item` and answers its id.
fn item(
    filler: &mut Filler<'_>,
    class: i64,
    number: &str,
    name: &str,
    parent: Option<i64>,
) -> Result<i64, PutError> {
    let id = filler.next_id();
    filler.put(
        "t_Item",
        &json!({
        "FItemID": id, "FItemClassID": class, "FNumber": number, "FName": name,
        "FParentID": parent.unwrap_or(0), "FLevel": if parent.is_some() { 2 } else { 1 },
        "FDetail": parent.is_some(), "FDeleted": 0}),
    )?;
    Ok(id)
}

fn unit(
    filler: &mut Filler<'_>,
    number: &str,
    name: &str,
    base: Option<u32>,
) -> Result<i64, PutError> {
    let id = filler.next_id();
    filler.put(
        "t_MeasureUnit",
        &json!({
        "FMeasureUnitID": id, "FItemID": id, "FUnitGroupID": 1, "FNumber": number, "FName": name,
        "FCoefficient": base.unwrap_or(1), "FStandard": i32::from(base.is_none())}),
    )?;
    Ok(id)
}

fn units(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let mut codes = vec!["Pcs"];
    codes.extend(company.materials.iter().map(|material| material.unit));
    for code in codes {
        if filler.unit(code) == 0 {
            let name = match code {
                "Pcs" => "个",
                "kg" => "千克",
                other => other,
            };
            let id = unit(filler, code, name, None)?;
            filler.ids.units.push((code.to_owned(), id));
        }
    }
    for product in &company.products {
        let code = format!("X{}", product.items_per_case);
        if filler.unit(&code) == 0 {
            let id = unit(filler, &code, "箱", Some(product.items_per_case))?;
            filler.ids.units.push((code.clone(), id));
        }
        let id = filler.unit(&code);
        filler.ids.cases.push(id);
    }
    Ok(())
}

fn materials(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let mut groups: Vec<(String, i64)> = Vec::new();
    for (position, product) in company.products.iter().enumerate() {
        let known = groups.iter().find(|(name, _)| *name == product.category).map(|(_, id)| *id);
        let group = match known {
            Some(id) => id,
            None => {
                let number = format!("G{}", groups.len() + 1);
                let id = item(filler, MATERIAL, &number, &product.category, None)?;
                group_material(filler, id, &number, &product.category)?;
                groups.push((product.category.clone(), id));
                id
            }
        };
        let id = item(filler, MATERIAL, &product.code, &product.name, Some(group))?;
        let (base, case) = (filler.unit("Pcs"), at(&filler.ids.cases, position));
        filler.put(
            "t_ICItem",
            &json!({
            "FItemID": id, "FNumber": product.code, "FShortNumber": product.code,
            "FName": product.name, "FModel": product.spec, "FParentID": group, "FErpClsID": 2,
            "FUnitGroupID": 1, "FUnitID": base, "FSaleUnitID": case, "FProductUnitID": base,
            "FStoreUnitID": base, "FBatchManager": true, "FISKFPeriod": true, "FKFPeriod": 365,
            "FDeleted": 0, "F_101": "item"}),
        )?;
        filler.ids.products.push(id);
    }
    let group = item(filler, MATERIAL, "RAW", "原辅材料", None)?;
    group_material(filler, group, "RAW", "原辅材料")?;
    for material in &company.materials {
        let id = item(filler, MATERIAL, &material.code, &material.name, Some(group))?;
        let unit = filler.unit(material.unit);
        filler.put(
            "t_ICItem",
            &json!({
            "FItemID": id, "FNumber": material.code, "FShortNumber": material.code,
            "FName": material.name, "FModel": "", "FParentID": group, "FErpClsID": 1,
            "FUnitGroupID": 1, "FUnitID": unit, "FSaleUnitID": unit, "FProductUnitID": unit,
            "FStoreUnitID": unit, "FBatchManager": true, "FISKFPeriod": false, "FDeleted": 0}),
        )?;
        filler.ids.materials.push(id);
    }
    Ok(())
}

/// Group rows show among the materials as well.
fn group_material(
    filler: &mut Filler<'_>,
    id: i64,
    number: &str,
    name: &str,
) -> Result<(), PutError> {
    filler.put(
        "t_ICItem",
        &json!({
        "FItemID": id, "FNumber": number, "FName": name, "FParentID": 0, "FUnitID": 0,
        "FBatchManager": false, "FDeleted": 0}),
    )
}

/// Every other address leaves the province to the area field.
fn dealers(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let mut areas: Vec<(String, i64)> = Vec::new();
    let mut groups: Vec<(&str, i64)> = Vec::new();
    for (position, dealer) in company.dealers.iter().enumerate() {
        let known = groups.iter().find(|(name, _)| *name == dealer.channel).map(|(_, id)| *id);
        let group = match known {
            Some(id) => id,
            None => {
                let number = format!("K{}", groups.len() + 1);
                let id = item(filler, CUSTOMER, &number, dealer.channel, None)?;
                filler.put(
                    "t_Organization",
                    &json!({
                    "FItemID": id, "FNumber": number, "FName": dealer.channel, "FDeleted": 0}),
                )?;
                groups.push((dealer.channel, id));
                id
            }
        };
        let place = company.places.get(dealer.place);
        let area = match place {
            Some(place) if position % 2 == 1 => area(filler, &mut areas, &place.province)?,
            _ => 0,
        };
        let id = item(filler, CUSTOMER, &dealer.code, &dealer.name, Some(group))?;
        let address = place.map(|place| match place.full_address().strip_prefix(&place.province) {
            Some(rest) if area != 0 => rest.to_owned(),
            _ => place.full_address(),
        });
        filler.put(
            "t_Organization",
            &json!({
            "FItemID": id, "FNumber": dealer.code, "FName": dealer.name, "FShortName": dealer.name,
            "FAddress": address, "FContact": "联系人", "FPhone": "000", "FRegionID": area,
            "FStatus": 1072, "FDeleted": 0}),
        )?;
        filler.ids.dealers.push(id);
    }
    Ok(())
}

fn area(
    filler: &mut Filler<'_>,
    areas: &mut Vec<(String, i64)>,
    province: &str,
) -> Result<i64, PutError> {
    if let Some((_, id)) = areas.iter().find(|(name, _)| name == province) {
        return Ok(*id);
    }
    let id = filler.next_id();
    filler.put(
        "t_SubMessage",
        &json!({
        "FInterID": id, "FID": format!("Q{}", areas.len() + 1), "FName": province, "FTypeID": 26,
        "FParentID": 0, "FDetail": true, "FDeleted": 0}),
    )?;
    areas.push((province.to_owned(), id));
    Ok(id)
}

fn suppliers(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let group = item(filler, SUPPLIER, "S", "供应商", None)?;
    for supplier in &company.suppliers {
        let id = item(filler, SUPPLIER, &supplier.code, &supplier.name, Some(group))?;
        let address = company.places.get(supplier.place).map(Place::full_address);
        filler.put(
            "t_Supplier",
            &json!({
            "FItemID": id, "FNumber": supplier.code, "FName": supplier.name,
            "FShortName": supplier.name, "FAddress": address, "FDeleted": 0}),
        )?;
        filler.ids.suppliers.push(id);
    }
    Ok(())
}

fn people(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    for (number, name) in [("BM001", "一车间"), ("BM002", "二车间"), ("BM003", "销售部")] {
        let id = filler.next_id();
        filler.put("t_Department", &json!({"FItemID": id, "FNumber": number, "FName": name}))?;
        filler.ids.workshops.push((name, id));
    }
    let group = item(filler, EMPLOYEE, "E", "职员", None)?;
    for employee in &company.employees {
        let id = item(filler, EMPLOYEE, &employee.code, &employee.name, Some(group))?;
        let known = filler.ids.workshops.iter().find(|(name, _)| *name == employee.department);
        let department = known.map_or(0, |(_, id)| *id);
        filler.put(
            "t_Emp",
            &json!({
            "FItemID": id, "FNumber": employee.code, "FName": employee.name,
            "FDepartmentID": department}),
        )?;
    }
    Ok(())
}

fn warehouses(filler: &mut Filler<'_>) -> Result<(), PutError> {
    let company = filler.company;
    let parent = item(filler, STOCK, "CK", "仓库", None)?;
    for warehouse in &company.warehouses {
        let id = item(filler, STOCK, &warehouse.code, &warehouse.name, Some(parent))?;
        let address = company.places.get(warehouse.place).map(Place::full_address);
        filler.put(
            "t_Stock",
            &json!({
            "FItemID": id, "FNumber": warehouse.code, "FName": warehouse.name, "FAddress": address,
            "FTypeID": 500}),
        )?;
        filler.ids.warehouses.push(id);
    }
    Ok(())
}
