-- name: staging.files__product
-- kind: table
-- grain: system, source_id
-- product.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   product_code: product
--   master_id: a folder of files has none
--   org_code: a folder of files has no organisations
--   name: name
--   spec: specification
--   category: category
--   base_unit: unit of base quantities
--   items_per_case: base units in a case
--   cases_per_pallet: cases on a pallet
--   trace_level: item, case or batch
--   status: as written
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    product_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    name,
    spec,
    category,
    base_unit,
    cast(items_per_case as decimal(28, 10)) as items_per_case,
    cast(cases_per_pallet as decimal(28, 10)) as cases_per_pallet,
    trace_level,
    status
from current.files__product
