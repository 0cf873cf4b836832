-- name: core.sighting
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with u as (select code from changed.core__logistic_unit group by code, level having count(*) = 1), a as (select code from changed.core__ancestry group by code, ancestor_code, depth, inside_from, inside_to having count(*) = 1), s as (select code from changed.core__sighted_unit group by code, event_id, content_hash, event_type, sighted_at, store_code, is_known_store, promoter_code, device_id, region_code, region_level, location_source, place_code, level, dealer_code, product_code, channel, custody_since, ruled_on, ship_event_id, ship_key, order_no having count(*) = 1), h as (select code from changed.core__shipment group by code, event_id, event_type, event_time, is_voided having count(*) = 1) select bucket(code) as bucket, code from u union select y.bucket, y.code from u join core.ancestry as y on u.code = y.ancestor_code union select bucket(code) as bucket, code from a union select bucket(code) as bucket, code from s union select bucket(code) as bucket, code from h
-- slice: core.ancestry, core.sighted_unit, core.shipment
-- grain: event_id, content_hash, code
-- Every sighting (sell, verify, open_case, purchase_check) of a unit with where it was, who had the unit then
-- and what the territory rules say. One row per event and scanned unit. The first verdict that fits
-- decides, exemptions in the order national channel, buffer county, staff device, test code. Territory and
-- region codes are read as of the start of the custody. Evidence of a province only is in territory if
-- it shares the province of a rule. What would be off territory is exempt where and when consumers are visitors: a
-- check of a code says only that somebody brought it there, a sale, an opened case and a purchase that it was stock.
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
--   ship_event_id: the last ship
--   ship_key: its delivery, else the ship itself
--   order_no: its order
--   case_code: the case the unit was in when shipped
--   package_code: the outermost container when shipped, else the unit
--   verdict: unlocated, no_custody, no_territory, exempt, in_territory or off_territory
--   exempt_reason: national_channel, buffer_county, staff_device, test_code or visitor_region
--   rule_version: the rules that decided
with ruled as (
    select
        s.event_id,
        s.content_hash,
        s.code,
        coalesce(bool_or(
            case
                when s.region_level = 'province'
                    then region_at(region_today(t.region_code), 'province') = region_at(s.place_code, 'province')
                -- Where only the city is known the sighting may lie in any of its counties.
                when s.region_level = 'city'
                    then region_covers(t.region_code, s.region_code, s.ruled_on)
                        or region_covers(s.region_code, t.region_code, s.ruled_on)
                else region_covers(t.region_code, s.region_code, s.ruled_on)
            end
        ), false) as is_inside
    from core.sighted_unit as s
    left join core.product_profile as p on p.product_code = s.product_code
    join core.territory as t
        on t.dealer_code = s.dealer_code
        and not t.is_deleted
        and (t.product_code is null or t.product_code = s.product_code)
        and (t.category is null or t.category = p.category)
        and (t.channel is null or t.channel = s.channel)
        and (t.valid_from is null or t.valid_from <= s.ruled_on)
        and (t.valid_to is null or s.ruled_on <= t.valid_to)
    where s.region_code is not null
    group by s.event_id, s.content_hash, s.code
),
buffered as (
    select distinct s.event_id, s.content_hash, s.code
    from core.sighted_unit as s
    join rules.buffer_region as b on b.dealer_code = s.dealer_code
    where region_covers(b.region_code, s.region_code, s.ruled_on)
),
visiting as (
    select distinct s.event_id, s.content_hash, s.code
    from core.sighted_unit as s
    join rules.visitor_region as v
        on (v.valid_from is null or v.valid_from <= business_date(s.sighted_at))
        and (v.valid_to is null or business_date(s.sighted_at) <= v.valid_to)
    where
        s.event_type = 'verify'
        -- Where less is known the sighting may lie in the region.
        and (
            region_covers(v.region_code, s.region_code, s.ruled_on)
            or region_covers(s.region_code, v.region_code, s.ruled_on)
        )
),
shipped as (
    select s.event_id, s.content_hash, s.code, min(h.event_time) as shipped_at
    from core.sighted_unit as s
    join core.shipment as h
        on h.code = s.code and h.event_id = s.ship_event_id and h.event_type = 'ship' and not h.is_voided
    group by s.event_id, s.content_hash, s.code
),
packed as (
    select
        s.event_id,
        s.content_hash,
        s.code,
        first_value(a.ancestor_code order by case when u.level = 'case' then 0 else 1 end, a.depth) as case_code,
        last_value(a.ancestor_code order by a.depth) as package_code
    from shipped as s
    join core.ancestry as a
        on a.code = s.code
        and a.inside_from <= s.shipped_at
        and (a.inside_to is null or s.shipped_at < a.inside_to)
    left join core.logistic_unit as u on u.code = a.ancestor_code
    group by s.event_id, s.content_hash, s.code
),
national as (
    select distinct channel from rules.national_channel
),
staff as (
    select distinct device_id from rules.staff_device
),
test as (
    select distinct normalize_code(code) as code from rules.test_code
),
-- Without the other columns of the sightings, which every join would copy.
judged as (
    select
        s.event_id,
        s.content_hash,
        s.code,
        case when s.level = 'case' then s.code else k.case_code end as case_code,
        coalesce(k.package_code, case when s.ship_event_id is not null then s.code end) as package_code,
        case
            when s.region_code is null then 'unlocated'
            when s.dealer_code is null then 'no_custody'
            when r.code is null then 'no_territory'
            when n.channel is not null or b.code is not null or f.device_id is not null or t.code is not null
                then 'exempt'
            when r.is_inside then 'in_territory'
            when w.code is not null then 'exempt'
            else 'off_territory'
        end as verdict,
        case
            when n.channel is not null then 'national_channel'
            when b.code is not null then 'buffer_county'
            when f.device_id is not null then 'staff_device'
            when t.code is not null then 'test_code'
            when w.code is not null then 'visitor_region'
        end as exemption
    from core.sighted_unit as s
    left join ruled as r on r.event_id = s.event_id and r.content_hash = s.content_hash and r.code = s.code
    left join buffered as b on b.event_id = s.event_id and b.content_hash = s.content_hash and b.code = s.code
    left join visiting as w on w.event_id = s.event_id and w.content_hash = s.content_hash and w.code = s.code
    left join packed as k on k.event_id = s.event_id and k.content_hash = s.content_hash and k.code = s.code
    left join national as n on n.channel = s.channel
    left join staff as f on f.device_id = s.device_id
    left join test as t on t.code = s.code
)
select
    s.bucket,
    s.event_id,
    s.content_hash,
    s.code,
    s.event_type,
    s.sighted_at,
    s.store_code,
    s.is_known_store,
    s.promoter_code,
    s.device_id,
    s.region_code,
    s.region_level,
    s.location_source,
    s.place_code,
    s.level,
    s.dealer_code,
    s.product_code,
    s.channel,
    s.custody_since,
    s.ship_event_id,
    s.ship_key,
    s.order_no,
    j.case_code,
    j.package_code,
    j.verdict,
    case when j.verdict = 'exempt' then j.exemption end as exempt_reason,
    v.rule_version
from judged as j
join core.sighted_unit as s on s.event_id = j.event_id and s.content_hash = j.content_hash and s.code = j.code
cross join rules.version as v
