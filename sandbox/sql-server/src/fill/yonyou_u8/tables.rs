//! The tables, with the columns that the sources name; rowversions on exactly the tables they name.

use super::super::{Columns, table};
use crate::data::Database;
use crate::values::SqlType::{
    self, BigInt, Bit, DateTime, Float, Int, Money, NVarChar, RowVersion, TinyInt,
};

const QTY: SqlType = SqlType::Decimal(30, 10);
const MOM_QTY: SqlType = SqlType::Decimal(28, 6);
const RATE: SqlType = SqlType::Decimal(28, 6);

const INVENTORY: &Columns = &[
    ("cInvCode", NVarChar(60)),
    ("cInvAddCode", NVarChar(255)),
    ("cInvName", NVarChar(255)),
    ("cInvStd", NVarChar(255)),
    ("cInvCCode", NVarChar(12)),
    ("cVenCode", NVarChar(20)),
    ("cGroupCode", NVarChar(35)),
    ("iGroupType", TinyInt),
    ("cComUnitCode", NVarChar(35)),
    ("cAssComUnitCode", NVarChar(35)),
    ("cSAComUnitCode", NVarChar(35)),
    ("cSTComUnitCode", NVarChar(35)),
    ("bInvBatch", Bit),
    ("bInvQuality", Bit),
    ("cBarCode", NVarChar(30)),
    ("iInvSPrice", Float),
    ("cInvDefine1", NVarChar(20)),
    ("dSDate", DateTime),
    ("dEDate", DateTime),
    ("pubufts", RowVersion),
];
const INVENTORY_CLASS: &Columns = &[
    ("cInvCCode", NVarChar(12)),
    ("cInvCName", NVarChar(100)),
    ("iInvCGrade", TinyInt),
    ("bInvCEnd", Bit),
    ("pubufts", RowVersion),
];
const COMPUTATION_UNIT: &Columns = &[
    ("cComunitCode", NVarChar(35)),
    ("cComUnitName", NVarChar(20)),
    ("cGroupCode", NVarChar(35)),
    ("bMainUnit", Bit),
    ("iChangRate", RATE),
    ("pubufts", RowVersion),
];
const CUSTOMER: &Columns = &[
    ("cCusCode", NVarChar(20)),
    ("cCusName", NVarChar(98)),
    ("cCusAbbName", NVarChar(60)),
    ("cCCCode", NVarChar(12)),
    ("cDCCode", NVarChar(12)),
    ("cTrade", NVarChar(50)),
    ("cCusAddress", NVarChar(255)),
    ("cCusPhone", NVarChar(100)),
    ("cCusAccount", NVarChar(50)),
    ("iCusCreLine", Float),
    ("dCusDevDate", DateTime),
    ("dEndDate", DateTime),
    ("pubufts", RowVersion),
];
const DISTRICT_CLASS: &Columns = &[
    ("cDCCode", NVarChar(12)),
    ("cDCName", NVarChar(100)),
    ("iDCGrade", TinyInt),
    ("bDCEnd", Bit),
    ("pubufts", RowVersion),
];
const VENDOR: &Columns = &[
    ("cVenCode", NVarChar(20)),
    ("cVenName", NVarChar(98)),
    ("cVenAbbName", NVarChar(60)),
    ("cVCCode", NVarChar(12)),
    ("cVenAddress", NVarChar(255)),
    ("cVenBank", NVarChar(100)),
    ("dEndDate", DateTime),
    ("pubufts", RowVersion),
];
const PERSON: &Columns = &[
    ("cPersonCode", NVarChar(20)),
    ("cPersonName", NVarChar(40)),
    ("cDepCode", NVarChar(12)),
    ("cPersonPhone", NVarChar(100)),
    ("dPValidDate", DateTime),
    ("dPInValidDate", DateTime),
    ("pubufts", RowVersion),
];
const WAREHOUSE: &Columns = &[
    ("cWhCode", NVarChar(10)),
    ("cWhName", NVarChar(20)),
    ("cDepCode", NVarChar(12)),
    ("cWhAddress", NVarChar(255)),
    ("bWhPos", Bit),
    ("dWhEndDate", DateTime),
    ("pubufts", RowVersion),
];
const SO_MAIN: &Columns = &[
    ("ID", Int),
    ("cSOCode", NVarChar(30)),
    ("dDate", DateTime),
    ("cBusType", NVarChar(8)),
    ("cSTCode", NVarChar(2)),
    ("cCusCode", NVarChar(20)),
    ("cCusName", NVarChar(120)),
    ("cDepCode", NVarChar(12)),
    ("cPersonCode", NVarChar(20)),
    ("cexch_name", NVarChar(8)),
    ("iExchRate", Float),
    ("iTaxRate", Float),
    ("iMoney", Money),
    ("cMemo", NVarChar(255)),
    ("cCusOAddress", NVarChar(255)),
    ("iStatus", TinyInt),
    ("bReturnFlag", Bit),
    ("cMaker", NVarChar(20)),
    ("cVerifier", NVarChar(20)),
    ("cCloser", NVarChar(20)),
    ("dcreatesystime", DateTime),
    ("dverifydate", DateTime),
    ("cDefine1", NVarChar(20)),
    ("ufts", RowVersion),
];
const SO_DETAILS: &Columns = &[
    ("AutoID", Int),
    ("iSOsID", Int),
    ("ID", Int),
    ("cSOCode", NVarChar(30)),
    ("iRowNo", Int),
    ("cInvCode", NVarChar(60)),
    ("cInvName", NVarChar(255)),
    ("iQuantity", QTY),
    ("iNum", QTY),
    ("iInvExchRate", RATE),
    ("cUnitID", NVarChar(35)),
    ("iUnitPrice", QTY),
    ("iTaxUnitPrice", QTY),
    ("iMoney", Money),
    ("iTax", Money),
    ("iSum", Money),
    ("iTaxRate", QTY),
    ("dPreDate", DateTime),
    ("iFHQuantity", QTY),
    ("foutquantity", SqlType::Decimal(26, 9)),
    ("cSCloser", NVarChar(20)),
    ("cFree1", NVarChar(20)),
    ("cDefine22", NVarChar(60)),
    ("dufts", RowVersion),
];
const MOM_ORDER: &Columns = &[
    ("MoId", Int),
    ("MoCode", NVarChar(30)),
    ("CreateDate", DateTime),
    ("CreateTime", DateTime),
    ("ModifyDate", DateTime),
    ("ModifyTime", DateTime),
    ("CreateUser", NVarChar(20)),
    ("Ufts", RowVersion),
];
const MOM_ORDER_DETAIL: &Columns = &[
    ("MoDId", Int),
    ("MoId", Int),
    ("SortSeq", Int),
    ("MoClass", TinyInt),
    ("PartId", Int),
    ("InvCode", NVarChar(60)),
    ("Qty", MOM_QTY),
    ("AuxQty", MOM_QTY),
    ("QualifiedInQty", MOM_QTY),
    ("Status", TinyInt),
    ("MoLotCode", NVarChar(60)),
    ("WhCode", NVarChar(10)),
    ("MDeptCode", NVarChar(12)),
    ("OrderCode", NVarChar(30)),
    ("OrderSeq", Int),
    ("Ufts", RowVersion),
];
const MOM_MORDER: &Columns = &[
    ("MoDId", Int),
    ("MoId", Int),
    ("StartDate", DateTime),
    ("DueDate", DateTime),
    ("Ufts", RowVersion),
];
const MOM_ALLOCATE: &Columns = &[
    ("AllocateId", Int),
    ("MoDId", Int),
    ("SortSeq", Int),
    ("OpSeq", NVarChar(10)),
    ("InvCode", NVarChar(60)),
    ("Qty", MOM_QTY),
    ("IssQty", MOM_QTY),
    ("LotNo", NVarChar(60)),
    ("WIPType", TinyInt),
    ("Ufts", RowVersion),
];
/// Every kind of stock record has the same header here, with the columns some of them use.
const RD_RECORD: &Columns = &[
    ("ID", BigInt),
    ("bRdFlag", TinyInt),
    ("cVouchType", NVarChar(2)),
    ("cBusType", NVarChar(12)),
    ("cSource", NVarChar(50)),
    ("cBusCode", NVarChar(30)),
    ("cWhCode", NVarChar(10)),
    ("dDate", DateTime),
    ("cCode", NVarChar(30)),
    ("cRdCode", NVarChar(5)),
    ("cDepCode", NVarChar(12)),
    ("cCusCode", NVarChar(20)),
    ("cVenCode", NVarChar(20)),
    ("cMPoCode", NVarChar(30)),
    ("iproorderid", Int),
    ("bredvouch", Int),
    ("cMaker", NVarChar(20)),
    ("cHandler", NVarChar(20)),
    ("dVeriDate", DateTime),
    ("cAccounter", NVarChar(20)),
    ("dnmaketime", DateTime),
    ("ufts", RowVersion),
];
const RD_RECORDS: &Columns = &[
    ("AutoID", BigInt),
    ("ID", BigInt),
    ("cInvCode", NVarChar(60)),
    ("iQuantity", QTY),
    ("iNum", QTY),
    ("iinvexchrate", SqlType::Decimal(38, 8)),
    ("cAssUnit", NVarChar(35)),
    ("iUnitCost", QTY),
    ("iPrice", Money),
    ("cBatch", NVarChar(60)),
    ("dMadeDate", DateTime),
    ("dVDate", DateTime),
    ("iNQuantity", QTY),
    ("iMPoIds", BigInt),
    ("cmocode", NVarChar(30)),
    ("imoseq", Int),
    ("invcode", NVarChar(60)),
    ("iDLsID", BigInt),
    ("iorderdid", Int),
    ("iordercode", NVarChar(30)),
    ("iorderseq", Int),
    ("irowno", Int),
    ("rowufts", RowVersion),
];

pub(super) fn define(db: Database) -> Database {
    let db = db
        .table(table("Inventory", INVENTORY, &["cInvCode"]))
        .table(table("InventoryClass", INVENTORY_CLASS, &["cInvCCode"]))
        .table(table("ComputationUnit", COMPUTATION_UNIT, &["cComunitCode"]))
        .table(table("Customer", CUSTOMER, &["cCusCode"]))
        .table(table("DistrictClass", DISTRICT_CLASS, &["cDCCode"]))
        .table(table("Vendor", VENDOR, &["cVenCode"]))
        .table(table("Person", PERSON, &["cPersonCode"]))
        .table(table("Warehouse", WAREHOUSE, &["cWhCode"]))
        .table(table("SO_SOMain", SO_MAIN, &["ID"]))
        .table(table("SO_SODetails", SO_DETAILS, &["AutoID"]))
        .table(table("mom_order", MOM_ORDER, &["MoId"]))
        .table(table("mom_orderdetail", MOM_ORDER_DETAIL, &["MoDId"]).index("IX_Ufts", ["Ufts"]))
        .table(table("mom_morder", MOM_MORDER, &["MoDId"]))
        .table(table("mom_moallocate", MOM_ALLOCATE, &["AllocateId"]));
    ["01", "10", "11", "32"].iter().fold(db, |db, kind| {
        db.table(table(&format!("rdrecord{kind}"), RD_RECORD, &["ID"])).table(table(
            &format!("rdrecords{kind}"),
            RD_RECORDS,
            &["AutoID"],
        ))
    })
}
