-- Deliveries by number, the one that counts of those that share it, with the product if it has one.
with ranked as (
    select
        delivery_no,
        dealer_code,
        order_no,
        row_number() over (partition by delivery_no order by is_deleted, status = 'cancelled', system, source_id) as place
    from core.delivery
),
single as (
    select delivery_no, min(product_code) as product_code
    from core.delivery_line
    where not is_deleted and product_code is not null
    group by delivery_no
    having count(distinct product_code) = 1
)
select r.delivery_no, r.dealer_code, r.order_no, s.product_code
from ranked as r
left join single as s on s.delivery_no = r.delivery_no
where r.place = 1 and r.delivery_no is not null
