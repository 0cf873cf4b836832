-- name: marts.dwell
-- kind: table
-- partition: bucket
-- touched: select distinct bucket, code from (select bucket, code from changed.core__unit_fact where level = 'item' group by bucket, code, product_code, commissioned_at, first_store_in_at, first_ship_at, first_receive_at, first_sell_at, first_verify_at having count(*) = 1)
-- slice: core.unit_fact
-- sums: items
-- grain: bucket, day, from_node, to_node, product_code?, dwell_us
-- How many items took how long between two nodes. Goods move in cases and pallets, so that many items share a row.
-- columns:
--   bucket: piece, by the unit's code
--   day: business day on which the second node was reached
--   from_node: the first node
--   to_node: the second node
--   product_code: the product
--   dwell_us: microseconds between the two
--   items: items
with paired as (
    select
        bucket,
        business_date(left_at) as day,
        from_node,
        to_node,
        product_code,
        cast(left_at as bigint) - cast(reached_at as bigint) as dwell_us
    from core.unit_dwell
    where level = 'item'
)
select bucket, day, from_node, to_node, product_code, dwell_us, count(*) as items
from paired
group by bucket, day, from_node, to_node, product_code, dwell_us
