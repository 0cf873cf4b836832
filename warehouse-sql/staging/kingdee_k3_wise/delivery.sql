-- name: staging.kingdee_k3_wise__delivery
-- kind: table
-- grain: system, source_id
-- 销售出库 ICStockBill, FTranType 21, one row per document
-- FSupplyID is the customer here. The stock stands in FDCStockID or in FSCStockID, on the header or on the lines.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: document number
--   dealer_code: customer
--   org_code: none: one database is one company
--   stock_org_code: none: one database is one company
--   order_no: given by the lines
--   warehouse_code: of the header, else of the first line that has one
--   carrier: not in K/3
--   waybill_no: not in K/3
--   shipped_at: the document's day
--   status: draft, approved, closed or cancelled
with line_stock as (
    select
        _system,
        "FBrNo",
        "FInterID",
        coalesce(nullif("FDCStockID", 0), nullif("FSCStockID", 0)) as stock_id,
        row_number() over (
            partition by _system, "FBrNo", "FInterID"
            order by case when _op = 'delete' then 1 else 0 end, "FEntryID"
        ) as place
    from current.kingdee_k3_wise__delivery_line
    where coalesce(nullif("FDCStockID", 0), nullif("FSCStockID", 0)) is not null
)
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."FBillNo"), '') as delivery_no,
    nullif(trim(c."FNumber"), '') as dealer_code,
    cast(null as varchar) as org_code,
    cast(null as varchar) as stock_org_code,
    cast(null as varchar) as order_no,
    nullif(trim(w."FNumber"), '') as warehouse_code,
    cast(null as varchar) as carrier,
    cast(null as varchar) as waybill_no,
    m."FDate" as shipped_at,
    case
        when m."FCancellation" then 'cancelled'
        when m."FStatus" = 3 then 'closed'
        when m."FCheckerID" > 0 or m."FStatus" > 0 then 'approved'
        else 'draft'
    end as status
from current.kingdee_k3_wise__delivery as m
left join current.kingdee_k3_wise__dealer as c
    on c._system = m._system and c."FItemID" = m."FSupplyID"
left join line_stock as l
    on l._system = m._system and l."FBrNo" = m."FBrNo" and l."FInterID" = m."FInterID" and l.place = 1
left join current.kingdee_k3_wise__warehouse as w
    on w._system = m._system
    and w."FItemID" = coalesce(nullif(m."FDCStockID", 0), nullif(m."FSCStockID", 0), l.stock_id)
