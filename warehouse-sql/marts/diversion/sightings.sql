-- name: marts.sightings
-- kind: table
-- partition: bucket = bucket(code)
-- touched: select distinct bucket, code from changed.core__sighting
-- slice: core.sighting
-- grain: event_id, content_hash, code
-- Every sighting with its verdict.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the event
--   content_hash: tells two events with one id apart
--   code: the unit
--   event_type: sell, verify, open_case or purchase_check
--   sighted_at: when
--   region_code: where
--   region_level: province, city or county
--   location_source: store, gps, lbs, address or ip
--   dealer_code: who had the unit
--   product_code: the product
--   channel: channel of the custody
--   custody_since: start of the custody
--   verdict: unlocated, no_custody, no_territory, exempt, in_territory or off_territory
--   exempt_reason: national_channel, buffer_county, staff_device, test_code or visitor_region
--   rule_version: the rules that decided
--   device_id: the device
--   store_code: the store
--   ship_event_id: the last ship
--   delivery: its delivery, else the ship itself
--   order_no: its order
--   case_code: the case the unit was in when shipped
--   package_code: the outermost container when shipped
select
    bucket,
    event_id,
    content_hash,
    code,
    event_type,
    sighted_at,
    region_code,
    region_level,
    location_source,
    dealer_code,
    product_code,
    channel,
    custody_since,
    verdict,
    exempt_reason,
    rule_version,
    device_id,
    store_code,
    ship_event_id,
    ship_key as delivery,
    order_no,
    case_code,
    package_code
from core.sighting
