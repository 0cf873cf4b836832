//! Headers of the documents: production, stock, sales, inspection.

use super::{
    APPROVAL, AUDIT, CANCEL_STATUS, CLOSE_STATUS, EntitySpec, Field, FormSpec,
    Kind::{Base, Date, Decimal, Text},
    entries,
};

const BILL: &[Field] = &[("FBillNo", "单据编号", Text), ("FDate", "日期", Date)];
const CANCEL: &[Field] = &[("FCancelStatus", "作废状态", CANCEL_STATUS)];

const PRODUCTION_ORDER: &[Field] = &[
    ("FBillType", "单据类型", Base("BOS_BillType")),
    ("FPrdOrgId", "生产组织", Base("ORG_Organizations")),
    ("FPlannerID", "计划员", Base("BD_OPERATOR")),
    ("FDescription", "备注", Text),
];

const MATERIAL_MOVE: &[Field] = &[
    ("FBillType", "单据类型", Base("BOS_BillType")),
    ("FPrdOrgId", "生产组织", Base("ORG_Organizations")),
    ("FStockOrgId", "库存组织", Base("ORG_Organizations")),
    ("FWorkShopId", "生产车间", Base("BD_Department")),
];

const RECEIPT: &[Field] = &[
    ("FPrdOrgId", "生产组织", Base("ORG_Organizations")),
    ("FStockOrgId", "入库组织", Base("ORG_Organizations")),
];

const SALES_ORDER: &[Field] = &[
    ("FBillTypeID", "单据类型", Base("BOS_BillType")),
    ("FCustId", "客户", Base("BD_Customer")),
    ("FSaleOrgId", "销售组织", Base("ORG_Organizations")),
    ("FSalerId", "销售员", Base("BD_OPERATOR")),
    ("FSaleDeptId", "销售部门", Base("BD_Department")),
    ("FReceiveId", "收货方", Base("BD_Customer")),
    ("FReceiveAddress", "收货方地址", Text),
    ("FLinkMan", "收货人姓名", Text),
    ("FLinkPhone", "联系电话", Text),
    ("FBillAllAmount", "价税合计", Decimal),
    ("FSettleCurrId", "结算币别", Base("BD_Currency")),
    ("FExchangeRate", "汇率", Decimal),
    ("FCloseStatus", "关闭状态", CLOSE_STATUS),
];

const OUTSTOCK: &[Field] = &[
    ("FBillTypeID", "单据类型", Base("BOS_BillType")),
    ("FCustomerID", "客户", Base("BD_Customer")),
    ("FSaleOrgId", "销售组织", Base("ORG_Organizations")),
    ("FStockOrgId", "发货组织", Base("ORG_Organizations")),
    ("FReceiverID", "收货方", Base("BD_Customer")),
    ("FReceiveAddress", "收货方地址", Text),
    ("FLinkMan", "收货人姓名", Text),
    ("FLinkPhone", "联系电话", Text),
    ("FCarrierID", "承运商", Base("BD_Supplier")),
    ("FCarriageNO", "运输单号", Text),
    ("F_YL_Key", "源流单据键", Text),
];

const INSPECTION: &[Field] = &[
    ("FBillTypeID", "单据类型", Base("BOS_BillType")),
    ("FInspectOrgId", "质检组织", Base("ORG_Organizations")),
    ("FSourceOrgId", "来源组织", Base("ORG_Organizations")),
    ("FInspectorId", "质检员", Base("BD_OPERATOR")),
    ("F_YL_Key", "源流单据键", Text),
];

const fn document(
    id: &'static str,
    caption: &'static str,
    table: &'static str,
    header: &'static [&'static [Field]],
    entity: EntitySpec,
) -> FormSpec {
    FormSpec { id, caption, pk: "FID", number: "FBillNo", table, header, entity: Some(entity) }
}

const fn entity(
    key: &'static str,
    table: &'static str,
    entry_name: &'static str,
    fields: &'static [Field],
) -> EntitySpec {
    EntitySpec { key, table, entry_name, fields }
}

pub(super) const FORMS: &[FormSpec] = &[
    document(
        "PRD_MO",
        "生产订单",
        "T_PRD_MO",
        &[BILL, PRODUCTION_ORDER, CANCEL, AUDIT, APPROVAL],
        entity("FTreeEntity", "T_PRD_MOENTRY", "TreeEntity", entries::PRODUCTION_ORDER),
    ),
    document(
        "PRD_PickMtrl",
        "生产领料单",
        "T_PRD_PICKMTRL",
        &[BILL, MATERIAL_MOVE, CANCEL, AUDIT, APPROVAL],
        entity("FEntity", "T_PRD_PICKMTRLDATA", "PRD_PICKMTRLDATA", entries::ISSUE),
    ),
    document(
        "PRD_FeedMtrl",
        "生产补料单",
        "T_PRD_FEEDMTRL",
        &[BILL, MATERIAL_MOVE, CANCEL, AUDIT, APPROVAL],
        entity("FEntity", "T_PRD_FEEDMTRLDATA", "PRD_FEEDMTRLDATA", entries::ISSUE),
    ),
    document(
        "PRD_ReturnMtrl",
        "生产退料单",
        "T_PRD_RETURNMTRL",
        &[BILL, MATERIAL_MOVE, CANCEL, AUDIT, APPROVAL],
        entity("FEntity", "T_PRD_RETURNMTRLENTRY", "Entity", entries::MATERIAL_RETURN),
    ),
    document(
        "PRD_INSTOCK",
        "生产入库单",
        "T_PRD_INSTOCK",
        &[BILL, RECEIPT, CANCEL, AUDIT, APPROVAL],
        entity("FEntity", "T_PRD_INSTOCKENTRY", "Entity", entries::RECEIPT),
    ),
    document(
        "SAL_SaleOrder",
        "销售订单",
        "T_SAL_ORDER",
        &[BILL, SALES_ORDER, CANCEL, AUDIT, APPROVAL],
        entity("FSaleOrderEntry", "T_SAL_ORDERENTRY", "SaleOrderEntry", entries::SALES_ORDER),
    ),
    document(
        "SAL_OUTSTOCK",
        "销售出库单",
        "T_SAL_OUTSTOCK",
        &[BILL, OUTSTOCK, CANCEL, AUDIT, APPROVAL],
        entity("FEntity", "T_SAL_OUTSTOCKENTRY", "SAL_OUTSTOCKENTRY", entries::OUTSTOCK),
    ),
    document(
        "QM_InspectBill",
        "检验单",
        "T_QM_INSPECTBILL",
        &[BILL, INSPECTION, CANCEL, AUDIT, APPROVAL],
        entity("FEntity", "T_QM_INSPECTBILLENTRY", "Entity", entries::INSPECTION),
    ),
];
