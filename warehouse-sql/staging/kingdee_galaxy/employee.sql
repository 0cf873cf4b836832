-- name: staging.kingdee_galaxy__employee
-- kind: table
-- grain: system, source_id
-- 员工 BD_Empinfo
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   employee_code: staff number
--   org_code: using organisation
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
    nullif(trim("FStaffNumber"), '') as employee_code,
    nullif(trim("FUseOrgId__FNumber"), '') as org_code,
    nullif(trim("FName"), '') as name,
    case when "FForbidStatus" = 'B' then 'disabled' when "FDocumentStatus" = 'C' then 'active' else 'draft' end as status
from current.kingdee_galaxy__employee
