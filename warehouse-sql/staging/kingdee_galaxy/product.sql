-- name: staging.kingdee_galaxy__product
-- kind: table
-- grain: system, source_id
-- 物料 BD_MATERIAL
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   product_code: material number
--   master_id: the same for one master allotted to several organisations
--   org_code: using organisation
--   name: name
--   spec: specification
--   category: material group, else stock category
--   base_unit: unit of base quantities
--   items_per_case: not a standard field; map the custom field here
--   cases_per_pallet: not a standard field; map the custom field here
--   trace_level: not a standard field; map the custom field here
--   status: active, disabled or draft
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FNumber"), '') as product_code,
    cast(nullif("FMASTERID", 0) as varchar) as master_id,
    nullif(trim("FUseOrgId__FNumber"), '') as org_code,
    nullif(trim("FName"), '') as name,
    nullif(trim("FSpecification"), '') as spec,
    coalesce(nullif(trim("FMaterialGroup__FName"), ''), nullif(trim("FCategoryID__FName"), '')) as category,
    nullif(trim("FBaseUnitId__FNumber"), '') as base_unit,
    cast(null as decimal(28, 10)) as items_per_case,
    cast(null as decimal(28, 10)) as cases_per_pallet,
    cast(null as varchar) as trace_level,
    case when "FForbidStatus" = 'B' then 'disabled' when "FDocumentStatus" = 'C' then 'active' else 'draft' end as status
from current.kingdee_galaxy__product
