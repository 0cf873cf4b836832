-- The units dealers have and did not sell, one by one.
-- title: Codes of dealers
-- title_zh: 经销商在库码
-- dimensions: code
select
    code,
    printed_code,
    level,
    product_code,
    batch_no,
    container_code,
    dealer_code,
    held_since,
    state,
    is_inferred,
    delivery_no,
    order_no
from core.unit_state
where dealer_code is not null
    and is_commissioned
    and level in ('item', 'case', 'pallet')
    and state in ('dealer_stock', 'in_store', 'in_transit')
