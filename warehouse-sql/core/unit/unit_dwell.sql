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
        -- In order of time, then of the types' precedence; what does not exist comes last.
        array_sort(
            make_array(
                case when commissioned_at is not null then named_struct('at', commissioned_at, 'rank', 0, 'node', 'commission') end,
                case when first_store_in_at is not null then named_struct('at', first_store_in_at, 'rank', 1, 'node', 'store_in') end,
                case when first_ship_at is not null then named_struct('at', first_ship_at, 'rank', 2, 'node', 'ship') end,
                case when first_receive_at is not null then named_struct('at', first_receive_at, 'rank', 3, 'node', 'receive') end,
                case when first_sell_at is not null then named_struct('at', first_sell_at, 'rank', 4, 'node', 'sell') end,
                case when first_verify_at is not null then named_struct('at', first_verify_at, 'rank', 5, 'node', 'verify') end
            ),
            'ASC',
            'NULLS LAST'
        ) as nodes
    from core.unit_fact
),
paired as (
    select
        bucket,
        code,
        level,
        product_code,
        unnest(make_array(
            named_struct('from', nodes[1], 'to', nodes[2]),
            named_struct('from', nodes[2], 'to', nodes[3]),
            named_struct('from', nodes[3], 'to', nodes[4]),
            named_struct('from', nodes[4], 'to', nodes[5]),
            named_struct('from', nodes[5], 'to', nodes[6])
        )) as pair
    from node
)
select
    bucket,
    code,
    level,
    product_code,
    pair['from']['node'] as from_node,
    pair['to']['node'] as to_node,
    pair['from']['at'] as reached_at,
    pair['to']['at'] as left_at
from paired
where pair['to'] is not null
