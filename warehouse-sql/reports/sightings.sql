-- Every sighting with where it was, who had the unit, and the territory verdict.
-- title: Sightings
-- title_zh: 扫码落点
-- dimensions: event_id, code, event_type, sighted_at
-- parameters: from date, to date
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
where
    -- Against the instants themselves, so that sightings of other days are not read.
    (cast($from as date) is null or s.sighted_at >= business_midnight(cast($from as date)))
    and (
        cast($to as date) is null
        or s.sighted_at < business_midnight(cast(cast($to as date) + interval '1 day' as date))
    )
