-- name: core.dealer_profile
-- kind: table
-- grain: dealer_code
-- One row per dealer code for whoever joins by code; of several systems the first by name speaks.
-- columns:
--   dealer_code: the dealer
--   name: name
--   channel: channel
--   parent_dealer_code: dealer above
--   region_code: its region code, else its resolved address, as a code of today
with ranked as (
    select
        *,
        row_number() over (partition by dealer_code order by is_deleted, system, source_id) as place
    from core.dealer
)
select
    dealer_code,
    name,
    channel,
    parent_dealer_code,
    region_today(coalesce(case when region_level(region_code) is not null then region_code end, resolve_region(address))) as region_code
from ranked
where place = 1
