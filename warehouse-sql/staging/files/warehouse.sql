-- name: staging.files__warehouse
-- kind: table
-- grain: system, source_id
-- warehouse.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   warehouse_code: warehouse
--   master_id: a folder of files has none
--   org_code: a folder of files has no organisations
--   name: name
--   address: address
--   region_code: region
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    warehouse_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    name,
    address,
    region_code
from current.files__warehouse
