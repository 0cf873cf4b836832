-- name: marts.diversion_cases
-- kind: table
-- partition: month
-- touched: select distinct substr(cast(business_date(sighted_at) as varchar), 1, 7) from (select sighted_at from changed.core__sighting group by event_id, content_hash, code, sighted_at, verdict, dealer_code, product_code, place_code, level, device_id, ship_key, case_code, package_code, is_known_store, rule_version having count(*) = 1)
-- grain: dealer_code, product_code?, destination_region, month
-- Goods of a dealer seen in one place outside its territory, per product and month. `located` counts all
-- sightings of that dealer, product and month that are in or off territory, over all destinations;
-- exempt ones are in neither and are counted here by destination. The grade stands on evidence whether or
-- not there is an alert: A an inspector bought it or a known store opened the case; B three items of one
-- case or shipment were seen there by two devices; C an alert without either; D the rest.
-- columns:
--   dealer_code: the dealer
--   product_code: the product
--   destination_region: most detailed region known, of today
--   month: business month
--   located: sightings in or off territory, over all destinations
--   off_territory: those off territory here
--   rate: their share
--   rate_lower: lower bound of the share
--   packages: outermost containers they were shipped in
--   shipments: shipments they came from
--   devices: devices that saw them
--   exempted: exempt sightings here
--   grade: A, B, C or D
--   alert: enough items and a share above the limit
--   rule_version: the rules that decided
with seen as (
    select
        dealer_code,
        product_code,
        place_code as destination_region,
        substr(cast(business_date(sighted_at) as varchar), 1, 7) as month,
        verdict,
        event_type,
        is_known_store,
        code,
        level,
        device_id,
        ship_key,
        case_code,
        package_code
    from core.sighting
    where verdict in ('in_territory', 'off_territory', 'exempt')
),
by_destination as (
    select
        dealer_code,
        product_code,
        destination_region,
        month,
        sum(case when verdict <> 'exempt' then 1 else 0 end) as located_here,
        sum(case when verdict = 'off_territory' then 1 else 0 end) as off_territory,
        sum(case when verdict = 'exempt' then 1 else 0 end) as exempted,
        bool_or(
            verdict = 'off_territory'
            and (event_type = 'purchase_check' or (event_type = 'open_case' and is_known_store))
        ) as is_inspected
    from seen
    group by dealer_code, product_code, destination_region, month
),
counted as (
    select
        dealer_code,
        product_code,
        destination_region,
        month,
        sum(located_here) over (partition by dealer_code, product_code, month) as located,
        off_territory,
        exempted,
        is_inspected
    from by_destination
),
off as (
    select * from seen where verdict = 'off_territory'
),
-- Each once, and then counted: sets of a group of their own do not fit into memory.
named as (
    select distinct
        o.dealer_code,
        o.product_code,
        o.destination_region,
        o.month,
        k.kind,
        case k.kind when 'package' then o.package_code when 'shipment' then o.ship_key else o.device_id end as name
    from (values ('package'), ('shipment'), ('device')) as k (kind)
    cross join off as o
),
evidence as (
    select
        dealer_code,
        product_code,
        destination_region,
        month,
        sum(case when kind = 'package' then 1 else 0 end) as packages,
        sum(case when kind = 'shipment' then 1 else 0 end) as shipments,
        sum(case when kind = 'device' then 1 else 0 end) as devices
    from named
    where name is not null
    group by dealer_code, product_code, destination_region, month
),
cluster as (
    select
        o.dealer_code,
        o.product_code,
        o.destination_region,
        o.month,
        o.code,
        o.device_id,
        k.kind,
        case k.kind when 'case' then o.case_code else o.ship_key end as name
    from (values ('case'), ('shipment')) as k (kind)
    cross join off as o
    where o.level = 'item'
),
concentrated as (
    select distinct dealer_code, product_code, destination_region, month
    from (
        select dealer_code, product_code, destination_region, month, kind, name
        from (
            select
                dealer_code,
                product_code,
                destination_region,
                month,
                kind,
                name,
                code,
                min(device_id) as first_device,
                max(device_id) as last_device
            from cluster
            where name is not null
            group by dealer_code, product_code, destination_region, month, kind, name, code
        ) as i
        group by dealer_code, product_code, destination_region, month, kind, name
        having count(*) >= 3 and min(first_device) <> max(last_device)
    ) as c
),
bounded as (
    select
        c.dealer_code,
        c.product_code,
        c.destination_region,
        c.month,
        c.located,
        c.off_territory,
        cast(c.off_territory as double) / c.located as rate,
        wilson_lower(c.off_territory, c.located, d.confidence) as rate_lower,
        d.min_items,
        d.rate_limit,
        c.exempted,
        c.is_inspected
    from counted as c
    cross join rules.diversion as d
    where c.off_territory >= 1
),
alerted as (
    select *, off_territory >= min_items and rate_lower > rate_limit as alert from bounded
)
select
    a.dealer_code,
    a.product_code,
    a.destination_region,
    a.month,
    a.located,
    a.off_territory,
    a.rate,
    a.rate_lower,
    coalesce(e.packages, 0) as packages,
    coalesce(e.shipments, 0) as shipments,
    coalesce(e.devices, 0) as devices,
    a.exempted,
    case
        when a.is_inspected then 'A'
        when k.month is not null then 'B'
        when a.alert then 'C'
        else 'D'
    end as grade,
    a.alert,
    v.rule_version
from alerted as a
left join evidence as e
    on e.dealer_code = a.dealer_code
    and (e.product_code is not distinct from a.product_code)
    and e.destination_region = a.destination_region
    and e.month = a.month
left join concentrated as k
    on k.dealer_code = a.dealer_code
    and (k.product_code is not distinct from a.product_code)
    and k.destination_region = a.destination_region
    and k.month = a.month
cross join rules.version as v
