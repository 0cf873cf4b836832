-- Hours between the first commission, store_in, ship, receive, sell and verify that exist, in order of time.
-- Cancelled ships are left out.
-- parameters: code text
with cancelled as (
    select event_id from core.shipment where code = cast($code as varchar) and bucket = bucket(cast($code as varchar)) and is_voided
),
node as (
    select u.event_type as node, min(u.event_time) as reached_at
    from core.unit_event as u
    left anti join cancelled as c on c.event_id = u.event_id and u.event_type = 'ship'
    where u.code = cast($code as varchar) and u.bucket = bucket(cast($code as varchar)) and u.event_type in ('commission', 'store_in', 'ship', 'receive', 'sell', 'verify')
    group by u.event_type
),
paired as (
    select
        node as from_node,
        reached_at,
        lead(node) over in_order as to_node,
        lead(reached_at) over in_order as left_at
    from node
    window in_order as (order by reached_at, type_precedence(node))
)
select
    from_node,
    to_node,
    (date_part('epoch', left_at) - date_part('epoch', reached_at)) / 3600.0 as hours
from paired
where to_node is not null
order by reached_at, type_precedence(from_node)
