-- name: staging.yonyou_bip__employee
-- kind: table
-- grain: system, source_id
-- 员工 staff/listForApi
-- enable is 0 未启用, 1 启用, 2 停用.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   employee_code: staff code
--   org_code: organisation
--   name: name
--   status: active, disabled or draft
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as employee_code,
    nullif(trim("org_id"), '') as org_code,
    nullif(trim("name"), '') as name,
    case "enable" when '1' then 'active' when '2' then 'disabled' else 'draft' end as status
from current.yonyou_bip__employee
