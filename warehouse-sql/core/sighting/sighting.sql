-- name: core.sighting
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with u as (select code from changed.core__logistic_unit group by code, level having count(*) = 1), a as (select code from changed.core__ancestry group by code, ancestor_code, depth, inside_from, inside_to having count(*) = 1), s as (select code from changed.core__sighted_unit group by code, event_id, content_hash, event_type, sighted_at, store_code, is_known_store, promoter_code, device_id, region_code, region_level, location_source, place_code, level, dealer_code, product_code, channel, custody_since, ruled_on, ship_event_id, shipped_at, ship_key, order_no having count(*) = 1) select bucket(code) as bucket, code from u union select y.bucket, y.code from u join core.ancestry as y on u.code = y.ancestor_code union select bucket(code) as bucket, code from a union select bucket(code) as bucket, code from s
-- slice: core.ancestry, core.sighted_unit
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
with placed as (
    select
        s.event_id,
        s.content_hash,
        s.code,
        s.event_type,
        s.sighted_at,
        s.dealer_code,
        s.product_code,
        p.category,
        s.channel,
        s.ruled_on,
        s.region_code,
        s.region_level,
        s.place_code
    from core.sighted_unit as s
    left join core.product_profile as p on p.product_code = s.product_code
    where s.region_code is not null and s.dealer_code is not null
),
rule as (
    select
        dealer_code,
        product_code,
        category,
        channel,
        valid_from,
        valid_to,
        region_code,
        region_at(region_today(region_code), 'province') as province_code
    from core.territory
    where not is_deleted
),
elsewhere as (
    select s.*
    from placed as s
    left anti join rule as t
        on t.dealer_code = s.dealer_code
        and (t.product_code is null or t.product_code = s.product_code)
        and (t.category is null or t.category = s.category)
        and (t.channel is null or t.channel = s.channel)
        and (t.valid_from is null or t.valid_from <= s.ruled_on)
        and (t.valid_to is null or s.ruled_on <= t.valid_to)
        and case
            when s.region_level = 'province' then t.province_code = region_at(s.place_code, 'province')
            -- Where only the city is known the sighting may lie in any of its counties.
            when s.region_level = 'city'
                then region_covers(t.region_code, s.region_code, s.ruled_on)
                    or region_covers(s.region_code, t.region_code, s.ruled_on)
            else region_covers(t.region_code, s.region_code, s.ruled_on)
        end
),
-- Few sightings lie outside of all that applies: only these are asked whether anything does, and for visitors.
outside as (
    select
        o.event_id,
        o.content_hash,
        o.code,
        bool_or(t.dealer_code is not null) as is_ruled,
        bool_or(v.region_code is not null) as has_visitors
    from elsewhere as o
    left join rule as t
        on t.dealer_code = o.dealer_code
        and (t.product_code is null or t.product_code = o.product_code)
        and (t.category is null or t.category = o.category)
        and (t.channel is null or t.channel = o.channel)
        and (t.valid_from is null or t.valid_from <= o.ruled_on)
        and (t.valid_to is null or o.ruled_on <= t.valid_to)
    left join rules.visitor_region as v
        on o.event_type = 'verify'
        and (v.valid_from is null or v.valid_from <= business_date(o.sighted_at))
        and (v.valid_to is null or business_date(o.sighted_at) <= v.valid_to)
        -- Where less is known the sighting may lie in the region.
        and (
            region_covers(v.region_code, o.region_code, o.ruled_on)
            or region_covers(o.region_code, v.region_code, o.ruled_on)
        )
    group by o.event_id, o.content_hash, o.code
),
buffered as (
    select s.event_id, s.content_hash, s.code
    from core.sighted_unit as s
    left semi join rules.buffer_region as b
        on b.dealer_code = s.dealer_code and region_covers(b.region_code, s.region_code, s.ruled_on)
),
-- What was sighted often was shipped once. The text of a container begins with what it is chosen by: the case before
-- any other, the nearest of them, and the outermost.
chosen as (
    select
        s.code,
        s.shipped_at,
        min(concat(case when u.level = 'case' then '0' else '1' end, a.depth, a.ancestor_code)) as nearest_case,
        max(concat(a.depth, a.ancestor_code)) as outermost
    from (select distinct code, shipped_at from core.sighted_unit where shipped_at is not null) as s
    join core.ancestry as a
        on a.code = s.code
        and a.inside_from <= s.shipped_at
        and (a.inside_to is null or s.shipped_at < a.inside_to)
    left join core.logistic_unit as u on u.code = a.ancestor_code
    group by s.code, s.shipped_at
),
packed as (
    select code, shipped_at, substr(nearest_case, 3) as case_code, substr(outermost, 2) as package_code from chosen
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
-- The left side of a join is held in memory: the sightings pass by.
situated as (
    select s.*, r.code is null as is_inside, r.is_ruled, r.has_visitors
    from outside as r
    right join core.sighted_unit as s
        on r.event_id = s.event_id and r.content_hash = s.content_hash and r.code = s.code
),
judged as (
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
        case when s.level = 'case' then s.code else k.case_code end as case_code,
        coalesce(k.package_code, case when s.ship_event_id is not null then s.code end) as package_code,
        case
            when s.region_code is null then 'unlocated'
            when s.dealer_code is null then 'no_custody'
            when not s.is_ruled then 'no_territory'
            when n.channel is not null or b.code is not null or f.device_id is not null or t.code is not null
                then 'exempt'
            when s.is_inside then 'in_territory'
            when s.has_visitors then 'exempt'
            else 'off_territory'
        end as verdict,
        case
            when n.channel is not null then 'national_channel'
            when b.code is not null then 'buffer_county'
            when f.device_id is not null then 'staff_device'
            when t.code is not null then 'test_code'
            when s.has_visitors then 'visitor_region'
        end as exemption
    from packed as k
    right join situated as s on k.code = s.code and k.shipped_at = s.shipped_at
    left join buffered as b on b.event_id = s.event_id and b.content_hash = s.content_hash and b.code = s.code
    left join national as n on n.channel = s.channel
    left join staff as f on f.device_id = s.device_id
    left join test as t on t.code = s.code
)
select
    j.bucket,
    j.event_id,
    j.content_hash,
    j.code,
    j.event_type,
    j.sighted_at,
    j.store_code,
    j.is_known_store,
    j.promoter_code,
    j.device_id,
    j.region_code,
    j.region_level,
    j.location_source,
    j.place_code,
    j.level,
    j.dealer_code,
    j.product_code,
    j.channel,
    j.custody_since,
    j.ship_event_id,
    j.ship_key,
    j.order_no,
    j.case_code,
    j.package_code,
    j.verdict,
    case when j.verdict = 'exempt' then j.exemption end as exempt_reason,
    v.rule_version
from judged as j
cross join rules.version as v
