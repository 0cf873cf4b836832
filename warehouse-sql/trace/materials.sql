-- Material lots the unit is made of, through semi-finished lots.
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
)
select distinct
    m.material_code,
    m.lot_no,
    m.supplier_code,
    m.qty,
    m.used_by as work_order_no,
    m.depth,
    m.evidence
from made_by as b
join core.work_order_material as m on m.work_order_no = b.work_order_no
order by m.depth, work_order_no, m.material_code, m.lot_no
