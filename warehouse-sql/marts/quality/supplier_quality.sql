-- name: marts.supplier_quality
-- kind: table
-- grain: supplier_code?, material_code, lot_no?, work_order_no?, day?, failed_batch?
-- Suppliers' lots with what was made of them, through semi-finished batches, day by day, and their inspections. A lot
-- that names no supplier has the one that all who do name for it; a batch of our own is no supplier's. Lots that
-- were inspected and never used are here too.
-- columns:
--   supplier_code: the supplier
--   material_code: the material
--   lot_no: the lot; empty: the material is not kept by lot
--   work_order_no: a work order that used it; empty: an inspection of the lot
--   day: business day on which the items were made, or of the inspection
--   failed_batch: product and batch of that work order that failed an inspection on that day
--   items: items made
--   returned: those that came back
--   complained: units that somebody complained about
--   failed_inspections: inspections of the lot that it failed
with inspected as (
    select
        subject,
        batch_no,
        lot_no,
        supplier_code,
        business_date(inspected_at) as day,
        coalesce(result = 'fail', false) as is_failed
    from core.inspection
    where not is_deleted and status in ('approved', 'closed')
),
naming as (
    select material_code, lot_no, supplier_code from core.material_use where supplier_code is not null
    union
    select subject, lot_no, supplier_code from inspected where lot_no is not null and supplier_code is not null
),
known as (
    select material_code, lot_no, min(supplier_code) as supplier_code
    from naming
    group by material_code, lot_no
    having count(distinct supplier_code) = 1
),
own as (
    select distinct product_code, batch_no
    from core.work_order
    where not is_deleted and batch_no is not null
),
used as (
    select distinct
        coalesce(u.supplier_code, k.supplier_code) as supplier_code,
        u.material_code,
        u.lot_no,
        u.work_order_no
    from core.work_order_material as u
    left join known as k on k.material_code = u.material_code and (k.lot_no is not distinct from u.lot_no)
    left join own as o on o.product_code = u.material_code and o.batch_no = u.lot_no
    where u.supplier_code is not null or k.supplier_code is not null or o.batch_no is null
),
output as (
    select
        work_order_no,
        day,
        sum(made) as items,
        sum(returned) as returned,
        sum(complained) as complained
    from core.item_output
    where work_order_no is not null
    group by work_order_no, day
),
failed_batch as (
    select distinct w.work_order_no, i.day, concat(i.subject, ' ', i.batch_no) as failed_batch
    from core.work_order as w
    join inspected as i on i.subject = w.product_code and i.batch_no = w.batch_no
    where not w.is_deleted and i.is_failed
)
select
    u.supplier_code,
    u.material_code,
    u.lot_no,
    u.work_order_no,
    o.day,
    cast(null as varchar) as failed_batch,
    coalesce(o.items, 0) as items,
    coalesce(o.returned, 0) as returned,
    coalesce(o.complained, 0) as complained,
    0 as failed_inspections
from used as u
left join output as o on o.work_order_no = u.work_order_no
union all
select
    u.supplier_code,
    u.material_code,
    u.lot_no,
    u.work_order_no,
    f.day,
    f.failed_batch,
    0 as items,
    0 as returned,
    0 as complained,
    0 as failed_inspections
from used as u
join failed_batch as f on f.work_order_no = u.work_order_no
union all
select
    coalesce(i.supplier_code, k.supplier_code) as supplier_code,
    i.subject as material_code,
    i.lot_no,
    cast(null as varchar) as work_order_no,
    i.day,
    cast(null as varchar) as failed_batch,
    0 as items,
    0 as returned,
    0 as complained,
    sum(case when i.is_failed then 1 else 0 end) as failed_inspections
from inspected as i
left join known as k on k.material_code = i.subject and k.lot_no = i.lot_no
left join own as o on o.product_code = i.subject and o.batch_no = i.lot_no
where
    i.lot_no is not null
    and i.subject is not null
    and (i.supplier_code is not null or k.supplier_code is not null or o.batch_no is null)
group by coalesce(i.supplier_code, k.supplier_code), i.subject, i.lot_no, i.day
