-- name: core.product_receipt
-- kind: table
-- grain: system, source_id
-- Finished goods received from production.
-- columns:
--   receipt_no: document number
--   line_no: line number
--   work_order_no: the work order
--   product_code: the product
--   batch_no: the batch
--   base_qty: in base units
--   received_at: when
--   status: draft, approved, closed or cancelled
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    d.receipt_no,
    d.line_no,
    d.work_order_no,
    coalesce(p.code, d.product_code) as product_code,
    d.batch_no,
    d.base_qty,
    d.received_at,
    d.status,
    d.system,
    d.source_id,
    d.source_changed_at,
    d.landed_at,
    d.attributes,
    d.is_deleted,
    d.deleted_at
from staging.all__product_receipt as d
left join core.master_code as p
    on p.entity = 'product' and p.system = d.system and p.number = d.product_code
    and p.org_code = coalesce(d.org_code, '') and p.is_referred
