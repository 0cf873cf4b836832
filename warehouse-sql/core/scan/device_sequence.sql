-- name: core.device_sequence
-- kind: table
-- partition: month
-- touched: select coalesce(substr(cast(event_time as varchar), 1, 7), 'none') from changed.raw__scans__event
-- grain: month, device_id, sequence
-- The numbers that devices give their events: a whole number `device_sequence` beside the record's own fields,
-- one more for each event.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   device_id: the device
--   sequence: its number
--   recorded_at: when the first event with the number was recorded
select
    coalesce(substr(cast(event_time as varchar), 1, 7), 'none') as month,
    device_id,
    cast(regexp_match(attributes, '"device_sequence": ?"?([0-9]{1,18})')[1] as bigint) as sequence,
    min(recorded_at) as recorded_at
from raw.scans__event
where device_id is not null and regexp_like(attributes, '"device_sequence": ?"?[0-9]{1,18}')
group by 1, 2, 3
