//! Small base data that other forms refer to.

use super::{Field, FormSpec, Kind::Text};

const PLAIN: &[Field] = &[("FNumber", "编码", Text), ("FName", "名称", Text)];

const fn lookup(
    id: &'static str,
    caption: &'static str,
    pk: &'static str,
    table: &'static str,
) -> FormSpec {
    FormSpec { id, caption, pk, number: "FNumber", table, header: &[PLAIN], entity: None }
}

pub(super) const FORMS: &[FormSpec] = &[
    lookup("BD_UNIT", "计量单位", "FUNITID", "T_BD_UNIT"),
    lookup("ORG_Organizations", "组织机构", "FOrgID", "T_ORG_ORGANIZATIONS"),
    lookup("BD_Department", "部门", "FDEPTID", "T_BD_DEPARTMENT"),
    lookup("BOS_BillType", "单据类型", "FBILLTYPEID", "T_BAS_BILLTYPE"),
    lookup("BD_MATERIALGROUP", "物料分组", "FID", "T_BD_MATERIALGROUP"),
    lookup("BD_MATERIALCATEGORY", "存货类别", "FCATEGORYID", "T_BD_MATERIALCATEGORY"),
    lookup("BD_CustomerGroup", "客户分组", "FID", "T_BD_CUSTOMERGROUP"),
    lookup("BD_SupplierGroup", "供应商分组", "FID", "T_BD_SUPPLIERGROUP"),
    lookup("BD_OPERATOR", "业务员", "FID", "T_BD_OPERATOR"),
    lookup("BD_Currency", "币别", "FCURRENCYID", "T_BD_CURRENCY"),
    lookup("SEC_User", "用户", "FUSERID", "T_SEC_USER"),
    lookup("ENG_BOM", "物料清单", "FID", "T_ENG_BOM"),
    lookup("QM_QCScheme", "质检方案", "FID", "T_QM_QCSCHEME"),
];
