-- name: core.goods_issue
-- kind: table
-- grain: system, source_id
-- Lines of goods issues in force: approved or closed, not vanished, with the day they left and the order they
-- deliver.
-- columns:
--   system: the configured system
--   source_id: the line's key in that system
--   delivery_no: the delivery
--   line_no: the line
--   day: business day of the delivery; empty: it has no date
--   order_no: the order of the line, else of the delivery
--   order_line_no: the order's line
--   dealer_code: who gets it
--   product_code: the product
--   base_qty: in base units
with document as (
    select
        system,
        delivery_no,
        min(order_no) as order_no,
        min(dealer_code) as dealer_code,
        min(shipped_at) as shipped_at
    from core.delivery
    where not is_deleted and status in ('approved', 'closed')
    group by system, delivery_no
)
select
    l.system,
    l.source_id,
    l.delivery_no,
    l.line_no,
    business_date(d.shipped_at) as day,
    coalesce(l.order_no, d.order_no) as order_no,
    l.order_line_no,
    d.dealer_code,
    l.product_code,
    coalesce(l.base_qty, 0) as base_qty
from core.delivery_line as l
join document as d on d.system = l.system and d.delivery_no = l.delivery_no
where not l.is_deleted
