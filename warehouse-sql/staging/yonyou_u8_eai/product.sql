-- name: staging.yonyou_u8_eai__product
-- kind: table
-- grain: system, source_id
-- 存货档案 inventory over U8 EAI
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   product_code: inventory code
--   master_id: U8 has one company per account
--   org_code: U8 has one company per account
--   name: name
--   spec: specification
--   category: code of the inventory class
--   base_unit: code of the main unit
--   items_per_case: not a standard field; map the custom field here
--   cases_per_pallet: not a standard field; map the custom field here
--   trace_level: not a standard field; map the custom field here
--   status: active or disabled: an end date is set
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as product_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim("name"), '') as name,
    nullif(trim("specs"), '') as spec,
    nullif(trim("sort_code"), '') as category,
    nullif(trim("main_measure"), '') as base_unit,
    cast(null as decimal(28, 10)) as items_per_case,
    cast(null as decimal(28, 10)) as cases_per_pallet,
    cast(null as varchar) as trace_level,
    case when "end_date" is not null then 'disabled' else 'active' end as status
from current.yonyou_u8_eai__product
