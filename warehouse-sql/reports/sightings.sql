-- Every sighting with where it was, who had the unit, and the territory verdict.
-- title: Sightings
-- title_zh: 扫码落点
-- dimensions: event_id, code, event_type, sighted_at
-- parameters: from date, to date
with asked as (
    select cast($from as date) as from_day, cast($to as date) as to_day
)
select
    s.event_id,
    s.code,
    s.event_type,
    s.sighted_at,
    s.region_code,
    s.region_level,
    s.location_source,
    s.dealer_code,
    s.product_code,
    s.channel,
    s.custody_since,
    s.verdict,
    s.exempt_reason,
    s.rule_version,
    s.device_id,
    s.store_code,
    s.delivery,
    s.order_no,
    s.case_code,
    s.package_code
from marts.sightings as s
cross join asked as a
where
    (a.from_day is null or business_date(s.sighted_at) >= a.from_day)
    and (a.to_day is null or business_date(s.sighted_at) <= a.to_day)
