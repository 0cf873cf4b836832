-- How well each device uploads, by day and node: in time, accurately, completely. Rows without a device are of all
-- devices together; only they know how many units there should be.
-- title: Upload quality
-- title_zh: 上传质量
-- dimensions: day, node, device_id
-- parameters: from date, to date
with asked as (
    select cast($from as date) as from_day, cast($to as date) as to_day
)
select
    q.day,
    q.node,
    q.device_id,
    q.events,
    q.on_time,
    cast(q.on_time as double) / nullif(q.events, 0) as timeliness,
    q.accurate,
    cast(q.accurate as double) / nullif(q.events, 0) as accuracy,
    q.expected,
    q.present,
    cast(q.present as double) / nullif(cast(q.expected as double), 0) as completeness,
    q.lag_p50_s,
    q.lag_p95_s
from marts.upload_quality as q
cross join asked as a
where (a.from_day is null or q.day >= a.from_day) and (a.to_day is null or q.day <= a.to_day)
