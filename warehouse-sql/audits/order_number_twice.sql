-- name: audits.order_number_twice
-- kind: audit
-- Orders in force that share a number in one system. Their lines cannot be told apart; sales count them once, for the first.
select system, order_no, count(*) as orders, min(source_id) as counted, max(source_id) as example
from core.sales_order
where status in ('approved', 'closed') and not is_deleted and order_no is not null
group by system, order_no
having count(*) > 1
