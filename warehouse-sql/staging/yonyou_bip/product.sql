-- name: staging.yonyou_bip__product
-- kind: table
-- grain: system, source_id
-- 物料 listproductbycondition V2
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   product_code: material code
--   master_id: the same for one master allotted to several organisations
--   org_code: creating organisation
--   name: name
--   spec: in the detail reply only
--   category: management class
--   base_unit: main unit
--   items_per_case: not a standard field; map the custom field here
--   cases_per_pallet: not a standard field; map the custom field here
--   trace_level: not a standard field; map the custom field here
--   status: the list shows no stop flag
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as product_code,
    cast("id" as varchar) as master_id,
    nullif(trim("createOrgId"), '') as org_code,
    nullif(trim("name"), '') as name,
    cast(null as varchar) as spec,
    coalesce(nullif(trim("manageClassName"), ''), nullif(trim("manageClassCode"), '')) as category,
    nullif(trim("unitCode"), '') as base_unit,
    cast(null as decimal(28, 10)) as items_per_case,
    cast(null as decimal(28, 10)) as cases_per_pallet,
    cast(null as varchar) as trace_level,
    'active' as status
from current.yonyou_bip__product
