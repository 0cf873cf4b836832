-- name: staging.kingdee_k3_wise__dealer
-- kind: table
-- grain: system, source_id
-- 客户 t_Organization, leaves only
-- The area (区域) is put before an address that does not begin with it: many sites keep the province there.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   dealer_code: customer number
--   master_id: none: a master stands once
--   org_code: none: one database is one company
--   name: name
--   level: not a standard field
--   parent_dealer_code: not a standard field
--   address: area, then the address text
--   region_code: K/3 has no official region code; the address is resolved
--   channel: name of the customer group above
--   status: active or disabled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."FNumber"), '') as dealer_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim(m."FName"), '') as name,
    cast(null as varchar) as level,
    cast(null as varchar) as parent_dealer_code,
    nullif(concat(
        case
            when starts_with(coalesce(trim(m."FAddress"), ''), coalesce(trim(r."FName"), '')) then ''
            else trim(r."FName")
        end,
        coalesce(trim(m."FAddress"), '')
    ), '') as address,
    cast(null as varchar) as region_code,
    nullif(trim(g."FName"), '') as channel,
    case when m."FDeleted" <> 0 or i."FDeleted" <> 0 then 'disabled' else 'active' end as status
from current.kingdee_k3_wise__dealer as m
left join current.kingdee_k3_wise__item as i
    on i._system = m._system and i."FItemID" = m."FItemID" and i."FItemClassID" = 1
left join current.kingdee_k3_wise__item as g
    on g._system = i._system and g."FItemID" = i."FParentID" and g."FItemClassID" = 1
left join current.kingdee_k3_wise__submessage as r
    on r._system = m._system and r."FInterID" = m."FRegionID"
where i."FDetail" is not false
