-- name: staging.files__work_order
-- kind: table
-- grain: system, source_id
-- work_order.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: work order
--   document_no: the same: a file has one line per work order
--   product_code: product to make
--   org_code: a folder of files has no organisations
--   batch_no: batch to make
--   planned_qty: planned quantity
--   line: line
--   workshop: workshop
--   factory: factory
--   team: team
--   status: draft, approved, closed or cancelled; empty means approved
--   planned_start: planned start
--   planned_end: planned end
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    work_order_no,
    work_order_no as document_no,
    product_code,
    cast(null as varchar) as org_code,
    batch_no,
    cast(planned_qty as decimal(28, 10)) as planned_qty,
    line,
    workshop,
    factory,
    team,
    coalesce(lower(status), 'approved') as status,
    planned_start,
    planned_end
from current.files__work_order
