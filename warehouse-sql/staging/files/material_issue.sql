-- name: staging.files__material_issue
-- kind: table
-- grain: system, source_id
-- material_issue.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: work order
--   material_code: material
--   org_code: a folder of files has no organisations
--   lot_no: lot
--   qty: net, in base units
--   supplier_code: supplier
--   status: a file holds what happened
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    work_order_no,
    material_code,
    cast(null as varchar) as org_code,
    lot_no,
    cast(qty as decimal(28, 10)) as qty,
    supplier_code,
    'approved' as status
from current.files__material_issue
