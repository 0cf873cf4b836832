-- What an order asks for and what of it was scanned, per product, in base units.
with ordered as (
    select order_no, product_code, cast(round(sum(base_qty)) as bigint) as ordered
    from core.sales_order_line
    where not is_deleted and order_no is not null and product_code is not null
    group by order_no, product_code
),
shipped as (
    select order_no, product_code, cast(sum(shipped) as bigint) as shipped
    from core.document_scan
    where order_no is not null
    group by order_no, product_code
)
select
    coalesce(o.order_no, s.order_no) as order_no,
    coalesce(o.product_code, s.product_code) as product_code,
    o.ordered,
    coalesce(s.shipped, 0) as shipped
from ordered as o
full join shipped as s on s.order_no = o.order_no and s.product_code = o.product_code
