-- name: staging.files__product_receipt
-- kind: table
-- grain: system, source_id
-- product_receipt.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   receipt_no: receipt
--   line_no: line
--   work_order_no: work order
--   product_code: product
--   org_code: a folder of files has no organisations
--   batch_no: batch
--   base_qty: in base units
--   received_at: when
--   status: a file holds what happened
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    receipt_no,
    cast(line_no as varchar) as line_no,
    work_order_no,
    product_code,
    cast(null as varchar) as org_code,
    batch_no,
    cast(base_qty as decimal(28, 10)) as base_qty,
    received_at,
    'approved' as status
from current.files__product_receipt
