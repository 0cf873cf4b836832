-- name: staging.kingdee_k3_wise__employee
-- kind: table
-- grain: system, source_id
-- 职员 t_Emp, leaves only
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   employee_code: staff number
--   org_code: none: one database is one company
--   name: name
--   status: active or disabled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."FNumber"), '') as employee_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."FName"), '') as name,
    case when i."FDeleted" <> 0 then 'disabled' else 'active' end as status
from current.kingdee_k3_wise__employee as m
left join current.kingdee_k3_wise__item as i
    on i._system = m._system and i."FItemID" = m."FItemID" and i."FItemClassID" = 3
where i."FDetail" is not false
