-- Events that devices numbered and nobody received, by the day after which they are missing.
-- title: Missing numbers of devices
-- title_zh: 设备漏传
-- dimensions: device_id, missing_from
-- parameters: from date, to date
select
    device_id,
    missing_from,
    missing_to,
    missing,
    recorded_before,
    recorded_after
from marts.device_gap
where
    (cast($from as date) is null or recorded_after >= business_midnight(cast($from as date)))
    and (
        cast($to as date) is null
        or recorded_after < business_midnight(cast(cast($to as date) + interval '1 day' as date))
    )
