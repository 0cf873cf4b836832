-- name: core.work_order_name
-- kind: table
-- grain: name
-- What a scan may call a work order: its own number, or the document's while that has one line.
-- columns:
--   name: what is written
--   work_order_no: the work order meant
with living as (
    select work_order_no, document_no from core.work_order where not is_deleted
),
single as (
    select document_no as name, min(work_order_no) as work_order_no
    from living
    where document_no is not null
    group by document_no
    having count(distinct work_order_no) = 1
),
own as (
    select distinct work_order_no as name from living where work_order_no is not null
)
select name, name as work_order_no from own
union all
select s.name, s.work_order_no
from single as s
left join own as o on o.name = s.name
where o.name is null
