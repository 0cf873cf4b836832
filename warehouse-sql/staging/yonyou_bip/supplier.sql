-- name: staging.yonyou_bip__supplier
-- kind: table
-- grain: system, source_id
-- 供应商 vendor/list
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   supplier_code: vendor code
--   master_id: the same for one master allotted to several organisations
--   org_code: using organisation
--   name: name
--   address: in the detail reply only
--   status: active or disabled
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as supplier_code,
    cast("id" as varchar) as master_id,
    nullif(trim("org"), '') as org_code,
    nullif(trim("name"), '') as name,
    cast(null as varchar) as address,
    case when lower("freezestatus") in ('true', '1') then 'disabled' else 'active' end as status
from current.yonyou_bip__supplier
