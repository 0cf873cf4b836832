-- name: staging.yonyou_bip__warehouse
-- kind: table
-- grain: system, source_id
-- 仓库, as outbound documents name them; no list of warehouses is read
-- columns:
--   system: the configured system
--   source_id: the warehouse's id in that system
--   source_changed_at: when a document last named it
--   landed_at: when a document that names it was last read
--   attributes: custom fields as JSON
--   is_deleted: never known of a warehouse
--   deleted_at: never known of a warehouse
--   warehouse_code: id of the warehouse, documents show no code
--   master_id: not known
--   org_code: not known
--   name: name
--   address: not known
--   region_code: not known
with named as (
    select _system, "warehouse", "warehouse_name", _changed_at, _landed_at from current.yonyou_bip__delivery
    union all
    select _system, "warehouse", "warehouse_name", _changed_at, _landed_at from current.yonyou_bip__material_issue
)
select
    _system as system,
    "warehouse" as source_id,
    max(_changed_at) as source_changed_at,
    max(_landed_at) as landed_at,
    cast(null as varchar) as attributes,
    false as is_deleted,
    case when false then max(_landed_at) end as deleted_at,
    "warehouse" as warehouse_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    max("warehouse_name") as name,
    cast(null as varchar) as address,
    cast(null as varchar) as region_code
from named
where nullif("warehouse", '') is not null
group by _system, "warehouse"
