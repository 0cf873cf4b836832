-- name: core.work_order_material
-- kind: table
-- grain: work_order_no, used_by, material_code, lot_no, depth
-- All material lots that a work order's product is made of, through semi-finished lots: a lot that is the
-- batch of another work order brings that order's materials. Four steps deep.
-- columns:
--   work_order_no: the work order asked about
--   used_by: the work order that used the lot
--   material_code: the material
--   lot_no: the lot
--   qty: what that work order used
--   supplier_code: the lot's supplier
--   evidence: erp or scan
--   depth: 1 for its own materials
with depth_1 as (
    select work_order_no, work_order_no as used_by, material_code, lot_no, qty, supplier_code, evidence, 1 as depth
    from core.material_use
),
depth_2 as (
    select distinct d.work_order_no, w.work_order_no as used_by, u.material_code, u.lot_no, u.qty, u.supplier_code, u.evidence, 2 as depth
    from depth_1 as d
    join core.work_order as w
        on w.product_code = d.material_code and w.batch_no = d.lot_no and not w.is_deleted and w.work_order_no <> d.work_order_no
    join core.material_use as u on u.work_order_no = w.work_order_no
),
depth_3 as (
    select distinct d.work_order_no, w.work_order_no as used_by, u.material_code, u.lot_no, u.qty, u.supplier_code, u.evidence, 3 as depth
    from depth_2 as d
    join core.work_order as w
        on w.product_code = d.material_code and w.batch_no = d.lot_no and not w.is_deleted and w.work_order_no <> d.work_order_no
    join core.material_use as u on u.work_order_no = w.work_order_no
),
depth_4 as (
    select distinct d.work_order_no, w.work_order_no as used_by, u.material_code, u.lot_no, u.qty, u.supplier_code, u.evidence, 4 as depth
    from depth_3 as d
    join core.work_order as w
        on w.product_code = d.material_code and w.batch_no = d.lot_no and not w.is_deleted and w.work_order_no <> d.work_order_no
    join core.material_use as u on u.work_order_no = w.work_order_no
)
select work_order_no, used_by, material_code, lot_no, qty, supplier_code, evidence, depth from depth_1
union all
select work_order_no, used_by, material_code, lot_no, qty, supplier_code, evidence, depth from depth_2
union all
select work_order_no, used_by, material_code, lot_no, qty, supplier_code, evidence, depth from depth_3
union all
select work_order_no, used_by, material_code, lot_no, qty, supplier_code, evidence, depth from depth_4
