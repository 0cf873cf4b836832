-- Hours between the first commission, store_in, ship, receive, sell and verify that exist, in order of time.
-- Cancelled ships are left out.
-- parameters: code text
select
    from_node,
    to_node,
    (date_part('epoch', left_at) - date_part('epoch', reached_at)) / 3600.0 as hours
from core.unit_dwell
where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
order by reached_at, type_precedence(from_node)
