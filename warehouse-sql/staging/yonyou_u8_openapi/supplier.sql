-- name: staging.yonyou_u8_openapi__supplier
-- kind: table
-- grain: system, source_id
-- 供应商档案 vendor over U8 OpenAPI
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   supplier_code: vendor code
--   master_id: U8 has one company per account
--   org_code: U8 has one company per account
--   name: name
--   address: where goods are received from
--   status: active or disabled: an end date is set
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as supplier_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim("name"), '') as name,
    nullif(trim("receive_site"), '') as address,
    case when "end_date" is not null then 'disabled' else 'active' end as status
from current.yonyou_u8_openapi__supplier
