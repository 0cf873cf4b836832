-- name: core.custody
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with m as (select code from changed.core__unit_movement group by code, event_id, content_hash, via_code, event_type, event_time, depth, holder_code, is_internal, is_at_store, channel, delivery_no, order_no, corrects_event_id having count(*) = 1) select distinct bucket(code) as bucket, code from m
-- slice: core.unit_movement
-- grain: code, held_from
-- Who had a unit when, half open in time: the law of custody over its movements. A custody whose last ship
-- changes is several rows; the later ones have `continues`.
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit
--   dealer_code: who had it
--   held_from: when this row begins
--   held_to: when it ends; empty while it lasts
--   held_since: when the custody began
--   channel: channel of the hold that began it
--   start_event_id: the event that began it
--   is_inferred: that event was scanned on a container
--   ship_event_id: the last ship in force
--   shipped_at: when that was
--   ship_via_code: the code that ship scanned
--   delivery_no: the delivery of that ship
--   order_no: the order of that ship
--   continues: the row before is the same custody
with holds as (
    select
        bucket,
        code,
        unnest(custody(array_agg(named_struct(
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
        )))) as held
    from core.unit_movement
    group by bucket, code
)
select
    bucket,
    code,
    held['holder'] as dealer_code,
    held['held_from'] as held_from,
    held['held_to'] as held_to,
    held['held_since'] as held_since,
    held['channel'] as channel,
    held['start_event_id'] as start_event_id,
    held['inferred'] as is_inferred,
    held['ship_event_id'] as ship_event_id,
    held['shipped_at'] as shipped_at,
    held['ship_via_code'] as ship_via_code,
    held['delivery_no'] as delivery_no,
    held['order_no'] as order_no,
    held['continues'] as continues
from holds
