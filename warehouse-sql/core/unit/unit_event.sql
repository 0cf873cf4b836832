-- name: core.unit_event
-- kind: view
-- grain: code, event_id, content_hash
-- Everything that happened to a unit: what was scanned on its own code, and what was scanned on a container
-- while the unit was inside. An event that names both counts for the unit itself. Void events are left out.
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit
--   event_id: the event
--   content_hash: tells two events with one id apart
--   event_type: what happened
--   event_time: when
--   depth: 0 if its own code was scanned, else how far outside the scanned container was
--   via_code: the code that was scanned
--   store_code: store given
--   device_id: the device
with reached as (
    select bucket, code, event_id, content_hash, event_type, event_time, 0 as depth, code as via_code, store_code, device_id
    from core.event_code
    where not is_voided and event_time is not null
    union all
    select a.bucket, a.code, e.event_id, e.content_hash, e.event_type, e.event_time, a.depth, e.code, e.store_code, e.device_id
    from core.ancestry as a
    join core.event_code as e
        on e.code = a.ancestor_code
        and e.event_time >= a.inside_from
        and (a.inside_to is null or e.event_time < a.inside_to)
    where not e.is_voided and e.event_type not in ('commission', 'pack', 'unpack', 'sell', 'verify')
),
ranked as (
    select
        bucket,
        code,
        event_id,
        content_hash,
        event_type,
        event_time,
        depth,
        via_code,
        store_code,
        device_id,
        row_number() over (partition by code, event_id, content_hash order by depth, via_code) as place
    from reached
)
select bucket, code, event_id, content_hash, event_type, event_time, depth, via_code, store_code, device_id
from ranked
where place = 1
