-- Dealers whose goods were seen outside their territory, per month.
-- title: Diversion by dealer
-- title_zh: 经销商窜货
-- dimensions: dealer_code, month
-- parameters: from date, to date
with asked as (
    select
        substr(cast(cast($from as date) as varchar), 1, 7) as from_month,
        substr(cast(cast($to as date) as varchar), 1, 7) as to_month
)
select
    d.dealer_code,
    d.month,
    d.located,
    d.off_territory,
    d.rate,
    d.rate_lower,
    d.alerts,
    d.destinations,
    d.rule_version
from marts.diversion_dealers as d
cross join asked as a
where (a.from_month is null or d.month >= a.from_month) and (a.to_month is null or d.month <= a.to_month)
