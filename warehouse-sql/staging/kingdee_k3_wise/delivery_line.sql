-- name: staging.kingdee_k3_wise__delivery_line
-- kind: table
-- grain: system, source_id
-- 销售出库分录 ICStockBillEntry, FTranType 21; red bills are returns and negative
-- Some sites store red bills positive and some negative: FROB = -1 is negative either way.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: document number
--   line_no: line number
--   order_no: sales order, else the source document if that is one (FTranType 81)
--   order_line_no: line of the sales order
--   product_code: product
--   org_code: none: one database is one company
--   qty: in the line's unit
--   unit: name of the unit
--   base_qty: in base units
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."H_FBillNo"), '') as delivery_no,
    cast(m."FEntryID" as varchar) as line_no,
    coalesce(
        nullif(trim(m."FOrderBillNo"), ''),
        case when m."FSourceTranType" = 81 then nullif(trim(m."FSourceBillNo"), '') end
    ) as order_no,
    cast(coalesce(
        nullif(m."FOrderEntryID", 0), case when m."FSourceTranType" = 81 then nullif(m."FSourceEntryID", 0) end
    ) as varchar) as order_line_no,
    nullif(trim(p."FNumber"), '') as product_code,
    cast(null as varchar) as org_code,
    cast(
        case when m."H_FROB" = -1 then -abs(m."FAuxQty") else m."FAuxQty" end as decimal(28, 10)
    ) as qty,
    nullif(trim(u."FName"), '') as unit,
    cast(
        case when m."H_FROB" = -1 then -abs(m."FQty") else m."FQty" end as decimal(28, 10)
    ) as base_qty
from current.kingdee_k3_wise__delivery_line as m
left join current.kingdee_k3_wise__product as p
    on p._system = m._system and p."FItemID" = m."FItemID"
left join current.kingdee_k3_wise__unit as u
    on u._system = m._system and u."FMeasureUnitID" = m."FUnitID"
