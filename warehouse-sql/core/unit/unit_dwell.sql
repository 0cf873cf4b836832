-- name: core.unit_dwell
-- kind: view
-- grain: code, from_node
-- How long a unit took from one to the next of the first commission, store_in, ship, receive, sell and verify that
-- exist, in order of time. Cancelled ships are left out.
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit
--   level: item, case or pallet; empty: not known
--   product_code: the product
--   from_node: where it was
--   to_node: where it came to
--   reached_at: when the first of the two began
--   left_at: when the second began
with node as (
    select
        bucket,
        code,
        level,
        product_code,
        -- In order of time, then of the types' precedence; what does not exist comes last. A number holds the time and,
        -- in its last three bits, the node: numbers are sorted three times as fast as pairs.
        array_sort(
            make_array(
                cast(commissioned_at as bigint) << 3,
                cast(first_store_in_at as bigint) << 3 | 1,
                cast(first_ship_at as bigint) << 3 | 2,
                cast(first_receive_at as bigint) << 3 | 3,
                cast(first_sell_at as bigint) << 3 | 4,
                cast(first_verify_at as bigint) << 3 | 5
            ),
            'ASC',
            'NULLS LAST'
        ) as nodes
    from core.unit_fact
),
step as (
    select
        bucket,
        code,
        level,
        product_code,
        unnest(array_slice(nodes, 1, 5)) as reached,
        unnest(array_slice(nodes, 2, 6)) as gone
    from node
)
select
    bucket,
    code,
    level,
    product_code,
    case reached & 7 when 0 then 'commission' when 1 then 'store_in' when 2 then 'ship' when 3 then 'receive' when 4 then 'sell' when 5 then 'verify' end as from_node,
    case gone & 7 when 0 then 'commission' when 1 then 'store_in' when 2 then 'ship' when 3 then 'receive' when 4 then 'sell' when 5 then 'verify' end as to_node,
    arrow_cast(reached >> 3, 'Timestamp(Microsecond, Some("UTC"))') as reached_at,
    arrow_cast(gone >> 3, 'Timestamp(Microsecond, Some("UTC"))') as left_at
from step
where gone is not null
