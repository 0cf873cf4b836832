-- name: staging.kingdee_galaxy__warehouse
-- kind: table
-- grain: system, source_id
-- 仓库 BD_STOCK
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   warehouse_code: stock number
--   master_id: the same for one master allotted to several organisations
--   org_code: using organisation
--   name: name
--   address: address
--   region_code: none in Kingdee
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FNumber"), '') as warehouse_code,
    cast(nullif("FMASTERID", 0) as varchar) as master_id,
    nullif(trim("FUseOrgId__FNumber"), '') as org_code,
    nullif(trim("FName"), '') as name,
    nullif(trim("FAddress"), '') as address,
    cast(null as varchar) as region_code
from current.kingdee_galaxy__warehouse
