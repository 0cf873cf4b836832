-- The lots by which a recall spread: what was asked for and the batches made of it, where another work order used
-- them.
-- parameters: material text, lot text, product text, batch text
with lot as (
    select
        coalesce(cast($material as varchar), cast($product as varchar)) as material_code,
        coalesce(cast($lot as varchar), cast($batch as varchar)) as lot_no
    union
    select product_code, batch_no from recall.closure
)
select
    u.material_code,
    u.lot_no,
    u.supplier_code,
    u.qty,
    c.work_order_no,
    c.depth,
    u.evidence
from lot as l
join core.material_use as u on u.material_code = l.material_code and u.lot_no = l.lot_no
join recall.closure as c on c.work_order_no = u.work_order_no
order by c.depth, c.work_order_no, u.material_code, u.lot_no
