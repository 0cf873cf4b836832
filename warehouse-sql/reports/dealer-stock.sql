-- What dealers have and did not sell, by product. A case is counted beside the items in it.
-- title: Dealer stock
-- title_zh: 经销商库存
-- dimensions: dealer_code, product_code
select
    s.dealer_code,
    s.product_code,
    p.name as product_name,
    count(*) filter (where s.level = 'item' and s.state <> 'in_transit') as items,
    count(*) filter (where s.level = 'case' and s.state <> 'in_transit') as cases,
    count(*) filter (where s.level = 'item' and s.state = 'in_transit') as items_in_transit,
    max(date_part('day', as_of() - s.held_since)) as oldest_days
from core.unit_state as s
left join core.product_profile as p on p.product_code = s.product_code
where s.dealer_code is not null
    and s.is_commissioned
    and s.level in ('item', 'case')
    and s.state in ('dealer_stock', 'in_store', 'in_transit')
group by s.dealer_code, s.product_code, p.name
