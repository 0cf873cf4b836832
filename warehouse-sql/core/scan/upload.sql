-- name: core.upload
-- kind: table
-- partition: month
-- touched: select month from changed.core__scan_event union select month from changed.core__event_fault
-- grain: month, day, node, device_id?, lag_us?
-- Events of core.upload_event counted by day, node, device and the time that their upload took.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   business_month: month of the day
--   day: business day of the event, else of its record
--   node: event type
--   device_id: the device
--   lag_us: microseconds from event to upload; empty: there is no valid time
--   events: events
--   accurate: those with nothing against them
select
    month,
    substr(cast(day as varchar), 1, 7) as business_month,
    day,
    node,
    device_id,
    lag_us,
    count(*) as events,
    sum(case when is_accurate then 1 else 0 end) as accurate
from core.upload_event
group by month, day, node, device_id, lag_us
