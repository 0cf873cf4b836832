-- name: core.claim_place
-- kind: table
-- partition: month
-- grain: event_id, content_hash
-- For which store a promoter claims, and how far from it. The store is the one the sell names, else the one the
-- promoter works at. The dealer is the one that serves the store, else the one the promoter works for.
-- What an IP address tells is no position, and neither is the point where both coordinates are zero. A position
-- without an accuracy is at best as inaccurate as the rules let locate a sighting: only far outside is it
-- out of the store, and only within the radius is it at the store.
-- columns:
--   month: month of the event in UTC
--   event_id: the sell
--   content_hash: tells two events with one id apart
--   store_code: the store
--   dealer_code: who serves it
--   distance_m: between position and store
--   accuracy_m: of the position
--   objection: out_of_store or no_location; empty: at the store
with claim as (
    select
        month,
        event_id,
        content_hash,
        promoter_code,
        store_code,
        case when (location_source is distinct from 'ip') and (longitude <> 0 or latitude <> 0) then longitude end as longitude,
        latitude,
        datum,
        accuracy_m
    from core.scan_event
    where event_type = 'sell' and promoter_code is not null and not is_voided and event_time is not null
),
attributed as (
    select
        c.month,
        c.event_id,
        c.content_hash,
        coalesce(c.store_code, p.store_code) as store_code,
        p.dealer_code,
        c.longitude,
        c.latitude,
        c.datum,
        c.accuracy_m
    from claim as c
    left join core.promoter_profile as p on p.promoter_code = c.promoter_code
),
measured as (
    select
        a.month,
        a.event_id,
        a.content_hash,
        a.store_code,
        coalesce(s.dealer_code, a.dealer_code) as dealer_code,
        distance_m(
            a.longitude,
            a.latitude,
            a.datum,
            cast(s.longitude as double),
            cast(s.latitude as double)
        ) as distance_m,
        a.accuracy_m
    from attributed as a
    left join core.store_profile as s on s.store_code = a.store_code
)
select
    m.month,
    m.event_id,
    m.content_hash,
    m.store_code,
    m.dealer_code,
    m.distance_m,
    m.accuracy_m,
    case
        when m.distance_m - coalesce(m.accuracy_m, g.gps_accuracy_max_m) > r.radius_m then 'out_of_store'
        when m.distance_m is null or (m.accuracy_m is null and m.distance_m > r.radius_m) then 'no_location'
    end as objection
from measured as m
cross join rules.promoter as r
cross join rules.sighting as g
