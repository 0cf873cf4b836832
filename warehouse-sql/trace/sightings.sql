-- Where the unit was seen after it was shipped.
-- parameters: code text
select
    event_id,
    event_type,
    sighted_at,
    region_code,
    region_level,
    location_source,
    dealer_code,
    verdict,
    exempt_reason
from core.sighting
where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
order by sighted_at, type_precedence(event_type), event_id
