-- name: audits.regional_sales_levels
-- kind: audit
-- Regional sales are the same at every level: what stands in a county stands in the city and province above it, and what
-- stands in a city in its province. Regions listed here break that, with what stands in them; so does a code that no
-- level knows, which every level shows without a region.
with region as (
    select
        region_code,
        sum(ordered_amount) as ordered_amount,
        sum(shipped_qty) as shipped_qty,
        sum(sold_qty) as sold_qty
    from marts.regional_sales
    where region_code is not null
    group by region_code
),
placed as (
    select
        *,
        region_at(region_code, 'county') as county,
        region_at(region_code, 'city') as city,
        region_at(region_code, 'province') as province
    from region
)
select region_code, county, city, province, ordered_amount, shipped_qty, sold_qty
from placed
where
    province is null
    or (county is not null and city is null)
    or (county is not null and region_at(county, 'city') is distinct from city)
    or (county is not null and region_at(county, 'province') is distinct from province)
    or (city is not null and region_at(city, 'province') is distinct from province)
