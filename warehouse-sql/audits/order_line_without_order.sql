-- name: audits.order_line_without_order
-- kind: audit
-- Lines whose order is missing.
select l.system, l.source_id, l.order_no, l.line_no
from core.sales_order_line as l
left anti join core.sales_order as o on o.system = l.system and o.order_no = l.order_no
where not l.is_deleted
