-- name: staging.yonyou_u8_openapi__warehouse
-- kind: table
-- grain: system, source_id
-- 仓库档案 warehouse over U8 OpenAPI
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   warehouse_code: warehouse code
--   master_id: U8 has one company per account
--   org_code: U8 has one company per account
--   name: name
--   address: OpenAPI documents no address of a warehouse
--   region_code: none in U8
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as warehouse_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim("name"), '') as name,
    cast(null as varchar) as address,
    cast(null as varchar) as region_code
from current.yonyou_u8_openapi__warehouse
