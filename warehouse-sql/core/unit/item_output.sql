-- name: core.item_output
-- kind: table
-- partition: bucket
-- grain: bucket, day?, work_order_no?, product_code?, batch_no?
-- Items made, counted by day, work order, product and batch, and what has happened to them since.
-- columns:
--   bucket: piece, by the unit's code
--   day: business day of the commission; empty: its time is not valid
--   work_order_no: the work order
--   product_code: the product
--   batch_no: the batch
--   made: items commissioned
--   stored: those that a store_in reached
--   returned: those that came back
with item as (
    select
        bucket,
        business_date(commissioned_at) as day,
        work_order_no,
        product_code,
        batch_no,
        first_store_in_at is not null as is_stored,
        last_returned_at is not null as is_returned
    from core.unit_fact
    where level = 'item' and is_commissioned
)
select
    bucket,
    day,
    work_order_no,
    product_code,
    batch_no,
    count(*) as made,
    sum(case when is_stored then 1 else 0 end) as stored,
    sum(case when is_returned then 1 else 0 end) as returned
from item
group by bucket, day, work_order_no, product_code, batch_no
