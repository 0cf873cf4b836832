-- name: core.unit_movement
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with e as (select code from changed.core__event_code where event_type in ('ship', 'void_ship', 'receive', 'transfer', 'return', 'decommission') group by code, event_id, content_hash, is_voided having count(*) = 1), a as (select code from changed.core__ancestry group by code, ancestor_code, depth, inside_from, inside_to having count(*) = 1), t as (select code from changed.core__container_event where event_type in ('ship', 'void_ship', 'receive', 'transfer', 'return', 'decommission') group by code, event_id, content_hash, event_time having count(*) = 1), m as (select event_id, content_hash from (select event_id, content_hash from changed.core__movement group by event_id, content_hash, holder_code, is_internal, is_at_store, channel, delivery_no, order_no having count(*) = 1) group by event_id, content_hash having count(*) > 1), c as (select code from e union select code from t union select x.code from m join core.event_code as x on m.event_id = x.event_id and m.content_hash = x.content_hash) select bucket(code) as bucket, code from c union select y.bucket, y.code from c join core.ancestry as y on c.code = y.ancestor_code union select bucket(code) as bucket, code from a
-- slice: core.ancestry, core.event_code
-- grain: code, event_id, content_hash, via_code
-- Movements of a unit: those scanned on its own code, and those of what contained it at that time. An event
-- that names a unit and its container reaches the unit twice; the law counts it once.
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit
--   event_id: the event
--   content_hash: tells two events with one id apart
--   event_type: what happened
--   event_time: when
--   depth: 0 if its own code was scanned, else how far outside the scanned container was
--   via_code: the code that was scanned
--   holder_code: dealer that has it afterwards
--   is_internal: it went to a warehouse of our own
--   is_at_store: it happened at a store we know
--   channel: the channel it goes into
--   delivery_no: the delivery
--   order_no: the order
--   corrects_event_id: what it corrects
with scanned as (
    select
        c.bucket,
        c.code,
        m.event_id,
        m.content_hash,
        m.event_type,
        m.event_time,
        m.holder_code,
        m.is_internal,
        m.is_at_store,
        m.channel,
        m.delivery_no,
        m.order_no,
        m.corrects_event_id
    from core.event_code as c
    join core.movement as m on m.event_id = c.event_id and m.content_hash = c.content_hash
),
scanned_around as (
    select
        c.code,
        m.event_id,
        m.content_hash,
        m.event_type,
        m.event_time,
        m.holder_code,
        m.is_internal,
        m.is_at_store,
        m.channel,
        m.delivery_no,
        m.order_no,
        m.corrects_event_id
    from core.container_event as c
    join core.movement as m on m.event_id = c.event_id and m.content_hash = c.content_hash
),
inherited as (
    select
        a.bucket,
        a.code,
        s.event_id,
        s.content_hash,
        s.event_type,
        s.event_time,
        min(a.depth) as depth,
        s.code as via_code,
        s.holder_code,
        s.is_internal,
        s.is_at_store,
        s.channel,
        s.delivery_no,
        s.order_no,
        s.corrects_event_id
    from core.ancestry as a
    join scanned_around as s
        on s.code = a.ancestor_code
        and s.event_time >= a.inside_from
        and (a.inside_to is null or s.event_time < a.inside_to)
    group by
        a.bucket, a.code, s.event_id, s.content_hash, s.event_type, s.event_time, s.code, s.holder_code,
        s.is_internal, s.is_at_store, s.channel, s.delivery_no, s.order_no, s.corrects_event_id
)
select
    bucket,
    code,
    event_id,
    content_hash,
    event_type,
    event_time,
    0 as depth,
    code as via_code,
    holder_code,
    is_internal,
    is_at_store,
    channel,
    delivery_no,
    order_no,
    corrects_event_id
from scanned
union all
select
    bucket,
    code,
    event_id,
    content_hash,
    event_type,
    event_time,
    depth,
    via_code,
    holder_code,
    is_internal,
    is_at_store,
    channel,
    delivery_no,
    order_no,
    corrects_event_id
from inherited
