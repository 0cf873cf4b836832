-- Suppliers' lots: the work orders and items they went into, and what was wrong with them. In the days asked for items
-- were made and lots inspected.
-- title: Supplier quality
-- title_zh: 供应商质量
-- dimensions: supplier_code, material_code, lot_no
-- parameters: from date, to date
with asked as (
    select cast($from as date) as from_day, cast($to as date) as to_day
)
select
    q.supplier_code,
    q.material_code,
    q.lot_no,
    count(distinct q.work_order_no) as work_orders,
    sum(q.items) as items,
    sum(q.failed_inspections) as failed_inspections,
    sum(q.returned) as returned,
    sum(q.complained) as complaints,
    count(distinct q.failed_batch) as failed_batches
from marts.supplier_quality as q
cross join asked as a
where (a.from_day is null or q.day >= a.from_day) and (a.to_day is null or q.day <= a.to_day)
group by q.supplier_code, q.material_code, q.lot_no
