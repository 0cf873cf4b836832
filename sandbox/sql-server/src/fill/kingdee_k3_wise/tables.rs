//! The tables, with the columns that the sources name.

use super::super::{Columns, table};
use crate::data::Database;
use crate::values::SqlType::{self, Bit, DateTime, Int, NVarChar, RowVersion, SmallInt, VarChar};

const QTY: SqlType = SqlType::Decimal(28, 10);

const ITEM: &Columns = &[
    ("FItemID", Int),
    ("FItemClassID", Int),
    ("FNumber", VarChar(80)),
    ("FName", VarChar(255)),
    ("FParentID", Int),
    ("FLevel", SmallInt),
    ("FDetail", Bit),
    ("FDeleted", SmallInt),
    ("FModifyTime", RowVersion),
];
const IC_ITEM: &Columns = &[
    ("FItemID", Int),
    ("FNumber", VarChar(80)),
    ("FShortNumber", VarChar(80)),
    ("FName", VarChar(80)),
    ("FModel", VarChar(255)),
    ("FParentID", Int),
    ("FErpClsID", Int),
    ("FUnitGroupID", Int),
    ("FUnitID", Int),
    ("FSaleUnitID", Int),
    ("FProductUnitID", Int),
    ("FStoreUnitID", Int),
    ("FBatchManager", Bit),
    ("FISKFPeriod", Bit),
    ("FKFPeriod", QTY),
    ("FDeleted", SmallInt),
    ("FModifyTime", RowVersion),
    ("FNote", VarChar(255)),
    ("F_101", VarChar(255)),
];
const ORGANIZATION: &Columns = &[
    ("FItemID", Int),
    ("FNumber", VarChar(80)),
    ("FName", VarChar(80)),
    ("FShortName", VarChar(80)),
    ("FAddress", VarChar(255)),
    ("FContact", VarChar(50)),
    ("FPhone", VarChar(40)),
    ("FRegionID", Int),
    ("FStatus", Int),
    ("FDeleted", SmallInt),
];
const SUPPLIER: &Columns = &[
    ("FItemID", Int),
    ("FNumber", VarChar(80)),
    ("FName", VarChar(80)),
    ("FShortName", VarChar(80)),
    ("FAddress", VarChar(255)),
    ("FContact", VarChar(50)),
    ("FPhone", VarChar(40)),
    ("FDeleted", SmallInt),
];
const MEASURE_UNIT: &Columns = &[
    ("FMeasureUnitID", Int),
    ("FItemID", Int),
    ("FUnitGroupID", Int),
    ("FNumber", VarChar(30)),
    ("FName", VarChar(80)),
    ("FCoefficient", QTY),
    ("FStandard", SmallInt),
];
const EMP: &Columns =
    &[("FItemID", Int), ("FNumber", VarChar(80)), ("FName", VarChar(80)), ("FDepartmentID", Int)];
const STOCK: &Columns = &[
    ("FItemID", Int),
    ("FNumber", VarChar(80)),
    ("FName", VarChar(80)),
    ("FAddress", VarChar(255)),
    ("FTypeID", Int),
];
const SUB_MESSAGE: &Columns = &[
    ("FInterID", Int),
    ("FID", VarChar(50)),
    ("FName", VarChar(80)),
    ("FTypeID", Int),
    ("FParentID", Int),
    ("FDetail", Bit),
    ("FDeleted", SmallInt),
];
const DEPARTMENT: &Columns = &[
    ("FItemID", Int),
    ("FNumber", VarChar(80)),
    ("FName", VarChar(80)),
    ("FModifyTime", RowVersion),
];
const ICMO: &Columns = &[
    ("FInterID", Int),
    ("FBrNo", VarChar(10)),
    ("FBillNo", VarChar(255)),
    ("FTranType", SmallInt),
    ("FStatus", SmallInt),
    ("FCancellation", Bit),
    ("FItemID", Int),
    ("FUnitID", Int),
    ("FQty", QTY),
    ("FAuxQty", QTY),
    ("FStockQty", QTY),
    ("FAuxStockQty", QTY),
    ("FPlanCommitDate", DateTime),
    ("FPlanFinishDate", DateTime),
    ("FCommitDate", DateTime),
    ("FCheckDate", DateTime),
    ("FConfirmDate", DateTime),
    ("FCloseDate", DateTime),
    ("FWorkShop", Int),
    ("FGMPBatchNo", VarChar(255)),
    ("FOrderInterID", Int),
    ("FSourceEntryID", Int),
    ("FMTONo", NVarChar(50)),
    ("FNote", VarChar(255)),
];
const SE_ORDER: &Columns = &[
    ("FBrNo", VarChar(10)),
    ("FInterID", Int),
    ("FBillNo", VarChar(255)),
    ("FDate", DateTime),
    ("FCustID", Int),
    ("FDeptID", Int),
    ("FEmpID", Int),
    ("FBillerID", Int),
    ("FCheckerID", Int),
    ("FCheckDate", DateTime),
    ("FStatus", SmallInt),
    ("FCancellation", Bit),
    ("FClosed", SmallInt),
    ("FTranType", SmallInt),
    ("FCurrencyID", Int),
    ("FExchangeRate", SqlType::Float),
    ("FFetchAdd", VarChar(255)),
    ("FExplanation", VarChar(255)),
    ("FNote", VarChar(255)),
    ("FOperDate", RowVersion),
    ("FHeadSelfS0151", VarChar(255)),
];
const SE_ORDER_ENTRY: &Columns = &[
    ("FBrNo", VarChar(10)),
    ("FInterID", Int),
    ("FEntryID", Int),
    ("FItemID", Int),
    ("FUnitID", Int),
    ("FQty", QTY),
    ("FAuxQty", QTY),
    ("FPrice", QTY),
    ("FAuxPrice", QTY),
    ("FAmount", QTY),
    ("FDate", DateTime),
    ("FStockQty", QTY),
    ("FCommitQty", QTY),
    ("FEntrySelfS0161", VarChar(255)),
];
const STOCK_BILL: &Columns = &[
    ("FBrNo", VarChar(10)),
    ("FInterID", Int),
    ("FTranType", SmallInt),
    ("FBillNo", VarChar(255)),
    ("FDate", DateTime),
    ("FSupplyID", Int),
    ("FDeptID", Int),
    ("FEmpID", Int),
    ("FDCStockID", Int),
    ("FSCStockID", Int),
    ("FBillerID", Int),
    ("FCheckerID", Int),
    ("FCheckDate", DateTime),
    ("FStatus", SmallInt),
    ("FCancellation", Bit),
    ("FROB", SmallInt),
    ("FExplanation", VarChar(255)),
    ("FFetchAdd", VarChar(255)),
    ("FSelTranType", Int),
    ("FOperDate", RowVersion),
];
const STOCK_BILL_ENTRY: &Columns = &[
    ("FBrNo", VarChar(10)),
    ("FInterID", Int),
    ("FEntryID", Int),
    ("FItemID", Int),
    ("FUnitID", Int),
    ("FQtyMust", QTY),
    ("FQty", QTY),
    ("FPrice", QTY),
    ("FAmount", QTY),
    ("FAuxQtyMust", QTY),
    ("FAuxQty", QTY),
    ("FAuxPrice", QTY),
    ("FBatchNo", VarChar(200)),
    ("FConsignPrice", QTY),
    ("FConsignAmount", QTY),
    ("FKFDate", DateTime),
    ("FKFPeriod", Int),
    ("FPeriodDate", DateTime),
    ("FDCStockID", Int),
    ("FSCStockID", Int),
    ("FSourceTranType", Int),
    ("FSourceInterId", Int),
    ("FSourceEntryID", Int),
    ("FSourceBillNo", NVarChar(255)),
    ("FICMOInterID", Int),
    ("FICMOBillNo", VarChar(255)),
    ("FOrderInterID", Int),
    ("FOrderEntryID", Int),
    ("FOrderBillNo", VarChar(255)),
    ("FMTONo", NVarChar(50)),
    ("FNote", VarChar(255)),
];

pub(super) fn define(db: Database) -> Database {
    db.table(table("t_Item", ITEM, &["FItemID"]))
        .table(table("t_ICItem", IC_ITEM, &["FItemID"]))
        .table(table("t_Organization", ORGANIZATION, &["FItemID"]))
        .table(table("t_Supplier", SUPPLIER, &["FItemID"]))
        .table(table("t_MeasureUnit", MEASURE_UNIT, &["FMeasureUnitID"]))
        .table(table("t_Emp", EMP, &["FItemID"]))
        .table(table("t_Stock", STOCK, &["FItemID"]))
        .table(table("t_SubMessage", SUB_MESSAGE, &["FInterID"]))
        .table(table("t_Department", DEPARTMENT, &["FItemID"]))
        .table(table("ICMO", ICMO, &["FInterID"]))
        .table(table("SEOrder", SE_ORDER, &["FBrNo", "FInterID"]))
        .table(table("SEOrderEntry", SE_ORDER_ENTRY, &["FBrNo", "FInterID", "FEntryID"]))
        .table(table("ICStockBill", STOCK_BILL, &["FBrNo", "FInterID"]))
        .table(table("ICStockBillEntry", STOCK_BILL_ENTRY, &["FBrNo", "FInterID", "FEntryID"]))
}
