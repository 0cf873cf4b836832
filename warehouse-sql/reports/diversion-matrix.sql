-- From where to where goods went astray: the region of the dealer against the region they were seen in, outside of the
-- dealer's territory. `region_code` of today at the level asked for; empty: not known at that level.
-- title: Diversion from where to where
-- title_zh: 窜货流向
-- dimensions: month, source_region, destination_region
-- parameters: from date, to date, level text
with asked as (
    select
        substr(cast(cast($from as date) as varchar), 1, 7) as from_month,
        substr(cast(cast($to as date) as varchar), 1, 7) as to_month,
        cast($level as varchar) as level
),
placed as (
    select
        c.month,
        region_at(d.region_code, a.level) as source_region,
        region_at(c.destination_region, a.level) as destination_region,
        c.dealer_code,
        c.product_code,
        c.off_territory,
        c.exempted,
        c.alert,
        c.rule_version
    from marts.diversion_cases as c
    cross join asked as a
    left join core.dealer_profile as d on d.dealer_code = c.dealer_code
    where (a.from_month is null or c.month >= a.from_month) and (a.to_month is null or c.month <= a.to_month)
),
summed as (
    select
        month,
        source_region,
        destination_region,
        sum(off_territory) as off_territory,
        count(distinct dealer_code) as dealers,
        count(distinct product_code) as products,
        count(*) as cases,
        sum(case when alert then 1 else 0 end) as alerts,
        sum(exempted) as exempted,
        max(rule_version) as rule_version
    from placed
    group by month, source_region, destination_region
)
select
    s.month,
    s.source_region,
    s.destination_region,
    f.name as source_name,
    t.name as destination_name,
    s.off_territory,
    s.dealers,
    s.products,
    s.cases,
    s.alerts,
    s.exempted,
    s.rule_version
from summed as s
left join core.region_name as f on f.region_code = s.source_region
left join core.region_name as t on t.region_code = s.destination_region
