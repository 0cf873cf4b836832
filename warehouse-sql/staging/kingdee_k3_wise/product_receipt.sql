-- name: staging.kingdee_k3_wise__product_receipt
-- kind: table
-- grain: system, source_id
-- 产品入库 ICStockBill, FTranType 2; red bills are negative
-- Some sites store red bills positive and some negative: FROB = -1 is negative either way.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   receipt_no: document number
--   line_no: line number
--   work_order_no: document number of the production order
--   product_code: product
--   org_code: none: one database is one company
--   batch_no: batch
--   base_qty: in base units
--   received_at: the document's day
--   status: draft, approved, closed or cancelled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."H_FBillNo"), '') as receipt_no,
    cast(m."FEntryID" as varchar) as line_no,
    coalesce(
        nullif(trim(w."FBillNo"), ''),
        nullif(trim(m."FICMOBillNo"), ''),
        case when m."FSourceTranType" = 85 then nullif(trim(m."FSourceBillNo"), '') end
    ) as work_order_no,
    nullif(trim(p."FNumber"), '') as product_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."FBatchNo"), '') as batch_no,
    cast(
        case when m."H_FROB" = -1 then -abs(m."FQty") else m."FQty" end as decimal(28, 10)
    ) as base_qty,
    m."H_FDate" as received_at,
    case
        when m."H_FCancellation" then 'cancelled'
        when m."H_FStatus" = 3 then 'closed'
        when m."H_FCheckerID" > 0 or m."H_FStatus" > 0 then 'approved'
        else 'draft'
    end as status
from current.kingdee_k3_wise__product_receipt as m
left join current.kingdee_k3_wise__product as p
    on p._system = m._system and p."FItemID" = m."FItemID"
left join current.kingdee_k3_wise__work_order as w
    on w._system = m._system
    and w."FInterID" = coalesce(
        nullif(m."FICMOInterID", 0), case when m."FSourceTranType" = 85 then m."FSourceInterId" end
    )
