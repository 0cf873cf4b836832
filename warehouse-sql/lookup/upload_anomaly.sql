-- Devices whose uploads of their last day are worse than they were in the four weeks before: by a fifth in time, or by a
-- twentieth in what was right or there. Days with fewer than twenty events and devices with fewer than a hundred before
-- say nothing. The numbers stand here and not among the rules because they wake somebody and decide nothing.
with counted as (
    select day, node, device_id, events, on_time, accurate, expected, present
    from marts.upload_quality
    where device_id is not null
),
latest as (
    select node, device_id, max(day) as day from counted group by node, device_id
),
usual as (
    select
        l.node,
        l.device_id,
        sum(c.events) as events,
        cast(sum(c.on_time) as double) / sum(c.events) as timeliness,
        cast(sum(c.accurate) as double) / sum(c.events) as accuracy
    from latest as l
    join counted as c
        on c.node = l.node
        and c.device_id = l.device_id
        and c.day < l.day
        and c.day >= l.day - interval '28 days'
    group by l.node, l.device_id
),
last_day as (
    select
        c.day,
        c.node,
        c.device_id,
        c.events,
        cast(c.on_time as double) / c.events as timeliness,
        cast(c.accurate as double) / c.events as accuracy,
        cast(c.present as double) / nullif(c.expected, 0) as completeness
    from counted as c
    join latest as l on l.node = c.node and l.device_id = c.device_id and l.day = c.day
)
select
    cast(d.day as varchar) as day,
    d.node,
    d.device_id,
    round(d.timeliness, 3) as timeliness,
    round(d.accuracy, 3) as accuracy,
    round(d.completeness, 3) as completeness,
    case
        when d.timeliness < u.timeliness - 0.2 then '及时率下降 later than usual'
        else '准确率下降 more faults than usual'
    end as cause
from last_day as d
join usual as u on u.node = d.node and u.device_id = d.device_id
where d.events >= 20
    and u.events >= 100
    and (d.timeliness < u.timeliness - 0.2 or d.accuracy < u.accuracy - 0.05)
order by d.node, d.device_id
