-- What the code is, how it was made, and the one state it is in. An unknown code answers one row too.
-- parameters: code text
with asked as (
    select cast($code as varchar) as code
),
unit as (
    select * from core.unit_state where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
)
select
    a.code,
    u.printed_code,
    u.level,
    coalesce(u.state, 'unknown') as status,
    u.product_code,
    d.name as product_name,
    d.spec as product_spec,
    d.category as product_category,
    u.work_order_no,
    u.batch_no,
    o.factory,
    o.workshop,
    coalesce(c.line, o.line) as line,
    coalesce(c.team, o.team) as team,
    c.operator,
    u.commissioned_at
from asked as a
left join unit as u on u.code = a.code
left join core.scan_event as c on c.event_id = u.commission_event_id and c.content_hash = u.commission_hash
left join (
    select work_order_no, min(factory) as factory, min(workshop) as workshop, min(line) as line, min(team) as team
    from core.work_order
    where not is_deleted
    group by work_order_no
) as o on o.work_order_no = u.work_order_no
left join core.product_profile as d on d.product_code = u.product_code
