-- name: staging.files__inspection
-- kind: table
-- grain: system, source_id
-- inspection.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   subject: material or product inspected
--   org_code: a folder of files has no organisations
--   batch_no: batch of a product
--   lot_no: lot of a material
--   stage: stage
--   result: pass or fail
--   inspector: who
--   report_ref: report
--   inspected_at: when
--   supplier_code: not in this table
--   status: a file holds what happened
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    subject,
    cast(null as varchar) as org_code,
    batch_no,
    lot_no,
    stage,
    result,
    inspector,
    report_ref,
    inspected_at,
    cast(null as varchar) as supplier_code,
    'approved' as status
from current.files__inspection
