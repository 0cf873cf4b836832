-- Inspections of the unit's batch and of the lots it is made of.
-- parameters: code text
with unit as (
    select code, product_code, batch_no, work_order_no from core.unit where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
),
made_by as (
    select work_order_no from unit where work_order_no is not null
    union
    select w.work_order_no
    from unit as u
    join core.work_order as w on w.product_code = u.product_code and w.batch_no = u.batch_no and not w.is_deleted
    where u.work_order_no is null
),
lot as (
    select distinct m.material_code, m.lot_no
    from made_by as b
    join core.work_order_material as m on m.work_order_no = b.work_order_no
    where m.lot_no is not null
)
select subject, batch_no, lot_no, stage, result, inspector, report_ref, inspected_at
from (
    select i.subject, i.batch_no, i.lot_no, i.stage, i.result, i.inspector, i.report_ref, i.inspected_at
    from core.inspection as i
    join unit as u on u.batch_no = i.batch_no and u.product_code = i.subject
    where not i.is_deleted and i.status in ('approved', 'closed')
    union
    select i.subject, i.batch_no, i.lot_no, i.stage, i.result, i.inspector, i.report_ref, i.inspected_at
    from core.inspection as i
    join lot as l on l.lot_no = i.lot_no and l.material_code = i.subject
    where not i.is_deleted and i.status in ('approved', 'closed')
) as i
order by inspected_at, subject, stage, report_ref
