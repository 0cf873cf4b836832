-- name: core.product
-- kind: table
-- grain: system, product_code
-- One row per product and system, however many organisations it is allotted to.
-- columns:
--   product_code: the product
--   name: name
--   spec: specification
--   category: category
--   base_unit: unit of base quantities
--   items_per_case: base units in a case
--   cases_per_pallet: cases on a pallet
--   trace_level: item, case or batch
--   status: as the system says
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    c.code as product_code,
    m.name,
    m.spec,
    m.category,
    m.base_unit,
    m.items_per_case,
    m.cases_per_pallet,
    m.trace_level,
    m.status,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__product as m
join core.master_code as c
    on c.entity = 'product' and c.system = m.system and c.source_id = m.source_id
where c.is_chosen
