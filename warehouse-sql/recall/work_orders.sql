-- The work orders a recall reaches, nearest first, with their items in it. Items of no work order stand in a row of
-- their own.
with item as (
    select
        work_order_no,
        min(product_code) as product_code,
        min(batch_no) as batch_no,
        sum(units) as items,
        sum(case when is_inferred then 0 else units end) as verified,
        sum(case when is_inferred then units else 0 end) as inferred
    from recall.holdings
    where level = 'item'
    group by work_order_no
)
select
    coalesce(c.work_order_no, i.work_order_no) as work_order_no,
    c.depth,
    coalesce(c.is_whole, false) as is_whole,
    coalesce(c.product_code, i.product_code) as product_code,
    coalesce(c.batch_no, i.batch_no) as batch_no,
    c.line,
    coalesce(i.items, 0) as items,
    coalesce(i.verified, 0) as verified,
    coalesce(i.inferred, 0) as inferred
from recall.closure as c
full join item as i on i.work_order_no = c.work_order_no
order by depth nulls last, work_order_no nulls last
