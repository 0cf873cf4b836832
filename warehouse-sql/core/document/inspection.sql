-- name: core.inspection
-- kind: table
-- grain: system, source_id
-- Inspections of lots and batches.
-- columns:
--   subject: material or product inspected
--   batch_no: batch of a product
--   lot_no: lot of a material
--   stage: incoming, production or shipping
--   result: pass or fail
--   inspector: who
--   report_ref: report
--   inspected_at: when
--   supplier_code: of an incoming lot
--   status: draft, approved, closed or cancelled
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    coalesce(p.code, d.subject) as subject,
    d.batch_no,
    d.lot_no,
    d.stage,
    d.result,
    d.inspector,
    d.report_ref,
    d.inspected_at,
    coalesce(s.code, d.supplier_code) as supplier_code,
    d.status,
    d.system,
    d.source_id,
    d.source_changed_at,
    d.landed_at,
    d.attributes,
    d.is_deleted,
    d.deleted_at
from staging.all__inspection as d
left join core.master_code as p
    on p.entity = 'product' and p.system = d.system and p.number = d.subject
    and p.org_code = coalesce(d.org_code, '') and p.is_referred
left join core.master_code as s
    on s.entity = 'supplier' and s.system = d.system and s.number = d.supplier_code
    and s.org_code = coalesce(d.org_code, '') and s.is_referred
