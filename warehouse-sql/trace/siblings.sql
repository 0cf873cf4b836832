-- Other units of the same product and batch.
-- parameters: code text
with unit as (
    select code, product_code, batch_no from core.unit where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
)
select
    coalesce(sum(case when s.level = 'item' then 1 else 0 end), 0) as items,
    coalesce(sum(case when s.level = 'case' then 1 else 0 end), 0) as cases
from unit as u
join core.unit as s
    on s.batch_no = u.batch_no
    and (s.product_code is not distinct from u.product_code)
    and s.code <> u.code
where s.is_commissioned
