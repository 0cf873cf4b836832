//! Archives (档案).

use chrono::Days;
use yuanliu_company::{Company, Place};

use super::row;
use crate::data::Dataset;

pub(super) fn fill(data: &mut Dataset, company: &Company) {
    let made = company.start.checked_sub_days(Days::new(200)).unwrap_or(company.start).to_string();
    let address =
        |place: usize| company.places.get(place).map(Place::full_address).unwrap_or_default();
    for product in &company.products {
        data.put(
            "inventory",
            row([
                ("code", product.code.clone()),
                ("name", product.name.clone()),
                ("specs", product.spec.clone()),
                ("sort_code", product.category.clone()),
                ("main_measure", "PCS".to_owned()),
                ("ccomunitname", "件".to_owned()),
                ("unitgroup_code", "01".to_owned()),
                ("unitgroup_type", "0".to_owned()),
                ("tax_rate", "13".to_owned()),
                ("start_date", made.clone()),
                ("modifydate", company.start.to_string()),
                ("self_define1", product.items_per_case.to_string()),
                ("self_define2", product.cases_per_pallet.to_string()),
            ]),
        );
    }
    for material in &company.materials {
        data.put(
            "inventory",
            row([
                ("code", material.code.clone()),
                ("name", material.name.clone()),
                ("sort_code", "RAW".to_owned()),
                ("main_measure", material.unit.to_owned()),
                ("start_date", made.clone()),
            ]),
        );
    }
    for dealer in &company.dealers {
        data.put(
            "customer",
            row([
                ("code", dealer.code.clone()),
                ("name", dealer.name.clone()),
                ("abbrname", dealer.name.clone()),
                ("sort_code", dealer.channel.to_owned()),
                ("address", address(dealer.place)),
                ("seed_date", made.clone()),
                ("modifydate", company.start.to_string()),
            ]),
        );
    }
    for supplier in &company.suppliers {
        data.put(
            "vendor",
            row([
                ("code", supplier.code.clone()),
                ("name", supplier.name.clone()),
                ("abbrname", supplier.name.clone()),
                ("receive_site", address(supplier.place)),
            ]),
        );
    }
    for who in &company.employees {
        data.put(
            "person",
            row([
                ("code", who.code.clone()),
                ("name", who.name.clone()),
                ("cdept_num", who.department.to_owned()),
            ]),
        );
    }
}
