-- name: core.delivery
-- kind: table
-- grain: system, source_id
-- Goods issues (销售出库单) of every status. A document without an order of its own takes that of
-- its lines while they name one.
-- columns:
--   delivery_no: document number
--   order_no: the order
--   dealer_code: who gets it
--   warehouse_code: where it leaves
--   carrier: carrier
--   waybill_no: waybill
--   shipped_at: when
--   status: draft, approved, closed or cancelled
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
with line_order as (
    select system, delivery_no, min(order_no) as order_no
    from core.delivery_line
    where order_no is not null and not is_deleted
    group by system, delivery_no
    having count(distinct order_no) = 1
),
document as (
    select * from staging.all__delivery
)
select
    d.delivery_no,
    coalesce(d.order_no, l.order_no) as order_no,
    coalesce(c.code, d.dealer_code) as dealer_code,
    coalesce(w.code, d.warehouse_code) as warehouse_code,
    d.carrier,
    d.waybill_no,
    d.shipped_at,
    d.status,
    d.system,
    d.source_id,
    d.source_changed_at,
    d.landed_at,
    d.attributes,
    d.is_deleted,
    d.deleted_at
from document as d
left join line_order as l on l.system = d.system and l.delivery_no = d.delivery_no
left join core.master_code as c
    on c.entity = 'dealer' and c.system = d.system and c.number = d.dealer_code
    and c.org_code = coalesce(d.org_code, '') and c.is_referred
left join core.master_code as w
    on w.entity = 'warehouse' and w.system = d.system and w.number = d.warehouse_code
    and w.org_code = coalesce(d.stock_org_code, '') and w.is_referred
