-- What is wrong with uploads, by day, node, device, operator and team, and whether it follows a device, a process or a
-- person; `unclear` where that cannot be told. How a cause is decided is said at the head of marts.upload_fault.
-- `missing` are events that a device numbered and nobody received, on the day after which they are missing; they are of
-- no node and follow the device.
-- title: Upload faults
-- title_zh: 上传异常原因
-- dimensions: day, node, device_id, operator, team, cause, fault
-- parameters: from date, to date
with asked as (
    select cast($from as date) as from_day, cast($to as date) as to_day
),
listed as (
    select day, node, device_id, operator, team, cause, fault, events, documents, example
    from marts.upload_fault
    union all
    select
        business_date(recorded_after) as day,
        cast(null as varchar) as node,
        device_id,
        cast(null as varchar) as operator,
        cast(null as varchar) as team,
        'device' as cause,
        'missing' as fault,
        sum(missing) as events,
        cast(0 as bigint) as documents,
        cast(null as varchar) as example
    from marts.device_gap
    group by 1, 3
)
select l.day, l.node, l.device_id, l.operator, l.team, l.cause, l.fault, l.events, l.documents, l.example
from listed as l
cross join asked as a
where (a.from_day is null or l.day >= a.from_day) and (a.to_day is null or l.day <= a.to_day)
