-- name: staging.yonyou_u8__product
-- kind: table
-- expires: select min("dEDate") from current.yonyou_u8__product where "dEDate" > as_of()
-- grain: system, source_id
-- 存货 Inventory, of the latest database
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   product_code: inventory code
--   master_id: none: a master stands once
--   org_code: none: an account set is one company
--   name: name
--   spec: specification
--   category: name of the class, else its code
--   base_unit: name of the main unit
--   items_per_case: of the sales or auxiliary unit, if its name says that it is a case
--   cases_per_pallet: not a standard field; map the custom field here
--   trace_level: not a standard field; map the custom field here
--   status: active, or disabled from the stop date on
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."cInvCode"), '') as product_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim(m."cInvName"), '') as name,
    nullif(trim(m."cInvStd"), '') as spec,
    coalesce(nullif(trim(k."cInvCName"), ''), nullif(trim(m."cInvCCode"), '')) as category,
    coalesce(nullif(trim(b."cComUnitName"), ''), nullif(trim(m."cComUnitCode"), '')) as base_unit,
    case
        when lower(trim(a."cComUnitName")) in ('箱', '件', 'case', 'cs', 'ctn', 'xiang', 'jian') or trim(a."cComUnitName") like '箱%'
            then cast(a."iChangRate" as decimal(28, 10))
    end as items_per_case,
    cast(null as decimal(28, 10)) as cases_per_pallet,
    cast(null as varchar) as trace_level,
    case when m."dEDate" <= as_of() then 'disabled' else 'active' end as status
from current.yonyou_u8__product as m
left join current.yonyou_u8__product_class as k
    on k._system = m._system and k."cInvCCode" = m."cInvCCode"
left join current.yonyou_u8__unit as b
    on b._system = m._system and b."cComunitCode" = m."cComUnitCode"
left join current.yonyou_u8__unit as a
    on a._system = m._system
    and a."cComunitCode" = coalesce(
        nullif(trim(m."cSAComUnitCode"), ''), nullif(trim(m."cAssComUnitCode"), '')
    )
