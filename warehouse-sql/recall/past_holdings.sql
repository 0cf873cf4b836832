-- Who had items of a recall before, or by an earlier ship, counted by delivery and order.
with hold as (
    select unnest(earlier_holds) as held
    from recall.units
    where level = 'item' and earlier_holds is not null
)
select
    held['dealer_code'] as dealer_code,
    held['delivery_no'] as delivery_no,
    held['order_no'] as order_no,
    min(held['delivered_at']) as shipped_at
from hold
group by 1, 2, 3
