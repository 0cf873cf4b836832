-- What an order asks for and what of it was scanned, per product, in base units.
with ordered as (
    select order_no, product_code, cast(round(sum(base_qty)) as bigint) as ordered
    from core.sales_order_line
    where not is_deleted and order_no is not null and product_code is not null
    group by order_no, product_code
),
shipped as (
    select s.order_no, u.product_code, count(distinct s.code) as shipped
    from core.shipment as s
    join core.unit as u on u.code = s.code and u.bucket = s.bucket
    where
        s.event_type = 'ship'
        and not s.is_voided
        and not s.is_repeat
        and s.order_no is not null
        and u.level = 'item'
        and u.is_commissioned
    group by s.order_no, u.product_code
)
select
    coalesce(o.order_no, s.order_no) as order_no,
    coalesce(o.product_code, s.product_code) as product_code,
    o.ordered,
    coalesce(s.shipped, 0) as shipped
from ordered as o
full join shipped as s on s.order_no = o.order_no and s.product_code = o.product_code
