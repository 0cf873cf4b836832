//! Base data.

use chrono::{NaiveTime, TimeDelta};
use serde_json::json;
use yuanliu_company::Company;

use super::{Filler, ORG, text};
use crate::data::Object;

pub(super) fn fill(filler: &mut Filler, company: &Company) {
    let made = text(company.start.and_time(NaiveTime::MIN) - TimeDelta::days(200));
    for (code, name) in [("Pcs", "件"), ("kg", "千克")] {
        let id = filler.id_of("unit", code);
        filler.put(
            Object::Unit,
            json!({"id": id, "code": code, "name": name, "unitGroup": "1", "precision": 4,
                "truncationType": 4, "stopstatus": 0, "pubts": made}),
            vec![],
        );
    }
    let products = company.products.iter().map(|product| {
        (product.code.as_str(), product.name.as_str(), "Pcs", product.category.as_str())
    });
    let materials = company.materials.iter().map(|material| {
        (material.code.as_str(), material.name.as_str(), material.unit, "原辅材料")
    });
    for (code, name, unit, class) in products.chain(materials) {
        let (id, unit_id) = (filler.id_of("product", code), filler.id_of("unit", unit));
        filler.put(
            Object::Product,
            json!({"id": id, "code": code, "name": name, "createOrgId": ORG, "unitId": unit_id,
                "unitCode": unit, "unitName": unit, "manageClassName": class, "hasSpecs": false}),
            vec![],
        );
    }
    for dealer in &company.dealers {
        let id = filler.id_of("merchant", &dealer.code);
        let name = json!({"simplifiedName": dealer.name, "englishName": null,
            "traditionalName": null});
        filler.put(
            Object::Merchant,
            json!({"id": id, "code": dealer.code, "name": name, "customerClassCode": dealer.channel,
                "createOrgCode": "100", "belongOrgCode": "100", "stopStatus": false,
                "createTime": made, "modifyTime": made, "pubts": made}),
            vec![],
        );
    }
    for supplier in &company.suppliers {
        let id = filler.id_of("vendor", &supplier.code);
        filler.put(
            Object::Vendor,
            json!({"id": id, "code": supplier.code, "name": supplier.name, "org": ORG,
                "orgId": ORG, "freezestatus": false, "pubts": made}),
            vec![],
        );
    }
    for employee in &company.employees {
        let id = filler.id_of("staff", &employee.code).to_string();
        filler.put(
            Object::Staff,
            json!({"id": id, "code": employee.code, "name": employee.name, "enable": 1,
                "dept_id": employee.department, "org_id": ORG, "pubts": made, "mainJobList": [],
                "ptJobList": [], "bankAcctList": []}),
            vec![],
        );
    }
}
