-- Who has items of a recall and who had some. `items` are in custody now, of which `sold` went on to consumers; a
-- former holder has none.
with present as (
    select
        dealer_code,
        sum(units) as items,
        sum(case when state = 'sold' then units else 0 end) as sold
    from recall.holdings
    where level = 'item' and dealer_code is not null
    group by dealer_code
),
holder as (
    select dealer_code from present
    union
    select dealer_code from recall.past_holdings
)
select
    h.dealer_code,
    d.name as dealer_name,
    d.region_code,
    coalesce(p.items, 0) as items,
    coalesce(p.sold, 0) as sold,
    p.dealer_code is null as past
from holder as h
left join present as p on p.dealer_code = h.dealer_code
left join core.dealer_profile as d on d.dealer_code = h.dealer_code
order by h.dealer_code
