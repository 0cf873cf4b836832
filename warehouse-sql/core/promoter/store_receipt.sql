-- name: core.store_receipt
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with m as (select event_id, content_hash from changed.core__movement group by event_id, content_hash, is_at_store, to_party, store_code having count(*) = 1) select u.bucket from m join core.unit_movement as u on m.event_id = u.event_id and m.content_hash = u.content_hash
-- grain: store_code, code, returns_before
-- Items that a store we know took in: received at it or for it, or transferred to it, themselves or with what
-- contained them. An item that is received again counts again only if it went back in between.
-- columns:
--   bucket: piece, by the unit's code
--   store_code: the store
--   code: the item
--   returns_before: how often it had come back by then
--   product_code: the product
--   received_at: when first
with item as (
    select code, product_code from core.unit where level = 'item' and is_commissioned
),
received as (
    select u.bucket, u.code, u.event_id, u.content_hash, u.event_type, u.event_time
    from core.unit_movement as u
    where u.event_type in ('receive', 'transfer') and u.is_at_store
),
returned as (
    select distinct code, event_time as returned_at from core.unit_movement where event_type = 'return'
),
placed as (
    select
        r.bucket,
        coalesce(s.store_code, m.store_code) as store_code,
        r.code,
        r.event_id,
        r.content_hash,
        r.event_time,
        -- A return comes after a receive or transfer of the same time.
        sum(case when b.returned_at < r.event_time then 1 else 0 end) as returns_before
    from received as r
    join core.movement as m on m.event_id = r.event_id and m.content_hash = r.content_hash
    left join core.store_profile as s on s.store_code = m.to_party
    left join returned as b on b.code = r.code
    where r.event_type = 'receive' or s.store_code is not null
    group by r.bucket, coalesce(s.store_code, m.store_code), r.code, r.event_id, r.content_hash, r.event_time
)
select
    p.bucket,
    p.store_code,
    p.code,
    p.returns_before,
    i.product_code,
    min(p.event_time) as received_at
from placed as p
join item as i on i.code = p.code
group by p.bucket, p.store_code, p.code, p.returns_before, i.product_code
