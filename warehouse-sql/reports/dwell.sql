-- Hours that items took between two nodes, of those that reached the second in the days asked for. Percentiles lie
-- between neighbouring values in proportion.
-- title: Dwell time
-- title_zh: 停留时间
-- dimensions: from_node, to_node, product_code
-- parameters: from date, to date
with asked as (
    select cast($from as date) as from_day, cast($to as date) as to_day
),
taken as (
    select d.from_node, d.to_node, d.product_code, d.dwell_us, sum(d.items) as items
    from marts.dwell as d
    cross join asked as a
    where (a.from_day is null or d.day >= a.from_day) and (a.to_day is null or d.day <= a.to_day)
    group by d.from_node, d.to_node, d.product_code, d.dwell_us
),
total as (
    select from_node, to_node, product_code, sum(items) as items, max(dwell_us) as longest_us
    from taken
    group by from_node, to_node, product_code
),
-- Items in order of their time have the numbers 0 to n - 1.
counted as (
    select
        from_node,
        to_node,
        product_code,
        dwell_us,
        items,
        sum(items) over (
            partition by from_node, to_node, product_code
            order by dwell_us
            rows between unbounded preceding and current row
        ) as behind
    from taken
),
picked as (
    select
        c.from_node,
        c.to_node,
        c.product_code,
        t.items,
        t.longest_us,
        max(case when c.behind - c.items <= (t.items - 1) * 5 / 10 then c.dwell_us end) as p50_low,
        max(case when c.behind - c.items <= ((t.items - 1) * 5 + 9) / 10 then c.dwell_us end) as p50_high,
        max(case when c.behind - c.items <= (t.items - 1) * 9 / 10 then c.dwell_us end) as p90_low,
        max(case when c.behind - c.items <= ((t.items - 1) * 9 + 9) / 10 then c.dwell_us end) as p90_high
    from counted as c
    join total as t
        on t.from_node = c.from_node and t.to_node = c.to_node and (t.product_code is not distinct from c.product_code)
    group by c.from_node, c.to_node, c.product_code, t.items, t.longest_us
)
select
    from_node,
    to_node,
    product_code,
    items,
    (p50_low + (p50_high - p50_low) * ((items - 1) * 5 % 10) / 10.0) / 3600000000.0 as p50_h,
    (p90_low + (p90_high - p90_low) * ((items - 1) * 9 % 10) / 10.0) / 3600000000.0 as p90_h,
    longest_us / 3600000000.0 as max_h
from picked
