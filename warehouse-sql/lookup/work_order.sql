-- Work orders by every name a scan may call them.
select
    n.name,
    n.work_order_no,
    w.product_code,
    w.batch_no,
    w.factory,
    w.workshop,
    w.line,
    w.team,
    w.status
from core.work_order_name as n
left join (
    select
        work_order_no,
        min(product_code) as product_code,
        min(batch_no) as batch_no,
        min(factory) as factory,
        min(workshop) as workshop,
        min(line) as line,
        min(team) as team,
        min(status) as status
    from core.work_order
    where not is_deleted
    group by work_order_no
) as w on w.work_order_no = n.work_order_no
