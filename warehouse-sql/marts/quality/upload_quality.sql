-- name: marts.upload_quality
-- kind: table
-- partition: month
-- touched: with e as (select day from changed.marts__upload_expectation group by day, node, expected, present having count(*) = 1) select business_month as month from changed.core__upload group by month, business_month, day, node, device_id, lag_us, events, accurate having count(*) = 1 union select substr(cast(day as varchar), 1, 7) as month from e
-- grain: day, node, device_id?
-- How well each device uploads: in time, accurately, completely. An event without a valid time is not in time, and has
-- no lag. Percentiles lie between neighbouring values in proportion.
-- columns:
--   month: business month
--   day: business day
--   node: event type
--   device_id: the device; empty: all devices together, and what has none
--   events: events
--   on_time: those uploaded within the time that is set for the node
--   accurate: those with nothing against them
--   expected: units that should have the event; for all devices, of commission, store_in and ship
--   present: those that have it
--   lag_p50_s: seconds from event to upload, the median
--   lag_p95_s: and what 95 of 100 keep to
with sized as (
    select business_month as month, day, node, device_id, lag_us, sum(events) as events, sum(accurate) as accurate
    from core.upload
    where device_id is not null
    group by business_month, day, node, device_id, lag_us
    union all
    select business_month as month, day, node, cast(null as varchar) as device_id, lag_us, sum(events) as events, sum(accurate) as accurate
    from core.upload
    group by business_month, day, node, lag_us
),
-- Events with a lag, in its order, have the numbers 0 to n - 1.
counted as (
    select
        *,
        sum(events) over (
            partition by month, day, node, device_id
            order by lag_us nulls last
            rows between unbounded preceding and current row
        ) - events as before,
        sum(case when lag_us is not null then events else 0 end) over (
            partition by month, day, node, device_id
        ) - 1 as last
    from sized
),
measured as (
    select
        c.month,
        c.day,
        c.node,
        c.device_id,
        sum(c.events) as events,
        sum(case when c.lag_us <= l.sla_s * 1000000 then c.events else 0 end) as on_time,
        sum(c.accurate) as accurate,
        max(c.last) as last,
        max(case when c.before <= c.last * 5 / 10 then c.lag_us end) as p50_low,
        max(case when c.before <= (c.last * 5 + 9) / 10 then c.lag_us end) as p50_high,
        max(case when c.before <= c.last * 95 / 100 then c.lag_us end) as p95_low,
        max(case when c.before <= (c.last * 95 + 99) / 100 then c.lag_us end) as p95_high
    from counted as c
    left join rules.upload_sla as l on l.event_type = c.node
    group by c.month, c.day, c.node, c.device_id
),
gathered as (
    select
        month,
        day,
        node,
        device_id,
        events,
        on_time,
        accurate,
        cast(null as decimal(38, 10)) as expected,
        cast(null as decimal(38, 10)) as present,
        (p50_low + (p50_high - p50_low) * (last * 5 % 10) / 10.0) / 1000000.0 as lag_p50_s,
        (p95_low + (p95_high - p95_low) * (last * 95 % 100) / 100.0) / 1000000.0 as lag_p95_s
    from measured
    union all
    select
        substr(cast(day as varchar), 1, 7) as month,
        day,
        node,
        cast(null as varchar) as device_id,
        0 as events,
        0 as on_time,
        0 as accurate,
        expected,
        present,
        cast(null as double) as lag_p50_s,
        cast(null as double) as lag_p95_s
    from marts.upload_expectation
)
select
    month,
    day,
    node,
    device_id,
    sum(events) as events,
    sum(on_time) as on_time,
    sum(accurate) as accurate,
    max(expected) as expected,
    max(present) as present,
    max(lag_p50_s) as lag_p50_s,
    max(lag_p95_s) as lag_p95_s
from gathered
group by month, day, node, device_id
