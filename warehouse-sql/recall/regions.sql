-- Items in custody by the region of whoever has them, as detailed as it is known; a row without a region where it
-- is not. The items of all rows are those of all consignees.
with held as (
    select
        d.region_code,
        sum(h.units) as items,
        sum(case when h.state = 'sold' then h.units else 0 end) as sold
    from recall.holdings as h
    left join core.dealer_profile as d on d.dealer_code = h.dealer_code
    where h.level = 'item' and h.dealer_code is not null
    group by d.region_code
),
region as (
    select region_code, min(name) as name
    from reference.region
    where valid_to is null
    group by region_code
)
select
    h.region_code,
    r.name as region_name,
    region_at(h.region_code, 'province') as province_code,
    p.name as province_name,
    region_at(h.region_code, 'city') as city_code,
    c.name as city_name,
    h.items,
    h.sold
from held as h
left join region as r on r.region_code = h.region_code
left join region as p on p.region_code = region_at(h.region_code, 'province')
left join region as c on c.region_code = region_at(h.region_code, 'city')
order by h.region_code nulls last
