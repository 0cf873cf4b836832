-- name: core.upload_event
-- kind: view
-- grain: event_id, content_hash
-- How an event was uploaded: in what time, and whether anything is against it. An event without a valid time stands on
-- the day it was recorded and is not accurate; a placeholder is no known code. Void events are left out.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   event_id: the event
--   content_hash: tells two events with one id apart
--   day: business day of the event, else of its record
--   node: event type
--   device_id: the device
--   from_party: from whom
--   store_code: the store
--   lag_us: microseconds from event to upload; empty: there is no valid time
--   is_accurate: core.event_fault finds nothing against it
with placeholder as (
    select array_agg(distinct normalize_code(code)) as codes from rules.placeholder
),
faulty as (
    select distinct month, event_id, content_hash from core.event_fault
)
select
    e.month,
    e.event_id,
    e.content_hash,
    business_date(coalesce(e.event_time, e.recorded_at)) as day,
    e.event_type as node,
    e.device_id,
    e.from_party,
    e.store_code,
    cast(e.recorded_at as bigint) - cast(e.event_time as bigint) as lag_us,
    e.event_time is not null
    and f.event_id is null
    and not coalesce(regexp_like(array_to_string(e.codes, ' '), '(^| )0+( |$)'), false)
    and not coalesce(array_has_any(e.codes, p.codes), false) as is_accurate
from faulty as f
right join core.scan_event as e
    on f.month = e.month and f.event_id = e.event_id and f.content_hash = e.content_hash
cross join placeholder as p
where not e.is_voided
