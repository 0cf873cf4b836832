-- name: staging.kingdee_k3_wise__product
-- kind: table
-- grain: system, source_id
-- 物料 t_ICItem, leaves only: group rows (t_Item.FDetail = 0) are passed over
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   product_code: material number
--   master_id: none: a master stands once
--   org_code: none: one database is one company
--   name: name
--   spec: specification
--   category: name of the group above
--   base_unit: name of the base unit
--   items_per_case: of the sales unit, if its name says that it is a case
--   cases_per_pallet: not a standard field; map the custom field here
--   trace_level: not a standard field; map the custom field here
--   status: active or disabled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."FNumber"), '') as product_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim(m."FName"), '') as name,
    nullif(trim(m."FModel"), '') as spec,
    nullif(trim(g."FName"), '') as category,
    nullif(trim(b."FName"), '') as base_unit,
    case
        when lower(trim(s."FName")) in ('箱', '件', 'case', 'cs', 'ctn', 'xiang', 'jian') or trim(s."FName") like '箱%'
            then cast(s."FCoefficient" as decimal(28, 10))
    end as items_per_case,
    cast(null as decimal(28, 10)) as cases_per_pallet,
    cast(null as varchar) as trace_level,
    case when m."FDeleted" <> 0 or i."FDeleted" <> 0 then 'disabled' else 'active' end as status
from current.kingdee_k3_wise__product as m
left join current.kingdee_k3_wise__item as i
    on i._system = m._system and i."FItemID" = m."FItemID" and i."FItemClassID" = 4
left join current.kingdee_k3_wise__item as g
    on g._system = i._system and g."FItemID" = i."FParentID" and g."FItemClassID" = 4
left join current.kingdee_k3_wise__unit as b
    on b._system = m._system and b."FMeasureUnitID" = m."FUnitID"
left join current.kingdee_k3_wise__unit as s
    on s._system = m._system and s."FMeasureUnitID" = m."FSaleUnitID"
where i."FDetail" is not false
