-- name: core.unit
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with a as (select code, ancestor_code from changed.core__ancestry group by code, ancestor_code, depth, inside_from, inside_to having count(*) = 1), c as (select code from changed.core__unit_origin group by code, printed_code, level, product_code, delivered_product, batch_no, work_order_no, is_commissioned, commission_event_id, commission_hash having count(*) = 1 union select code from a union select ancestor_code as code from a) select bucket(code) as bucket, code from c union select y.bucket, y.code from c join core.ancestry as y on c.code = y.ancestor_code union select bucket(y.ancestor_code) as bucket, y.ancestor_code as code from c join core.ancestry as y on c.code = y.code
-- grain: code
-- Every unit with what is known of it. One that does not know its product takes that of all it ever contained
-- or was contained in, if they agree; only where none of them knows it, that of its delivery, else of theirs.
-- columns:
--   bucket: piece of the unit-wise tables
--   code: the unit
--   printed_code: as printed
--   level: item, case or pallet
--   product_code: the product
--   batch_no: the batch
--   work_order_no: the work order
--   is_commissioned: a line bound the code to a unit
--   commission_event_id: the commission
--   commission_hash: content hash of the commission
--   commissioned_at: when
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
),
agreed as (
    select
        code,
        count(distinct product_code) as products,
        min(product_code) as product_code,
        case when count(distinct delivered_product) = 1 then min(delivered_product) end as delivered_product
    from relative
    group by code
)
select
    o.bucket,
    o.code,
    o.printed_code,
    o.level,
    coalesce(
        o.product_code,
        case
            when a.products = 1 then a.product_code
            when coalesce(a.products, 0) = 0 then coalesce(o.delivered_product, a.delivered_product)
        end
    ) as product_code,
    o.batch_no,
    o.work_order_no,
    o.is_commissioned,
    o.commission_event_id,
    o.commission_hash,
    o.commissioned_at
from core.unit_origin as o
left join agreed as a on a.code = o.code
