-- name: core.work_order
-- kind: table
-- grain: system, source_id
-- Production order lines.
-- columns:
--   work_order_no: document number and line number
--   document_no: document number
--   product_code: product to make
--   batch_no: batch to make
--   planned_qty: planned quantity
--   line: line
--   workshop: workshop
--   factory: factory
--   team: team
--   status: draft, approved, closed or cancelled
--   planned_start: planned start
--   planned_end: planned end
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    d.work_order_no,
    d.document_no,
    coalesce(p.code, d.product_code) as product_code,
    d.batch_no,
    d.planned_qty,
    d.line,
    d.workshop,
    d.factory,
    d.team,
    d.status,
    d.planned_start,
    d.planned_end,
    d.system,
    d.source_id,
    d.source_changed_at,
    d.landed_at,
    d.attributes,
    d.is_deleted,
    d.deleted_at
from staging.all__work_order as d
left join core.master_code as p
    on p.entity = 'product' and p.system = d.system and p.number = d.product_code
    and p.org_code = coalesce(d.org_code, '') and p.is_referred
