-- How completely and how timely dealers report, by month: what rebates for data are paid by. `expected` are the items
-- shipped to the dealer, without those that may still be on the way; the score is completeness times timeliness.
-- title: Dealer scorecard
-- title_zh: 经销商评分
-- dimensions: dealer_code, month
-- parameters: from date, to date
with asked as (
    select cast($from as date) as from_day, cast($to as date) as to_day
),
counted as (
    select
        s.dealer_code,
        substr(cast(s.day as varchar), 1, 7) as month,
        sum(s.shipped) as shipped,
        sum(
            case
                when cast(s.day as int) + r.transit_days < cast(business_date(as_of()) as int) then s.shipped
                else s.received
            end
        ) as expected,
        sum(s.received) as received,
        sum(s.events) as events,
        sum(s.on_time) as on_time,
        sum(s.accurate) as accurate
    from marts.dealer_scorecard as s
    cross join rules.recall as r
    cross join asked as a
    where (a.from_day is null or s.day >= a.from_day) and (a.to_day is null or s.day <= a.to_day)
    group by 1, 2
),
rated as (
    select
        *,
        cast(received as double) / nullif(expected, 0) as completeness,
        cast(on_time as double) / nullif(events, 0) as timeliness,
        cast(accurate as double) / nullif(events, 0) as accuracy
    from counted
)
select
    c.dealer_code,
    c.month,
    c.shipped,
    c.expected,
    c.received,
    c.completeness,
    c.events,
    c.on_time,
    c.timeliness,
    c.accurate,
    c.accuracy,
    c.completeness * c.timeliness as score,
    v.rule_version
from rated as c
cross join rules.version as v
