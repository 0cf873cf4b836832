-- name: audits.event_of_unknown_document
-- kind: audit
-- partition: month
-- touched: select month, event_id from changed.core__scan_event
-- slice: core.scan_event
-- Scans that name an order, delivery or work order that no system has.
-- columns:
--   event_id: the scan
--   event_type: its type
--   document: order, delivery or work order
--   number: the number it names
--   month: the month of the scan
select e.event_id, e.event_type, 'order' as document, e.order_no as number, e.month
from core.scan_event as e
left anti join core.sales_order as o on o.order_no = e.order_no
where e.order_no is not null and not e.is_voided
union all
select e.event_id, e.event_type, 'delivery' as document, e.delivery_no as number, e.month
from core.scan_event as e
left anti join core.delivery as d on d.delivery_no = e.delivery_no
where e.delivery_no is not null and not e.is_voided
union all
select e.event_id, e.event_type, 'work order' as document, e.work_order_no as number, e.month
from core.scan_event as e
left anti join core.work_order_name as w on w.name = e.work_order_no
where e.work_order_no is not null and not e.is_voided
