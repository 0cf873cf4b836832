-- Which dealer may sell what where. `--to` asks for the rules that hold on that day.
-- title: Territories
-- title_zh: 授权区域
-- dimensions: dealer_code, region_code, product_code, category, channel, valid_from
-- parameters: to date
with asked as (
    select cast($to as date) as on_day
)
select
    t.dealer_code,
    t.region_code,
    t.product_code,
    t.category,
    t.channel,
    t.valid_from,
    t.valid_to,
    d.name as dealer_name,
    n.name as region_name
from core.territory as t
cross join asked as a
left join core.dealer_profile as d on d.dealer_code = t.dealer_code
left join core.region_name as n on n.region_code = t.region_code
where not coalesce(t.is_deleted, false)
    and (
        a.on_day is null
        or ((t.valid_from is null or t.valid_from <= a.on_day) and (t.valid_to is null or t.valid_to >= a.on_day))
    )
