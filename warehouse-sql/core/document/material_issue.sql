-- name: core.material_issue
-- kind: table
-- grain: system, work_order_no, material_code, lot_no?
-- Material lots that went into a work order, net of what came back; approved documents only.
-- A lot's supplier is that of the issue, else that of its incoming inspection.
-- columns:
--   work_order_no: the work order
--   material_code: the material
--   lot_no: the lot; empty where the material is not kept by lot
--   qty: issues plus feeds minus returns, in base units
--   supplier_code: the lot's supplier
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
with lot_supplier as (
    select system, subject as material_code, lot_no, min(supplier_code) as supplier_code
    from staging.all__inspection
    where lot_no is not null and supplier_code is not null and not is_deleted
    group by system, subject, lot_no
),
net as (
    select
        system,
        work_order_no,
        material_code,
        lot_no,
        org_code,
        sum(case when not is_deleted then qty end) as qty,
        min(supplier_code) as supplier_code,
        min(source_id) as source_id,
        max(source_changed_at) as source_changed_at,
        max(landed_at) as landed_at,
        min(attributes) as attributes,
        bool_and(is_deleted) as is_deleted,
        max(deleted_at) as deleted_at
    from staging.all__material_issue
    where status in ('approved', 'closed') and work_order_no is not null
    group by system, work_order_no, material_code, lot_no, org_code
)
select
    d.work_order_no,
    coalesce(m.code, d.material_code) as material_code,
    d.lot_no,
    d.qty,
    coalesce(d.supplier_code, s.supplier_code) as supplier_code,
    d.system,
    d.source_id,
    d.source_changed_at,
    d.landed_at,
    d.attributes,
    d.is_deleted,
    case when d.is_deleted then d.deleted_at end as deleted_at
from net as d
left join core.master_code as m
    on m.entity = 'product' and m.system = d.system and m.number = d.material_code
    and m.org_code = coalesce(d.org_code, '') and m.is_referred
left join lot_supplier as s
    on s.system = d.system and s.material_code = d.material_code and s.lot_no = d.lot_no
