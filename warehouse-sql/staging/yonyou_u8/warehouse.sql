-- name: staging.yonyou_u8__warehouse
-- kind: table
-- grain: system, source_id
-- 仓库 Warehouse, of the latest database
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   warehouse_code: warehouse code
--   master_id: none: a master stands once
--   org_code: none: an account set is one company
--   name: name
--   address: address
--   region_code: none in U8
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("cWhCode"), '') as warehouse_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim("cWhName"), '') as name,
    nullif(trim("cWhAddress"), '') as address,
    cast(null as varchar) as region_code
from current.yonyou_u8__warehouse
