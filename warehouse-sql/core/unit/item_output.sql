-- name: core.item_output
-- kind: table
-- partition: bucket
-- grain: bucket, day?, work_order_no?, product_code?, batch_no?
-- What was made, counted by day, work order, product and batch, and what has happened to it since.
-- columns:
--   bucket: piece, by the unit's code
--   day: business day of the commission; empty: its time is not valid
--   work_order_no: the work order
--   product_code: the product
--   batch_no: the batch
--   made: items commissioned
--   stored: those that a store_in reached
--   returned: those that came back
--   complained: units, cases too, that somebody complained about
with complained as (
    select distinct code from core.complaint
),
unit as (
    select
        u.bucket,
        business_date(u.commissioned_at) as day,
        u.work_order_no,
        u.product_code,
        u.batch_no,
        coalesce(u.level = 'item', false) as is_item,
        u.first_store_in_at is not null as is_stored,
        u.last_returned_at is not null as is_returned,
        c.code is not null as is_complained
    from complained as c
    right join core.unit_fact as u on c.code = u.code
    where u.is_commissioned
)
select
    bucket,
    day,
    work_order_no,
    product_code,
    batch_no,
    sum(case when is_item then 1 else 0 end) as made,
    sum(case when is_item and is_stored then 1 else 0 end) as stored,
    sum(case when is_item and is_returned then 1 else 0 end) as returned,
    sum(case when is_complained then 1 else 0 end) as complained
from unit
where is_item or is_complained
group by bucket, day, work_order_no, product_code, batch_no
