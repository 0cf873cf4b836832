-- name: core.agreed_product
-- kind: table
-- partition: piece = bucket(code)
-- touched: with a as (select code, ancestor_code from changed.core__ancestry group by code, ancestor_code, depth, inside_from, inside_to having count(*) = 1), c as (select code from changed.core__unit_origin group by code, product_code, delivered_product having count(*) = 1 union select code from a union select ancestor_code as code from a) select bucket(code) as piece, code from c union select bucket(y.code) as piece, y.code from c join core.ancestry as y on c.code = y.ancestor_code union select bucket(y.ancestor_code) as piece, y.ancestor_code as code from c join core.ancestry as y on c.code = y.code
-- grain: code
-- What the units inside and around say of the product of a unit that does not say it itself.
-- columns:
--   piece: piece of this table, by the unit's code
--   code: the unit
--   products: how many products they say
--   product_code: the product, if it is one
--   delivered_product: the product of their deliveries, if it is one
with nameless as (
    select code from core.unit_origin where product_code is null
),
relative as (
    select n.code, o.product_code, o.delivered_product
    from nameless as n
    join core.ancestry as a on a.ancestor_code = n.code
    join core.unit_origin as o on o.code = a.code
    where o.product_code is not null or o.delivered_product is not null
    union
    select n.code, o.product_code, o.delivered_product
    from nameless as n
    join core.ancestry as a on a.code = n.code
    join core.unit_origin as o on o.code = a.ancestor_code
    where o.product_code is not null or o.delivered_product is not null
)
select
    bucket(code) as piece,
    code,
    count(distinct product_code) as products,
    case when count(distinct product_code) = 1 then min(product_code) end as product_code,
    case when count(distinct delivered_product) = 1 then min(delivered_product) end as delivered_product
from relative
group by code
