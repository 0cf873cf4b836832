-- The units of a recall as they are now, counted by everything its answer is split by.
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
    shipped_at,
    units
from recall.held
where is_now
