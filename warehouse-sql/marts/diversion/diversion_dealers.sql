-- name: marts.diversion_dealers
-- kind: table
-- partition: month
-- touched: select distinct substr(cast(business_date(sighted_at) as varchar), 1, 7) from (select sighted_at from changed.core__sighting group by event_id, content_hash, code, sighted_at, verdict, dealer_code, product_code, place_code, level, device_id, ship_key, case_code, package_code, is_known_store, rule_version having count(*) = 1)
-- grain: dealer_code, month
-- Dealers whose goods were seen outside their territory, per month, over all products and destinations.
-- columns:
--   dealer_code: the dealer
--   month: business month
--   located: sightings in or off territory
--   off_territory: those off territory
--   rate: their share
--   rate_lower: lower bound of the share
--   alerts: cases with an alert
--   destinations: places outside the territory
--   rule_version: the rules that decided
with by_dealer as (
    select
        dealer_code,
        substr(cast(business_date(sighted_at) as varchar), 1, 7) as month,
        count(*) as located,
        sum(case when verdict = 'off_territory' then 1 else 0 end) as off_territory
    from core.sighting
    where verdict in ('in_territory', 'off_territory')
    group by 1, 2
),
cases as (
    select
        dealer_code,
        month,
        sum(case when alert then 1 else 0 end) as alerts,
        count(distinct destination_region) as destinations
    from marts.diversion_cases
    group by dealer_code, month
)
select
    s.dealer_code,
    s.month,
    s.located,
    s.off_territory,
    cast(s.off_territory as double) / s.located as rate,
    wilson_lower(s.off_territory, s.located, d.confidence) as rate_lower,
    c.alerts,
    c.destinations,
    v.rule_version
from by_dealer as s
join cases as c on c.dealer_code = s.dealer_code and c.month = s.month
cross join rules.diversion as d
cross join rules.version as v
