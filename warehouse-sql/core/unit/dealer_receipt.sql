-- name: core.dealer_receipt
-- kind: table
-- partition: bucket
-- grain: bucket, day, dealer_code
-- Items shipped to dealers, and how many of them the dealer received by scan before they went anywhere else.
-- columns:
--   bucket: piece, by the unit's code
--   day: business day of the ship
--   dealer_code: to whom
--   shipped: items shipped, cancelled ships and second scans left out
--   received: those that the dealer or one of its stores received
with item as (
    select bucket, code from core.unit where level = 'item' and is_commissioned
),
moved as (
    select
        i.bucket,
        s.code,
        s.event_id,
        s.event_type,
        s.event_time,
        s.dealer_code,
        lead(s.event_time) over (partition by s.code order by s.event_time, type_precedence(s.event_type), s.event_id) as next_at
    from core.shipment as s
    join item as i on i.code = s.code
    where not s.is_voided and not s.is_repeat
),
received as (
    select distinct m.code, m.event_id, m.event_time
    from moved as m
    join core.unit_movement as r
        on r.code = m.code
        and r.holder_code = m.dealer_code
        and r.event_time >= m.event_time
        and (m.next_at is null or r.event_time < m.next_at)
    where m.event_type = 'ship' and r.event_type = 'receive'
)
select
    m.bucket,
    business_date(m.event_time) as day,
    m.dealer_code,
    count(*) as shipped,
    count(r.code) as received
from moved as m
left join received as r on r.code = m.code and r.event_id = m.event_id and r.event_time = m.event_time
where m.event_type = 'ship' and m.dealer_code is not null
group by m.bucket, business_date(m.event_time), m.dealer_code
