-- name: staging.kingdee_k3_wise__material_issue
-- kind: table
-- grain: system, source_id
-- 生产领料 ICStockBill, FTranType 24; red bills are returns and negative
-- Some sites store red bills positive and some negative: FROB = -1 is negative either way.
-- The order's id is only filled where the bill was pushed down from it; else its number is taken.
-- A lot received from one supplier only is that supplier's.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: document number of the production order
--   material_code: material
--   org_code: none: one database is one company
--   lot_no: lot; a blank is no lot
--   qty: in base units, returns negative
--   supplier_code: who delivered the lot, by the purchase receipts
--   status: draft, approved, closed or cancelled
with lot_supplier as (
    select _system, "FItemID", trim("FBatchNo") as lot_no, min("H_FSupplyID") as supplier_id
    from current.kingdee_k3_wise__purchase_receipt
    where nullif(trim("FBatchNo"), '') is not null and "H_FSupplyID" > 0 and _op <> 'delete'
        and not coalesce("H_FCancellation", false) and ("H_FCheckerID" > 0 or "H_FStatus" > 0)
    group by _system, "FItemID", trim("FBatchNo")
    having count(distinct "H_FSupplyID") = 1
)
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    coalesce(
        nullif(trim(w."FBillNo"), ''),
        nullif(trim(m."FICMOBillNo"), ''),
        case when m."FSourceTranType" = 85 then nullif(trim(m."FSourceBillNo"), '') end
    ) as work_order_no,
    nullif(trim(p."FNumber"), '') as material_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."FBatchNo"), '') as lot_no,
    cast(
        case when m."H_FROB" = -1 then -abs(m."FQty") else m."FQty" end as decimal(28, 10)
    ) as qty,
    nullif(trim(s."FNumber"), '') as supplier_code,
    case
        when m."H_FCancellation" then 'cancelled'
        when m."H_FStatus" = 3 then 'closed'
        when m."H_FCheckerID" > 0 or m."H_FStatus" > 0 then 'approved'
        else 'draft'
    end as status
from current.kingdee_k3_wise__material_issue as m
left join current.kingdee_k3_wise__product as p
    on p._system = m._system and p."FItemID" = m."FItemID"
left join current.kingdee_k3_wise__work_order as w
    on w._system = m._system
    and w."FInterID" = coalesce(
        nullif(m."FICMOInterID", 0), case when m."FSourceTranType" = 85 then m."FSourceInterId" end
    )
left join lot_supplier as l
    on l._system = m._system and l."FItemID" = m."FItemID" and l.lot_no = trim(m."FBatchNo")
left join current.kingdee_k3_wise__supplier as s
    on s._system = l._system and s."FItemID" = l.supplier_id
