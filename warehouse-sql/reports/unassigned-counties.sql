-- Counties in which goods are ordered, sold or seen and that no territory rule covers, heaviest first: sales there are
-- nobody's, and goods seen there are off territory for every dealer with a rule. Rules are those in force on the last day
-- asked for, else today. Split by product, a county counts as covered for the products that a rule there names, or is of
-- the category of. What is not known to the county is not listed; `unresolved-addresses` has it.
-- title: Counties without a dealer
-- title_zh: 空白区县
-- dimensions: rank, region_code, product_code?
-- parameters: from date, to date, by_product_code boolean
with asked as (
    select
        cast($from as date) as from_day,
        cast($to as date) as to_day,
        cast($by_product_code as boolean) as by_product_code,
        least(coalesce(cast($to as date), business_date(as_of())), business_date(as_of())) as ruled_on
),
fact as (
    select
        region_at(s.region_code, 'county') as region_code,
        case when a.by_product_code then s.product_code end as product_code,
        s.ordered_qty,
        s.ordered_amount,
        cast(s.sold_qty as bigint) as sold_qty,
        cast(0 as bigint) as sightings,
        cast(null as varchar) as dealer_code
    from marts.regional_sales as s
    cross join asked as a
    where
        (s.sold_qty <> 0 or s.ordered_qty <> 0 or s.ordered_amount <> 0)
        and (a.from_day is null or s.day >= a.from_day)
        and (a.to_day is null or s.day <= a.to_day)
    union all
    select
        region_at(s.place_code, 'county') as region_code,
        case when a.by_product_code then s.product_code end as product_code,
        cast(0 as decimal(38, 10)) as ordered_qty,
        cast(0 as decimal(38, 10)) as ordered_amount,
        cast(0 as bigint) as sold_qty,
        cast(1 as bigint) as sightings,
        s.dealer_code
    from core.sighting as s
    cross join asked as a
    where
        -- Against the instants themselves, so that sightings of other days are not read.
        (cast($from as date) is null or s.sighted_at >= business_midnight(cast($from as date)))
        and (
            cast($to as date) is null
            or s.sighted_at < business_midnight(cast(cast($to as date) + interval '1 day' as date))
        )
),
county as (
    select
        region_code,
        product_code,
        sum(ordered_qty) as ordered_qty,
        sum(ordered_amount) as ordered_amount,
        sum(sold_qty) as sold_qty,
        sum(sightings) as sightings,
        count(distinct dealer_code) as dealers
    from fact
    where region_code is not null
    group by region_code, product_code
),
rule as (
    select distinct t.region_code, t.product_code, t.category, a.ruled_on
    from core.territory as t
    cross join asked as a
    where
        not t.is_deleted
        and (t.valid_from is null or t.valid_from <= a.ruled_on)
        and (t.valid_to is null or a.ruled_on <= t.valid_to)
),
-- Places against places first: there are far fewer than rules and products.
covering as (
    select c.region_code, r.region_code as rule_region
    from (select distinct region_code from county) as c
    join (select distinct region_code, ruled_on from rule) as r
        on region_covers(r.region_code, c.region_code, r.ruled_on)
),
covered as (
    select distinct c.region_code, c.product_code
    from county as c
    join covering as v on v.region_code = c.region_code
    join rule as r on r.region_code = v.rule_region
    cross join asked as a
    left join core.product_profile as p on p.product_code = c.product_code
    where
        not a.by_product_code
        or (
            (r.product_code is null or r.product_code = c.product_code)
            and (r.category is null or r.category = p.category)
        )
)
select
    row_number() over (
        order by c.sold_qty desc, c.sightings desc, c.ordered_qty desc, c.region_code, c.product_code nulls last
    ) as rank,
    c.region_code,
    c.product_code,
    concat_ws(' ', p.name, case when y.region_code <> p.region_code and y.region_code <> c.region_code then y.name end, n.name) as region_name,
    c.sold_qty,
    c.sightings,
    c.dealers,
    c.ordered_qty,
    c.ordered_amount
from county as c
left anti join covered as v on v.region_code = c.region_code and (v.product_code is not distinct from c.product_code)
left join core.region_name as n on n.region_code = c.region_code
left join core.region_name as y on y.region_code = region_at(c.region_code, 'city')
left join core.region_name as p on p.region_code = region_at(c.region_code, 'province')
