-- name: core.product_profile
-- kind: table
-- grain: product_code
-- One row per product code for whoever joins by code; of several systems the first by name speaks.
-- columns:
--   product_code: the product
--   name: name
--   spec: specification
--   category: category
--   base_unit: unit of base quantities
--   items_per_case: base units in a case
--   cases_per_pallet: cases on a pallet
--   trace_level: item, case or batch
with ranked as (
    select
        *,
        row_number() over (partition by product_code order by is_deleted, system, source_id) as place
    from core.product
)
select
    product_code,
    name,
    spec,
    category,
    base_unit,
    items_per_case,
    cases_per_pallet,
    trace_level
from ranked
where place = 1
