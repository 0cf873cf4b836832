-- name: core.unit_origin
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with e as (select code, parent_code, work_order_no from changed.core__event_code group by code, event_id, content_hash, is_voided, parent_code, work_order_no having count(*) = 1), a as (select code from changed.core__container group by code, height having count(*) = 1), n as (select name from changed.core__work_order_name group by name, work_order_no having count(*) = 1 union select work_order_no as name from changed.core__work_order group by work_order_no, product_code, batch_no, is_deleted having count(*) = 1 union select document_no as name from changed.core__work_order group by document_no, work_order_no, product_code, batch_no, is_deleted having count(*) = 1), d as (select delivery_no from changed.core__delivery_line group by delivery_no, source_id, product_code, is_deleted having count(*) = 1), s as (select code from changed.core__containment group by code, parent_code, contained_from having count(*) = 1), c as (select code from e union select parent_code as code from e where parent_code is not null union select code from s union select code from a union select x.code from n join core.event_code as x on n.name = x.work_order_no union select x.code from d join core.event_code as x on d.delivery_no = x.delivery_no) select distinct bucket(code) as bucket, code from c
-- slice: core.event_code, core.containment
-- grain: code
-- What every unit says of itself. Units are the codes that production, packing or logistics knows; codes that
-- were only looked up are none.
-- Level is that of the commission, else read off the packing: what holds containers is a pallet, what
-- holds anything a case, the rest items. The product is that of the commission, else of its work order,
-- else of another scan. What its delivery says stands beside it, because goods go out on wrong documents.
-- columns:
--   bucket: piece of the unit-wise tables
--   code: the unit
--   printed_code: as printed
--   level: item, case or pallet
--   product_code: the product
--   delivered_product: the product of its delivery, if that has one
--   batch_no: the batch
--   work_order_no: the work order
--   is_commissioned: a line bound the code to a unit
--   commission_event_id: the commission
--   commission_hash: content hash of the commission
--   commissioned_at: when
with commissioning as (
    select code, printed_code, level, product_code, batch_no, work_order_no, event_id, content_hash, event_time
    from core.event_code
    where event_type = 'commission' and not is_voided
),
-- Nearly every unit is commissioned once; only the others need ranking.
commission_once as (
    select
        code,
        min(printed_code) as printed_code,
        min(level) as level,
        min(product_code) as product_code,
        min(batch_no) as batch_no,
        min(work_order_no) as work_order_no,
        min(event_id) as event_id,
        min(content_hash) as content_hash,
        min(event_time) as event_time
    from commissioning
    group by code
    having count(*) = 1
),
commission_again as (
    select
        c.*,
        row_number() over (partition by c.code order by c.event_time nulls last, c.event_id, c.content_hash) as place
    from commissioning as c
    left anti join commission_once as o on o.code = c.code
),
commission as (
    select code, printed_code, level, product_code, batch_no, work_order_no, event_id, content_hash, event_time
    from commission_once
    union all
    select code, printed_code, level, product_code, batch_no, work_order_no, event_id, content_hash, event_time
    from commission_again
    where place = 1
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
known as (
    select code from scanned
    union
    select code from core.container
),
child as (
    select distinct code from core.containment
)
select
    bucket(k.code) as bucket,
    k.code,
    coalesce(c.printed_code, s.printed_code, k.code) as printed_code,
    case
        when c.level is not null then c.level
        when t.height >= 2 then 'pallet'
        when t.height = 1 then 'case'
        when c.code is not null or i.code is not null then 'item'
    end as level,
    coalesce(c.product_code, w.product_code, s.product_code) as product_code,
    d.product_code as delivered_product,
    coalesce(c.batch_no, w.batch_no) as batch_no,
    coalesce(n.work_order_no, c.work_order_no) as work_order_no,
    c.code is not null as is_commissioned,
    c.event_id as commission_event_id,
    c.content_hash as commission_hash,
    c.event_time as commissioned_at
from known as k
left join commission as c on c.code = k.code
left join scanned as s on s.code = k.code
left join core.container as t on t.code = k.code
left join child as i on i.code = k.code
left join core.work_order_name as n on n.name = c.work_order_no
left join (
    select work_order_no, min(product_code) as product_code, min(batch_no) as batch_no
    from core.work_order
    where not is_deleted
    group by work_order_no
) as w on w.work_order_no = n.work_order_no
left join named_by_delivery as d on d.delivery_no = s.delivery_no
