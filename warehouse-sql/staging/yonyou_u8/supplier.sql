-- name: staging.yonyou_u8__supplier
-- kind: table
-- expires: select min("dEndDate") from current.yonyou_u8__supplier where "dEndDate" > as_of()
-- grain: system, source_id
-- 供应商 Vendor, of the latest database
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   supplier_code: vendor code
--   master_id: none: a master stands once
--   org_code: none: an account set is one company
--   name: name, else the short one
--   address: address
--   status: active or disabled
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("cVenCode"), '') as supplier_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    coalesce(nullif(trim("cVenName"), ''), nullif(trim("cVenAbbName"), '')) as name,
    nullif(trim("cVenAddress"), '') as address,
    case when "dEndDate" <= as_of() then 'disabled' else 'active' end as status
from current.yonyou_u8__supplier
