-- name: core.promoter_profile
-- kind: table
-- grain: promoter_code
-- One row per promoter code for whoever joins by code; of several systems the first by name speaks.
-- columns:
--   promoter_code: the promoter
--   name: name
--   store_code: the store worked at
--   dealer_code: the dealer worked for
with ranked as (
    select
        *,
        row_number() over (partition by promoter_code order by is_deleted, system, source_id) as place
    from core.promoter
)
select
    promoter_code,
    name,
    store_code,
    dealer_code
from ranked
where place = 1
