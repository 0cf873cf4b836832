-- name: staging.yonyou_u8__employee
-- kind: table
-- expires: select min("dPInValidDate") from current.yonyou_u8__employee where "dPInValidDate" > as_of()
-- grain: system, source_id
-- 职员 Person, of the latest database
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   employee_code: person code
--   org_code: none: an account set is one company
--   name: name
--   status: active or disabled
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("cPersonCode"), '') as employee_code,
    cast(null as varchar) as org_code,
    nullif(trim("cPersonName"), '') as name,
    case when "dPInValidDate" <= as_of() then 'disabled' else 'active' end as status
from current.yonyou_u8__employee
