-- name: audits.base_quantity_guessed
-- kind: audit
-- Lines in a unit that cannot be turned into base units; they count as they stand.
select 'sales order' as document, system, order_no as number, line_no, qty, unit
from core.sales_order_line
where not is_base_known and not is_deleted
union all
select 'delivery' as document, system, delivery_no as number, line_no, qty, unit
from core.delivery_line
where not is_base_known and not is_deleted
