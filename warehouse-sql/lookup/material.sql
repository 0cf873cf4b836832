-- Material lots a work order's product is made of, through semi-finished lots.
select distinct work_order_no, material_code, lot_no, supplier_code, qty, used_by, depth, evidence
from core.work_order_material
order by work_order_no, depth, used_by, material_code, lot_no
