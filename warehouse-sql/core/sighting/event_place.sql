-- name: core.event_place
-- kind: table
-- partition: piece = bucket(event_id)
-- touched: select bucket(event_id) as piece, event_id from changed.core__scan_event where event_type in ('sell', 'verify', 'open_case', 'purchase_check') union select bucket(e.event_id) as piece, e.event_id from changed.core__store_profile as s join core.scan_event as e on s.store_code = e.store_code where e.event_type in ('sell', 'verify', 'open_case', 'purchase_check')
-- grain: event_id, content_hash
-- Where a sighting took place, by the best evidence it has: a known store; a region given for a store; a fix
-- that is accurate enough, by the region given with it or else by the county it lies in; an address; an IP
-- address, which tells a province at most. A fix without an accuracy is not accurate enough; a position that
-- does not say how it was got is none.
-- columns:
--   piece: piece, by the event
--   event_id: the event
--   content_hash: tells two events with one id apart
--   region_code: as recorded or resolved; empty: unlocated
--   region_level: province, city or county
--   location_source: store, gps, lbs, address or ip
--   place_code: the region under today's codes
--   is_known_store: the event names a store we know
with sighted as (
    select
        e.event_id,
        e.content_hash,
        e.location_source,
        e.accuracy_m,
        case when region_level(e.region_code) is not null then e.region_code end as given,
        resolve_region(e.address) as resolved,
        region_of_point(e.longitude, e.latitude, e.datum, cast(e.accuracy_m as double)) as fixed,
        region_of_ip(e.ip) as of_ip,
        s.region_code as store_region,
        s.store_code is not null as is_known_store
    from core.scan_event as e
    left join core.store_profile as s on s.store_code = e.store_code
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
        event_id,
        content_hash,
        source,
        is_known_store,
        case
            when source = 'store' then coalesce(store_region, given)
            when source in ('gps', 'lbs') then coalesce(given, fixed)
            when source = 'address' and coalesce(location_source, 'address') = 'address' then coalesce(given, resolved)
            when source = 'address' then resolved
            when source = 'ip' and location_source = 'ip' then region_at(coalesce(given, of_ip), 'province')
            when source = 'ip' then of_ip
        end as region_code
    from sourced
)
select
    bucket(event_id) as piece,
    event_id,
    content_hash,
    region_code,
    region_level(region_code) as region_level,
    case when region_code is not null then source end as location_source,
    region_today(region_code) as place_code,
    is_known_store
from located
