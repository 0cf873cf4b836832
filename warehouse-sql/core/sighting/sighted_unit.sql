-- name: core.sighted_unit
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with p as (select code from changed.core__event_place group by code, event_id, content_hash, event_type, event_time, store_code, promoter_code, device_id, product_code, region_code, region_level, location_source, place_code, is_known_store having count(*) = 1), u as (select code from changed.core__unit group by code, level, product_code having count(*) = 1), k as (select code from changed.core__custody group by code, dealer_code, held_from, held_to, held_since, channel, start_event_id, is_inferred, ship_event_id, shipped_at, ship_via_code, delivery_no, order_no, continues having count(*) = 1) select distinct bucket(code) as bucket, code from (select code from p union all select code from u union all select code from k)
-- slice: core.event_place, core.unit, core.custody
-- grain: event_id, content_hash, code
-- Every sighting of a unit with where it was and who had the unit at that moment.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the event
--   content_hash: tells two events with one id apart
--   code: the unit
--   event_type: sell, verify, open_case or purchase_check
--   sighted_at: when
--   store_code: the store, as given
--   is_known_store: the store is in the master data
--   promoter_code: the promoter
--   device_id: the device
--   region_code: where, as recorded or resolved
--   region_level: province, city or county
--   location_source: store, gps, lbs, address or ip
--   place_code: where, under today's codes
--   level: level of the unit
--   dealer_code: who had the unit
--   product_code: the product
--   channel: channel of the custody
--   custody_since: start of the custody
--   ruled_on: business day of that start, whose territory and region codes apply
--   ship_event_id: the last ship
--   shipped_at: when that was
--   ship_key: its delivery, else the ship itself
--   order_no: its order
with placed as (
    select
        p.bucket,
        p.event_id,
        p.content_hash,
        p.code,
        p.event_type,
        p.event_time as sighted_at,
        p.store_code,
        p.is_known_store,
        p.promoter_code,
        p.device_id,
        p.product_code,
        p.region_code,
        p.region_level,
        p.location_source,
        p.place_code,
        k.dealer_code,
        k.channel,
        k.held_since,
        k.ship_event_id,
        k.shipped_at,
        k.delivery_no,
        k.order_no
    from core.event_place as p
    left join core.custody as k
        on k.code = p.code
        and k.held_from <= p.event_time
        and (k.held_to is null or p.event_time < k.held_to)
)
select
    p.bucket,
    p.event_id,
    p.content_hash,
    p.code,
    p.event_type,
    p.sighted_at,
    p.store_code,
    p.is_known_store,
    p.promoter_code,
    p.device_id,
    p.region_code,
    p.region_level,
    p.location_source,
    p.place_code,
    u.level,
    p.dealer_code,
    coalesce(u.product_code, p.product_code) as product_code,
    p.channel,
    p.held_since as custody_since,
    business_date(p.held_since) as ruled_on,
    p.ship_event_id,
    p.shipped_at,
    coalesce(p.delivery_no, p.ship_event_id) as ship_key,
    p.order_no
-- The left side of a join is held in memory: units are narrow, and the sightings pass by.
from core.unit as u
right join placed as p on u.code = p.code
