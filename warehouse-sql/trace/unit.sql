-- What the code is, how it was made, and the one state it is in. An unknown code answers one row too.
-- States are tried in the order of the case below.
-- parameters: code text
with asked as (
    select cast($code as varchar) as code
),
unit as (
    select * from core.unit where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
),
happened as (
    select event_type, event_time, store_code, event_id from core.unit_event where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
),
moved as (
    select
        m.event_type,
        m.event_time,
        m.event_id,
        r.store_code is not null or s.store_code is not null as is_at_store
    from core.unit_movement as m
    left join core.movement as e on e.event_id = m.event_id and e.content_hash = m.content_hash
    left join core.store_profile as r on r.store_code = e.to_party
    left join core.store_profile as s on s.store_code = e.store_code
    where m.code = cast($code as varchar) and m.bucket = bucket(cast($code as varchar))
),
shipped as (
    select max(event_time) as last_ship from core.shipment where code = cast($code as varchar) and bucket = bucket(cast($code as varchar)) and event_type = 'ship' and not is_voided
),
summary as (
    select
        min(case when event_type = 'decommission' then event_time end) as decommissioned_at,
        min(case when event_type in ('store_in', 'ship') then event_time end) as left_line_at,
        max(case when event_type = 'purchase_check' then event_time end) as bought_at,
        max(case when event_type = 'return' then event_time end) as returned_at,
        max(case when event_type = 'open_case' and store_code is not null then event_time end) as opened_at
    from happened
),
last_moved as (
    select event_type
    from moved
    where event_type in ('ship', 'transfer', 'receive', 'return')
    order by event_time desc, type_precedence(event_type) desc, event_id desc
    limit 1
),
arrived as (
    select
        max(case when event_type = 'receive' and is_at_store then event_time end) as at_store,
        max(case when event_type in ('receive', 'transfer') then event_time end) as at_dealer
    from moved
),
sold as (
    select sold_at from core.sale where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
),
recall as (
    select transit_days from rules.recall
)
select
    a.code,
    u.printed_code,
    u.level,
    case
        when not coalesce(u.is_commissioned, false) then 'unknown'
        when h.decommissioned_at is not null and coalesce(h.left_line_at > h.decommissioned_at, true) then 'line_reject'
        when h.decommissioned_at is not null then 'destroyed'
        when s.sold_at is not null or coalesce(h.bought_at > coalesce(h.returned_at, h.bought_at - interval '1 second'), false)
            then 'sold'
        when l.event_type = 'return' then 'returned'
        when
            coalesce(v.at_store >= p.last_ship, v.at_store is not null and p.last_ship is null)
            or coalesce(h.opened_at >= p.last_ship, h.opened_at is not null and p.last_ship is null)
            then 'in_store'
        when
            coalesce(v.at_dealer >= p.last_ship, v.at_dealer is not null and p.last_ship is null)
            or coalesce(date_part('epoch', as_of()) - date_part('epoch', p.last_ship) > r.transit_days * 86400, false)
            then 'dealer_stock'
        when p.last_ship is not null then 'in_transit'
        else 'in_factory'
    end as status,
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
cross join summary as h
cross join arrived as v
cross join shipped as p
cross join recall as r
left join sold as s on true
left join last_moved as l on true
