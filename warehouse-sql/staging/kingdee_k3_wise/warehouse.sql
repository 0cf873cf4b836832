-- name: staging.kingdee_k3_wise__warehouse
-- kind: table
-- grain: system, source_id
-- 仓库 t_Stock, leaves only
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   warehouse_code: stock number
--   master_id: none: a master stands once
--   org_code: none: one database is one company
--   name: name
--   address: address
--   region_code: none in K/3
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."FNumber"), '') as warehouse_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim(m."FName"), '') as name,
    nullif(trim(m."FAddress"), '') as address,
    cast(null as varchar) as region_code
from current.kingdee_k3_wise__warehouse as m
left join current.kingdee_k3_wise__item as i
    on i._system = m._system and i."FItemID" = m."FItemID" and i."FItemClassID" = 5
where i."FDetail" is not false
