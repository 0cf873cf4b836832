-- name: marts.case_evidence
-- kind: table
-- partition: bucket = bucket(code)
-- touched: select bucket, code from changed.core__sighting where verdict in ('off_territory', 'exempt') union select bucket(code) as bucket, code from changed.core__shipment where event_type = 'ship'
-- slice: core.sighting, core.shipment
-- grain: event_id, content_hash, code
-- What stands behind diversion cases: every sighting that is off territory, and every exempt one, with the ship that brought
-- the unit to its dealer. Rows of one dealer, product, destination and month are the evidence of that case.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the event
--   content_hash: tells two events with one id apart
--   code: the unit
--   dealer_code: who had the unit
--   product_code: the product
--   destination_region: most detailed region known, of today
--   month: business month
--   verdict: off_territory or exempt
--   exempt_reason: national_channel, buffer_county, staff_device, test_code or visitor_region
--   event_type: sell, verify, open_case or purchase_check
--   sighted_at: when
--   region_code: where, as recorded or resolved
--   region_level: province, city or county
--   location_source: store, gps, lbs, address or ip
--   store_code: the store
--   is_known_store: the store is in the master data
--   device: stands for the device, so that evidence can be handed out without naming whose it is
--   level: level of the unit
--   channel: channel of the custody
--   custody_since: start of the custody, whose territory applies
--   case_code: the case the unit was in when shipped
--   package_code: the outermost container when shipped, as a pallet
--   ship_event_id: the last ship
--   ship_key: its delivery, else the ship itself
--   ship_via_code: the code that ship scanned
--   is_ship_inferred: a container was scanned, not the unit
--   shipped_at: when
--   delivery_no: the delivery
--   order_no: the order
--   rule_version: the rules that decided
--   evidence_hash: SHA-256 of all of this, so that a copy can be held against the original
with shipped as (
    select code, event_id, min(event_time) as shipped_at, min(via_code) as via_code, bool_and(is_inferred) as is_inferred, min(delivery_no) as delivery_no
    from core.shipment
    where event_type = 'ship' and not is_voided
    group by code, event_id
),
found as (
    select
        s.bucket,
        s.event_id,
        s.content_hash,
        s.code,
        s.dealer_code,
        s.product_code,
        s.place_code as destination_region,
        substr(cast(business_date(s.sighted_at) as varchar), 1, 7) as month,
        s.verdict,
        s.exempt_reason,
        s.event_type,
        s.sighted_at,
        s.region_code,
        s.region_level,
        s.location_source,
        s.store_code,
        s.is_known_store,
        substr(encode(sha256(s.device_id), 'hex'), 1, 12) as device,
        s.level,
        s.channel,
        s.custody_since,
        s.case_code,
        s.package_code,
        s.ship_event_id,
        s.ship_key,
        h.via_code as ship_via_code,
        h.is_inferred as is_ship_inferred,
        h.shipped_at,
        h.delivery_no,
        s.order_no,
        s.rule_version
    from core.sighting as s
    left join shipped as h on h.code = s.code and h.event_id = s.ship_event_id
    where s.verdict in ('off_territory', 'exempt')
)
select
    *,
    encode(sha256(concat(
        event_id, '|', content_hash, '|', code, '|', dealer_code, '|', product_code, '|', destination_region, '|', month, '|',
        verdict, '|', exempt_reason, '|', event_type, '|', cast(sighted_at as bigint), '|', region_code, '|', location_source, '|',
        store_code, '|', is_known_store, '|', device, '|', level, '|', channel, '|', cast(custody_since as bigint), '|', case_code, '|',
        package_code, '|', ship_event_id, '|', ship_via_code, '|', is_ship_inferred, '|', cast(shipped_at as bigint), '|',
        delivery_no, '|', order_no, '|', rule_version
    )), 'hex') as evidence_hash
from found
