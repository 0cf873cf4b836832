//! Base data: material, customer, supplier, employee, warehouse, lot.

use super::{
    APPROVAL, AUDIT, FORBID_STATUS, Field, FormSpec,
    Kind::{Assistant, Base, Bool, Date, Enum, Int, Text},
    ORGANISATIONS,
};

const MATERIAL: &[Field] = &[
    ("FMASTERID", "主数据内码", Int),
    ("FNumber", "编码", Text),
    ("FName", "名称", Text),
    ("FSpecification", "规格型号", Text),
    ("FMnemonicCode", "助记码", Text),
    ("FBarCode", "条码", Text),
    ("FDescription", "描述", Text),
    ("FMaterialGroup", "物料分组", Base("BD_MATERIALGROUP")),
    ("FErpClsID", "物料属性", Enum(&[("1", "外购"), ("2", "自制"), ("3", "委外")])),
    ("FCategoryID", "存货类别", Base("BD_MATERIALCATEGORY")),
    ("FBaseUnitId", "基本单位", Base("BD_UNIT")),
    ("FStoreUnitID", "库存单位", Base("BD_UNIT")),
    ("FProduceUnitId", "生产单位", Base("BD_UNIT")),
    ("FSaleUnitID", "销售单位", Base("BD_UNIT")),
    ("FIsBatchManage", "启用批号管理", Bool),
    ("FIsSNManage", "启用序列号管理", Bool),
    ("FIsKFPeriod", "启用保质期管理", Bool),
    ("FExpPeriod", "保质期", Int),
    ("FRefStatus", "引用状态", Text),
    ("F_YL_ItemsPerCase", "每箱件数", Int),
    ("F_YL_CasesPerPallet", "每垛箱数", Int),
    ("F_YL_TraceLevel", "赋码层级", Text),
];

const CUSTOMER: &[Field] = &[
    ("FMASTERID", "主数据内码", Int),
    ("FNumber", "客户编码", Text),
    ("FName", "客户名称", Text),
    ("FShortName", "简称", Text),
    ("FCOUNTRY", "国家", Assistant),
    ("FPROVINCE", "省份", Assistant),
    ("FCITY", "城市", Assistant),
    ("FPROVINCIAL", "地区", Assistant),
    ("FAddress", "通讯地址", Text),
    ("FZip", "邮政编码", Text),
    ("FTEL", "联系电话", Text),
    ("FFAX", "传真", Text),
    ("FSOCIALCRECODE", "统一社会信用代码", Text),
    ("FGroup", "客户分组", Base("BD_CustomerGroup")),
    ("FSELLER", "销售员", Base("BD_OPERATOR")),
    ("F_YL_DealerLevel", "经销商级别", Int),
    ("F_YL_ParentDealer", "上级经销商", Text),
    ("F_YL_Channel", "渠道", Text),
];

const SUPPLIER: &[Field] = &[
    ("FMASTERID", "主数据内码", Int),
    ("FNumber", "供应商编码", Text),
    ("FName", "供应商名称", Text),
    ("FShortName", "简称", Text),
    ("FGroup", "供应商分组", Base("BD_SupplierGroup")),
    ("FAddress", "通讯地址", Text),
    ("FCountry", "国家", Assistant),
    ("FProvincial", "地区", Assistant),
    ("FEmail", "电子邮箱", Text),
    ("FContact", "联系人", Text),
    // The approval date of a supplier has this name; FApproveDate does not exist here.
    ("FAuditDate", "审核日期", super::Kind::DateTime),
];

const EMPLOYEE: &[Field] = &[
    ("FStaffNumber", "员工编号", Text),
    ("FNumber", "编码", Text),
    ("FName", "员工姓名", Text),
    ("FMobile", "移动电话", Text),
    ("FPostDept", "所属部门", Base("BD_Department")),
    ("FUseOrgId", "使用组织", Base("ORG_Organizations")),
    ("FForbidStatus", "禁用状态", FORBID_STATUS),
];

const STOCK: &[Field] = &[
    ("FMASTERID", "主数据内码", Int),
    ("FNumber", "仓库编码", Text),
    ("FName", "仓库名称", Text),
    ("FAddress", "仓库地址", Text),
    ("FStockProperty", "仓库属性", Enum(&[("1", "普通仓库"), ("2", "车间仓库")])),
    ("FIsOpenLocation", "启用仓位管理", Bool),
    ("FPrincipal", "仓库负责人", Base("BD_Empinfo")),
];

const LOT: &[Field] = &[
    ("FMASTERID", "主数据内码", Int),
    ("FNumber", "批号", Text),
    ("FName", "批号名称", Text),
    ("FMaterialId", "物料", Base("BD_MATERIAL")),
    ("FProduceDate", "生产日期", Date),
    ("FExpiryDate", "有效期至", Date),
    ("FSupplyID", "供应商", Base("BD_Supplier")),
];

pub(super) const FORMS: &[FormSpec] = &[
    FormSpec {
        id: "BD_MATERIAL",
        caption: "物料",
        pk: "FMATERIALID",
        number: "FNumber",
        table: "T_BD_MATERIAL",
        header: &[MATERIAL, ORGANISATIONS, AUDIT, APPROVAL],
        entity: None,
    },
    FormSpec {
        id: "BD_Customer",
        caption: "客户",
        pk: "FCUSTID",
        number: "FNumber",
        table: "T_BD_CUSTOMER",
        header: &[CUSTOMER, ORGANISATIONS, AUDIT],
        entity: None,
    },
    FormSpec {
        id: "BD_Supplier",
        caption: "供应商",
        pk: "FSupplierId",
        number: "FNumber",
        table: "T_BD_SUPPLIER",
        header: &[SUPPLIER, ORGANISATIONS, AUDIT],
        entity: None,
    },
    FormSpec {
        id: "BD_Empinfo",
        caption: "员工",
        pk: "FID",
        number: "FNumber",
        table: "T_HR_EMPINFO",
        header: &[EMPLOYEE, AUDIT],
        entity: None,
    },
    FormSpec {
        id: "BD_STOCK",
        caption: "仓库",
        pk: "FSTOCKID",
        number: "FNumber",
        table: "T_BD_STOCK",
        header: &[STOCK, ORGANISATIONS, AUDIT],
        entity: None,
    },
    FormSpec {
        id: "BD_BatchMainFile",
        caption: "批号主档",
        pk: "FLOTID",
        number: "FNumber",
        table: "T_BD_LOTMASTER",
        header: &[LOT, ORGANISATIONS, AUDIT],
        entity: None,
    },
];
