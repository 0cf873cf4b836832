-- Who had items of a recall before, or by an earlier ship, by delivery and order.
select dealer_code, delivery_no, order_no, shipped_at
from recall.held
where not is_now
