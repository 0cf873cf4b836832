-- name: staging.yonyou_u8_eai__employee
-- kind: table
-- grain: system, source_id
-- 人员档案 person over U8 EAI
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   employee_code: person code
--   org_code: U8 has one company per account
--   name: name
--   status: EAI shows no end of service
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as employee_code,
    cast(null as varchar) as org_code,
    nullif(trim("name"), '') as name,
    'active' as status
from current.yonyou_u8_eai__employee
