-- The ships by which items of a recall came to whoever has or had them. `items` are those still there.
with way as (
    select dealer_code, delivery_no, order_no, shipped_at, units
    from recall.holdings
    where level = 'item' and dealer_code is not null
    union all
    select dealer_code, delivery_no, order_no, shipped_at, 0 as units from recall.past_holdings
)
select
    dealer_code,
    delivery_no,
    order_no,
    min(shipped_at) as shipped_at,
    sum(units) as items
from way
group by dealer_code, delivery_no, order_no
order by dealer_code, shipped_at, delivery_no, order_no
