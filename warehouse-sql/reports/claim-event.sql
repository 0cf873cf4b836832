-- The scan behind a promoter's claim, as it came.
-- title: Scan of a claim
-- title_zh: 核销扫码
-- dimensions: event_id
select
    event_id,
    content_hash,
    event_type,
    event_time,
    recorded_at,
    store_code,
    promoter_code,
    device_id,
    operator,
    order_no,
    longitude,
    latitude,
    accuracy_m,
    datum,
    location_source,
    region_code,
    address
from core.scan_event
where event_type = 'sell'
