-- name: audits.order_without_date
-- kind: audit
-- Orders that no period can count.
select system, source_id, order_no
from core.sales_order
where ordered_at is null and not is_deleted and status in ('approved', 'closed')
