-- name: core.unit
-- kind: table
-- partition: bucket
-- touched: with e as (select code, parent_code, work_order_no from changed.core__event_code group by code, event_id, content_hash, is_voided, parent_code, work_order_no having count(*) = 1), a as (select code, ancestor_code from changed.core__ancestry group by code, ancestor_code, depth, inside_from, inside_to having count(*) = 1), n as (select name from changed.core__work_order_name group by name, work_order_no having count(*) = 1 union select work_order_no as name from changed.core__work_order group by work_order_no, product_code, batch_no, is_deleted having count(*) = 1 union select document_no as name from changed.core__work_order group by document_no, work_order_no, product_code, batch_no, is_deleted having count(*) = 1), d as (select delivery_no from changed.core__delivery_line group by delivery_no, source_id, product_code, is_deleted having count(*) = 1), s as (select code from changed.core__containment group by code, parent_code, contained_from having count(*) = 1), c as (select code from e union select parent_code as code from e where parent_code is not null union select code from s union select code from a union select ancestor_code as code from a union select x.code from core.event_code as x join n on n.name = x.work_order_no union select x.code from core.event_code as x join d on d.delivery_no = x.delivery_no) select bucket(code) as bucket from c union select y.bucket from core.ancestry as y join c on c.code = y.ancestor_code union select bucket(y.ancestor_code) as bucket from core.ancestry as y join c on c.code = y.code
-- grain: code
-- Every unit that production, packing or logistics knows. Codes that were only looked up are no units.
-- Level is that of the commission, else read off the packing: what holds containers is a pallet, what
-- holds anything a case, the rest items. The product is that of the commission, else of its work order,
-- else of another scan, else of its delivery if that has one product, else of all it ever contained or was
-- contained in, if they agree.
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
with commission as (
    select
        code,
        printed_code,
        level,
        product_code,
        batch_no,
        work_order_no,
        event_id,
        content_hash,
        event_time,
        row_number() over (partition by code order by event_time nulls last, event_id, content_hash) as place
    from core.event_code
    where event_type = 'commission' and not is_voided
),
named_by_delivery as (
    select delivery_no, min(product_code) as product_code
    from core.delivery_line
    where not is_deleted and product_code is not null
    group by delivery_no
    having count(distinct product_code) = 1
),
scanned as (
    select
        e.code,
        min(e.printed_code) as printed_code,
        min(case when e.event_type <> 'commission' then e.product_code end) as product_code,
        min(case when e.event_type = 'ship' then e.delivery_no end) as delivery_no
    from core.event_code as e
    where not e.is_voided and e.event_type in ('commission', 'pack', 'unpack', 'inspect', 'store_in', 'store_move', 'ship', 'void_ship', 'receive', 'transfer', 'return', 'decommission', 'recall')
    group by e.code
),
container as (
    select ancestor_code as code, max(depth) as height from core.ancestry group by ancestor_code
),
known as (
    select code from scanned
    union
    select code from container
),
child as (
    select distinct code from core.containment
),
own as (
    select
        k.code,
        coalesce(c.printed_code, s.printed_code, k.code) as printed_code,
        case
            when c.level is not null then c.level
            when t.height >= 2 then 'pallet'
            when t.height = 1 then 'case'
            when c.code is not null or i.code is not null then 'item'
        end as level,
        coalesce(c.product_code, w.product_code, s.product_code, d.product_code) as product_code,
        coalesce(c.batch_no, w.batch_no) as batch_no,
        coalesce(n.work_order_no, c.work_order_no) as work_order_no,
        c.code is not null as is_commissioned,
        c.event_id as commission_event_id,
        c.content_hash as commission_hash,
        c.event_time as commissioned_at
    from known as k
    left join commission as c on c.code = k.code and c.place = 1
    left join scanned as s on s.code = k.code
    left join container as t on t.code = k.code
    left join child as i on i.code = k.code
    left join core.work_order_name as n on n.name = c.work_order_no
    left join (
        select work_order_no, min(product_code) as product_code, min(batch_no) as batch_no
        from core.work_order
        where not is_deleted
        group by work_order_no
    ) as w on w.work_order_no = n.work_order_no
    left join named_by_delivery as d on d.delivery_no = s.delivery_no
),
nameless as (
    select code from own where product_code is null
),
relative as (
    select n.code, o.product_code
    from nameless as n
    join core.ancestry as a on a.ancestor_code = n.code
    join own as o on o.code = a.code
    where o.product_code is not null
    union
    select n.code, o.product_code
    from nameless as n
    join core.ancestry as a on a.code = n.code
    join own as o on o.code = a.ancestor_code
    where o.product_code is not null
),
agreed as (
    select code, min(product_code) as product_code from relative group by code having count(*) = 1
)
select
    bucket(o.code) as bucket,
    o.code,
    o.printed_code,
    o.level,
    coalesce(o.product_code, a.product_code) as product_code,
    o.batch_no,
    o.work_order_no,
    o.is_commissioned,
    o.commission_event_id,
    o.commission_hash,
    o.commissioned_at
from own as o
left join agreed as a on a.code = o.code
