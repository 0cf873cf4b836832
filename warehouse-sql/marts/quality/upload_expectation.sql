-- name: marts.upload_expectation
-- kind: table
-- grain: day, node
-- Units that should have been scanned and those that were: items commissioned on a day that a store_in reached;
-- goods issues of a day whose items were shipped by scan; product receipts of a day whose items were commissioned.
-- Scans count for the document they name, line by line up to its quantity: those that name a delivery for it, others
-- for the deliveries of their order. A receipt takes the items of its work order, else of its batch; earlier
-- receipts come first.
-- columns:
--   day: business day
--   node: commission, store_in or ship
--   expected: base units
--   present: those that have the event
with stored as (
    select day, 'store_in' as node, cast(sum(made) as decimal(38, 10)) as expected, cast(sum(stored) as decimal(38, 10)) as present
    from core.item_output
    where day is not null
    group by day
),
issue as (
    select
        day,
        delivery_no,
        order_no,
        product_code,
        cast(base_qty as decimal(38, 10)) as qty,
        sum(base_qty) over in_line - base_qty as qty_before,
        row_number() over in_line as turn
    from core.goods_issue
    where base_qty > 0
    window in_line as (
        partition by delivery_no, product_code
        order by try_cast(line_no as bigint) nulls last, line_no, system, source_id
        rows between unbounded preceding and current row
    )
),
issued as (
    select distinct delivery_no from issue
),
scanned as (
    select s.delivery_no, s.order_no, s.product_code, i.delivery_no is not null as is_delivery, sum(s.shipments) as items
    from core.document_scan as s
    left join issued as i on i.delivery_no = s.delivery_no
    group by s.delivery_no, s.order_no, s.product_code, i.delivery_no is not null
),
by_delivery as (
    select delivery_no, product_code, sum(items) as items from scanned where is_delivery group by delivery_no, product_code
),
by_order as (
    select order_no, product_code, sum(items) as items
    from scanned
    where not is_delivery and order_no is not null
    group by order_no, product_code
),
served as (
    select
        i.day,
        i.delivery_no,
        i.order_no,
        i.product_code,
        i.turn,
        i.qty,
        cast(greatest(least(i.qty, coalesce(d.items, 0) - i.qty_before), 0) as decimal(38, 10)) as present
    from issue as i
    left join by_delivery as d
        on d.delivery_no = i.delivery_no and (d.product_code is not distinct from i.product_code)
),
open_for_order as (
    select
        day,
        order_no,
        product_code,
        qty,
        present,
        qty - present as missing,
        sum(qty - present) over (
            partition by order_no, product_code
            order by day nulls last, delivery_no, turn
            rows between unbounded preceding and current row
        ) - (qty - present) as missing_before
    from served
),
shipped as (
    select
        s.day,
        'ship' as node,
        sum(s.qty) as expected,
        sum(s.present + greatest(least(s.missing, coalesce(o.items, 0) - s.missing_before), 0)) as present
    from open_for_order as s
    left join by_order as o on o.order_no = s.order_no and (o.product_code is not distinct from s.product_code)
    where s.day is not null
    group by s.day
),
receipt as (
    select
        business_date(r.received_at) as day,
        coalesce(n.work_order_no, r.work_order_no) as work_order_no,
        r.product_code,
        case when r.work_order_no is null then r.batch_no end as batch_no,
        r.receipt_no,
        r.line_no,
        r.system,
        r.source_id,
        cast(r.base_qty as decimal(38, 10)) as qty
    from core.product_receipt as r
    left join core.work_order_name as n on n.name = r.work_order_no
    where not r.is_deleted and r.status in ('approved', 'closed') and r.base_qty > 0
),
queued as (
    select
        *,
        sum(qty) over (
            partition by work_order_no, product_code, batch_no
            order by day nulls last, receipt_no, try_cast(line_no as bigint) nulls last, line_no, system, source_id
            rows between unbounded preceding and current row
        ) - qty as qty_before
    from receipt
),
of_work_order as (
    select work_order_no, product_code, sum(made) as items
    from core.item_output
    where work_order_no is not null
    group by work_order_no, product_code
),
of_batch as (
    select batch_no, product_code, sum(made) as items
    from core.item_output
    where batch_no is not null
    group by batch_no, product_code
),
commissioned as (
    select
        q.day,
        'commission' as node,
        sum(q.qty) as expected,
        sum(greatest(least(q.qty, coalesce(w.items, b.items, 0) - q.qty_before), 0)) as present
    from queued as q
    left join of_work_order as w on w.work_order_no = q.work_order_no and w.product_code = q.product_code
    left join of_batch as b
        on q.work_order_no is null and b.batch_no = q.batch_no and b.product_code = q.product_code
    where q.day is not null
    group by q.day
)
select day, node, expected, present from stored
union all
select day, node, cast(expected as decimal(38, 10)), cast(present as decimal(38, 10)) from shipped
union all
select day, node, cast(expected as decimal(38, 10)), cast(present as decimal(38, 10)) from commissioned
