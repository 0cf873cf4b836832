-- How many items and cases there are of each batch.
select
    product_code,
    batch_no,
    sum(case when level = 'item' then 1 else 0 end) as items,
    sum(case when level = 'case' then 1 else 0 end) as cases
from core.unit
where is_commissioned and batch_no is not null
group by product_code, batch_no
