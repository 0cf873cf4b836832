-- Mass balance by identity. Produced: items a line commissioned. Accounted: those in a state whose holder is known. Beside
-- it what the ERP received of these products from whole work orders, in base units; empty where only part of a
-- work order was asked for.
-- parameters: material text, lot text, product text, batch text, line text
with item as (
    select * from recall.holdings where level = 'item'
),
counted as (
    select
        coalesce(sum(case when is_commissioned then units end), 0) as produced,
        coalesce(sum(case
            when state = 'unknown' then 0
            when state in ('in_store', 'dealer_stock', 'in_transit') and dealer_code is null then 0
            else units
        end), 0) as accounted
    from item
),
product as (
    select distinct product_code from item where product_code is not null
),
receipt as (
    select r.work_order_no, r.product_code, r.batch_no, r.base_qty
    from core.product_receipt as r
    left semi join product as p on p.product_code = r.product_code
    where not r.is_deleted and r.status in ('approved', 'closed') and cast($line as varchar) is null
),
of_work_order as (
    select r.base_qty
    from receipt as r
    left semi join recall.closure as c on c.work_order_no = r.work_order_no and c.is_whole
),
of_batch as (
    select r.base_qty
    from receipt as r
    left anti join recall.closure as c on c.work_order_no = r.work_order_no and c.is_whole
    where
        r.product_code = coalesce(cast($material as varchar), cast($product as varchar))
        and r.batch_no = coalesce(cast($lot as varchar), cast($batch as varchar))
),
received as (
    select sum(base_qty) as received_qty
    from (select base_qty from of_work_order union all select base_qty from of_batch) as r
)
select
    c.produced,
    c.accounted,
    case when c.produced > 0 then round(cast(c.accounted as decimal(20, 4)) * 100 / c.produced, 4) end as pct,
    c.produced - c.accounted as unaccounted,
    r.received_qty
from counted as c
cross join received as r
