-- name: marts.device_gap
-- kind: table
-- grain: device_id, missing_from
-- Numbers that a device must have given and no event has: events that it lost or has not sent yet.
-- columns:
--   device_id: the device
--   missing_from: the first missing number
--   missing_to: the last missing number
--   missing: how many
--   recorded_before: when the event before the gap was recorded
--   recorded_after: when the event after it was recorded
with numbered as (
    select device_id, sequence, min(recorded_at) as recorded_at
    from core.device_sequence
    group by device_id, sequence
),
followed as (
    select
        device_id,
        sequence,
        recorded_at,
        lead(sequence) over by_device as next_sequence,
        lead(recorded_at) over by_device as next_recorded_at
    from numbered
    window by_device as (partition by device_id order by sequence)
)
select
    device_id,
    sequence + 1 as missing_from,
    next_sequence - 1 as missing_to,
    next_sequence - sequence - 1 as missing,
    recorded_at as recorded_before,
    next_recorded_at as recorded_after
from followed
where next_sequence > sequence + 1
