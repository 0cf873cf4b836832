-- name: core.store_profile
-- kind: table
-- grain: store_code
-- One row per store code for whoever joins by code.
-- columns:
--   store_code: the store
--   name: name
--   dealer_code: dealer that serves it
--   region_code: its region code, else its resolved address, as recorded
--   longitude: WGS-84
--   latitude: WGS-84
with ranked as (
    select
        *,
        row_number() over (partition by store_code order by is_deleted, system, source_id) as place
    from core.store
)
select
    store_code,
    name,
    dealer_code,
    coalesce(case when region_level(region_code) is not null then region_code end, resolve_region(address)) as region_code,
    longitude,
    latitude
from ranked
where place = 1
