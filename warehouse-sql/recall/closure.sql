-- The work orders a recall reaches. Depth 0 made what was asked for; a lot reaches the work orders that used it, and
-- their batches are lots of others: the backward closure core.work_order_material read the other way round, as
-- deep as that is. A work order of which only a stretch on a line was asked for is not whole; its batch spreads
-- all the same, because a batch cannot be told apart once it is used. One kind of scope at a time.
-- parameters: material text, lot text, product text, batch text, work_order text, line text, from instant, to instant
with living as (
    select work_order_no, document_no, product_code, batch_no, line from core.work_order where not is_deleted
),
-- What a line did in the time asked for.
run as (
    select
        coalesce(n.work_order_no, e.work_order_no) as work_order_no,
        coalesce(e.product_code, w.product_code) as product_code,
        coalesce(e.batch_no, w.batch_no) as batch_no
    from core.scan_event as e
    left join core.work_order_name as n on n.name = e.work_order_no
    left join living as w on w.work_order_no = n.work_order_no
    where
        -- Known when it is planned: the events are read for a line only.
        cast($line as varchar) is not null
        and e.event_type in ('commission', 'consume')
        and not e.is_voided
        and e.event_time >= cast($from as timestamptz)
        and e.event_time <= cast($to as timestamptz)
        and coalesce(e.line, w.line) = cast($line as varchar)
),
asked as (
    select
        coalesce(cast($material as varchar), cast($product as varchar)) as product_code,
        coalesce(cast($lot as varchar), cast($batch as varchar)) as batch_no
),
start as (
    select w.work_order_no, true as is_whole
    from asked as a
    join living as w on w.product_code = a.product_code and w.batch_no = a.batch_no
    union
    select w.work_order_no, true as is_whole
    from living as w
    where cast($work_order as varchar) in (w.work_order_no, w.document_no)
    union
    select work_order_no, false as is_whole from run where work_order_no is not null
),
lot as (
    select product_code, batch_no from asked
    union
    select w.product_code, w.batch_no
    from start as s
    join living as w on w.work_order_no = s.work_order_no
    union
    -- The line may have named another batch than the order.
    select u.product_code, u.batch_no
    from start as s
    join core.unit_fact as u on u.work_order_no = s.work_order_no
    where s.is_whole
    union
    select product_code, batch_no from run
),
reached as (
    select work_order_no, 0 as depth, is_whole from start
    union all
    select m.work_order_no, m.depth, true as is_whole
    from lot as l
    join core.work_order_material as m on m.material_code = l.product_code and m.lot_no = l.batch_no
),
nearest as (
    select work_order_no, min(depth) as depth, bool_or(is_whole) as is_whole from reached group by work_order_no
),
described as (
    select work_order_no, min(product_code) as product_code, min(batch_no) as batch_no, min(line) as line
    from living
    group by work_order_no
)
select n.work_order_no, n.depth, n.is_whole, d.product_code, d.batch_no, d.line
from nearest as n
left join described as d on d.work_order_no = n.work_order_no
order by n.depth, n.work_order_no
