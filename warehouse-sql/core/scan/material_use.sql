-- name: core.material_use
-- kind: table
-- grain: work_order_no, material_code, lot_no
-- Which material lots a work order used: what the ERP issued, and what the line scanned and the ERP does not
-- know.
-- columns:
--   work_order_no: the work order
--   material_code: the material
--   lot_no: the lot
--   qty: net quantity
--   supplier_code: the lot's supplier
--   evidence: erp or scan
with issued as (
    select
        work_order_no,
        material_code,
        coalesce(lot_no, '') as lot_no,
        sum(qty) as qty,
        min(supplier_code) as supplier_code
    from core.material_issue
    where not is_deleted
    group by work_order_no, material_code, coalesce(lot_no, '')
),
consumed_event as (
    select work_order_no, unnest(inputs) as input
    from core.scan_event
    where event_type = 'consume' and not is_voided and event_time is not null and work_order_no is not null
),
consumed as (
    select
        coalesce(n.work_order_no, c.work_order_no) as work_order_no,
        c.input['material_code'] as material_code,
        coalesce(c.input['lot_no'], '') as lot_no,
        sum(c.input['qty']) as qty
    from consumed_event as c
    left join core.work_order_name as n on n.name = c.work_order_no
    where c.input['material_code'] is not null
    group by 1, 2, 3
)
select
    work_order_no,
    material_code,
    nullif(lot_no, '') as lot_no,
    qty,
    supplier_code,
    'erp' as evidence
from issued
union all
select
    c.work_order_no,
    c.material_code,
    nullif(c.lot_no, '') as lot_no,
    c.qty,
    cast(null as varchar) as supplier_code,
    'scan' as evidence
from consumed as c
left anti join issued as i
    on i.work_order_no = c.work_order_no and i.material_code = c.material_code and i.lot_no = c.lot_no
