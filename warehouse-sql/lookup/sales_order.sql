-- Sales orders by number, the one that counts of those that share it.
with ranked as (
    select
        order_no,
        dealer_code,
        status,
        is_deleted,
        row_number() over (partition by order_no order by is_deleted, status = 'cancelled', system, source_id) as place
    from core.sales_order
)
select order_no, dealer_code, case when is_deleted then 'cancelled' else status end as status
from ranked
where place = 1 and order_no is not null
