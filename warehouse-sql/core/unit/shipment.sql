-- name: core.shipment
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with m as (select code from changed.core__unit_movement group by code, event_id, content_hash, via_code, event_type, event_time, depth, holder_code, is_internal, is_at_store, channel, delivery_no, order_no, corrects_event_id having count(*) = 1) select distinct bucket(code) as bucket, code from m
-- slice: core.unit_movement
-- grain: code, event_id, event_time, event_type
-- Every ship to a dealer and every return of a unit, in order. A ship into a warehouse of our own is none. A
-- second scan of the same shipment (same dealer, same delivery, nothing in between) is marked, so that it
-- is not counted again.
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit
--   event_id: the event
--   event_type: ship or return
--   event_time: when
--   dealer_code: to whom it was shipped, or from whom it was taken
--   channel: the ship's channel, or that of the custody the return ended
--   delivery_no: the delivery
--   order_no: the order
--   is_inferred: a container was scanned
--   via_code: the code that was scanned
--   is_voided: a later void_ship cancelled it
--   is_repeat: a second scan of the shipment before it
with listed as (
    select
        bucket,
        code,
        unnest(shipments(array_agg(named_struct(
            'event_id', event_id,
            'content_hash', content_hash,
            'event_type', event_type,
            'event_time', event_time,
            'inferred', depth > 0,
            'via_code', via_code,
            'holder', holder_code,
            'channel', channel,
            'delivery_no', delivery_no,
            'order_no', order_no,
            'corrects_event_id', corrects_event_id
        )))) as one
    from core.unit_movement
    group by bucket, code
),
internal as (
    select distinct event_id from core.unit_movement where event_type = 'ship' and is_internal
)
select
    l.bucket,
    l.code,
    l.one['event_id'] as event_id,
    l.one['event_type'] as event_type,
    l.one['event_time'] as event_time,
    l.one['holder'] as dealer_code,
    l.one['channel'] as channel,
    l.one['delivery_no'] as delivery_no,
    l.one['order_no'] as order_no,
    l.one['inferred'] as is_inferred,
    l.one['via_code'] as via_code,
    l.one['is_voided'] as is_voided,
    l.one['is_repeat'] as is_repeat
from listed as l
left anti join internal as i on l.one['event_type'] = 'ship' and i.event_id = l.one['event_id']
