-- name: core.event_place
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with e as (select code from changed.core__event_code where event_type in ('sell', 'verify', 'open_case', 'purchase_check') group by code, event_id, content_hash, event_type, event_time, is_voided, store_code, promoter_code, device_id, product_code, longitude, latitude, datum, accuracy_m, location_source, region_code, address, ip having count(*) = 1), s as (select e.code from changed.core__store_profile as s join core.event_code as e on s.store_code = e.store_code where e.event_type in ('sell', 'verify', 'open_case', 'purchase_check')) select distinct bucket(code) as bucket, code from (select code from e union all select code from s)
-- slice: core.event_code
-- grain: event_id, content_hash, code
-- Every scan of a unit that tells where it was, and where that is, by the best evidence it has: a known store; a region given for a store; a fix
-- that is accurate enough, by the region given with it or else by the county it lies in; an address; an IP
-- address, which tells a province at most. A fix without an accuracy is not accurate enough; a position that
-- does not say how it was got is none.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the event
--   content_hash: tells two events with one id apart
--   code: the unit
--   event_type: sell, verify, open_case or purchase_check
--   event_time: when
--   store_code: the store, as given
--   promoter_code: the promoter
--   device_id: the device
--   product_code: the product, as given
--   region_code: as recorded or resolved; empty: unlocated
--   region_level: province, city or county
--   location_source: store, gps, lbs, address or ip
--   place_code: the region under today's codes
--   is_known_store: the event names a store we know
with sighted as (
    select
        e.bucket,
        e.event_id,
        e.content_hash,
        e.code,
        e.event_type,
        e.event_time,
        e.store_code,
        e.promoter_code,
        e.device_id,
        e.product_code,
        e.location_source,
        e.accuracy_m,
        case when region_level(e.region_code) is not null then e.region_code end as given,
        resolve_region(e.address) as resolved,
        region_of_point(e.longitude, e.latitude, e.datum, cast(e.accuracy_m as double)) as fixed,
        region_of_ip(e.ip) as of_ip,
        s.region_code as store_region,
        s.store_code is not null as is_known_store
    -- The left side of a join is held in memory: it is the small one.
    from core.store_profile as s
    right join core.event_code as e on s.store_code = e.store_code
    where
        e.event_type in ('sell', 'verify', 'open_case', 'purchase_check')
        and not e.is_voided
        and e.event_time is not null
),
sourced as (
    select
        s.*,
        case
            when s.store_region is not null then 'store'
            when s.given is not null and s.location_source = 'store' then 'store'
            when
                s.given is not null
                and s.location_source in ('gps', 'lbs')
                and s.accuracy_m <= r.gps_accuracy_max_m
                then s.location_source
            when
                s.given is null
                and s.fixed is not null
                and s.location_source in ('gps', 'lbs')
                and s.accuracy_m <= r.gps_accuracy_max_m
                then s.location_source
            when s.given is not null and coalesce(s.location_source, 'address') = 'address' then 'address'
            when s.resolved is not null then 'address'
            when s.given is not null and s.location_source = 'ip' then 'ip'
            when s.of_ip is not null then 'ip'
        end as source
    from sighted as s
    cross join rules.sighting as r
),
located as (
    select
        s.*,
        case
            when source = 'store' then coalesce(store_region, given)
            when source in ('gps', 'lbs') then coalesce(given, fixed)
            when source = 'address' and coalesce(location_source, 'address') = 'address' then coalesce(given, resolved)
            when source = 'address' then resolved
            when source = 'ip' and location_source = 'ip' then region_at(coalesce(given, of_ip), 'province')
            when source = 'ip' then of_ip
        end as region_code
    from sourced as s
)
select
    bucket,
    event_id,
    content_hash,
    code,
    event_type,
    event_time,
    store_code,
    promoter_code,
    device_id,
    product_code,
    region_code,
    region_level(region_code) as region_level,
    case when region_code is not null then source end as location_source,
    region_today(region_code) as place_code,
    is_known_store
from located
