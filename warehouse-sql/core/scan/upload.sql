-- name: core.upload
-- kind: table
-- partition: month
-- grain: month, day, node, device_id?, lag_us?
-- Events counted by day, node, device and the time that their upload took. An event without a valid time stands on the
-- day it was recorded and is not accurate; a placeholder is no known code. Void events are left out.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   business_month: month of the day
--   day: business day of the event, else of its record
--   node: event type
--   device_id: the device
--   lag_us: microseconds from event to upload; empty: there is no valid time
--   events: events
--   accurate: those that core.event_fault finds nothing against
with placeholder as (
    select array_agg(distinct normalize_code(code)) as codes from rules.placeholder
),
faulty as (
    select distinct month, event_id, content_hash from core.event_fault
),
uploaded as (
    select
        e.month,
        business_date(coalesce(e.event_time, e.recorded_at)) as day,
        e.event_type as node,
        e.device_id,
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
)
select
    month,
    substr(cast(day as varchar), 1, 7) as business_month,
    day,
    node,
    device_id,
    lag_us,
    count(*) as events,
    sum(case when is_accurate then 1 else 0 end) as accurate
from uploaded
group by month, day, node, device_id, lag_us
