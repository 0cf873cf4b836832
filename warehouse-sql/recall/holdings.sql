-- The units of a recall counted by everything its answer is split by, in one pass over them.
select
    level,
    state,
    is_inferred,
    is_commissioned,
    work_order_no,
    product_code,
    batch_no,
    dealer_code,
    delivery_no,
    order_no,
    min(delivered_at) as shipped_at,
    count(*) as units
from recall.units
group by level, state, is_inferred, is_commissioned, work_order_no, product_code, batch_no, dealer_code, delivery_no, order_no
