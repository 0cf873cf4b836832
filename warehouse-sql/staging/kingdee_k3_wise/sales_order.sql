-- name: staging.kingdee_k3_wise__sales_order
-- kind: table
-- grain: system, source_id
-- 销售订单 SEOrder
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: document number
--   dealer_code: customer
--   org_code: none: one database is one company
--   ordered_at: the document's day
--   ship_to_address: where it goes (交货地址)
--   ship_to_region: K/3 has no official region code; the address is resolved
--   status: draft, approved, closed or cancelled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."FBillNo"), '') as order_no,
    nullif(trim(c."FNumber"), '') as dealer_code,
    cast(null as varchar) as org_code,
    m."FDate" as ordered_at,
    nullif(trim(m."FFetchAdd"), '') as ship_to_address,
    cast(null as varchar) as ship_to_region,
    case
        when m."FCancellation" then 'cancelled'
        when m."FClosed" <> 0 or m."FStatus" = 3 then 'closed'
        when m."FCheckerID" > 0 or m."FStatus" > 0 then 'approved'
        else 'draft'
    end as status
from current.kingdee_k3_wise__sales_order as m
left join current.kingdee_k3_wise__dealer as c
    on c._system = m._system and c."FItemID" = m."FCustID"
