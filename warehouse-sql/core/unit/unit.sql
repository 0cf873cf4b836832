-- name: core.unit
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with o as (select code from changed.core__unit_origin group by code, printed_code, level, product_code, delivered_product, batch_no, work_order_no, is_commissioned, commission_event_id, commission_hash having count(*) = 1), a as (select code from changed.core__agreed_product group by code, products, product_code, delivered_product having count(*) = 1) select bucket(code) as bucket, code from o union select bucket(code) as bucket, code from a
-- slice: core.unit_origin
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
left join core.agreed_product as a on a.code = o.code
