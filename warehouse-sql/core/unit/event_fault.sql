-- name: core.event_fault
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with c as (select code from changed.core__event_code group by code, event_id, content_hash, is_voided, parent_code having count(*) = 1), u as (select code from changed.core__unit group by code, product_code, is_commissioned, commission_event_id, commission_hash, commissioned_at having count(*) = 1), x as (select code from changed.core__unit_movement where event_type = 'decommission' group by code, event_id, content_hash, via_code, event_time having count(*) = 1), i as (select code from changed.core__containment group by code, parent_code, contained_from, contained_to, end_event_id having count(*) = 1), m as (select event_id, content_hash from (select event_id, content_hash from changed.core__movement group by event_id, content_hash, holder_code having count(*) = 1) group by event_id, content_hash having count(*) > 1), o as (select order_no from changed.core__sales_order group by system, source_id, order_no, dealer_code, is_deleted having count(*) = 1 union select order_no from changed.core__sales_order_line group by system, source_id, order_no, product_code, is_deleted having count(*) = 1), d as (select delivery_no from changed.core__delivery group by system, source_id, delivery_no, dealer_code, is_deleted having count(*) = 1 union select delivery_no from changed.core__delivery_line group by system, source_id, delivery_no, product_code, is_deleted having count(*) = 1), w as (select name from changed.core__work_order_name group by name, work_order_no having count(*) = 1 union select n.name from changed.core__work_order as c join core.work_order_name as n on c.work_order_no = n.work_order_no) select e.bucket, e.code from m join core.event_code as e on m.event_id = e.event_id and m.content_hash = e.content_hash union select e.bucket, e.code from o join core.event_code as e on o.order_no = e.order_no union select e.bucket, e.code from d join core.event_code as e on d.delivery_no = e.delivery_no union select e.bucket, e.code from w join core.event_code as e on w.name = e.work_order_no union select bucket(code) as bucket, code from (select code from c union all select code from u union all select code from x union all select code from i)
-- slice: core.event_code, core.unit, core.unit_movement, core.containment
-- grain: event_id, content_hash, code
-- Codes that an event should not have named, with the first reason that fits: nobody ever commissioned it; it was
-- commissioned before; it was in another container, or not in the one it is said to come out of, as the law of
-- containment has it; it moved or was sold before it was commissioned or after it was decommissioned; or the event
-- names a document that nobody knows or that speaks of another product, batch or dealer. Quantities are not
-- compared; what one side does not say is no disagreement. Void events and those without a time are not judged.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the event
--   content_hash: tells two events with one id apart
--   code: the unit
--   month: month of the event in UTC
--   fault: unknown_code, not_new, parent_unreadable, in_other_parent, not_in_parent, not_commissioned,
--     decommissioned, unknown_document, other_product, other_batch or other_dealer
with decommissioned as (
    select code, min(event_time) as decommissioned_at
    from core.unit_movement
    where event_type = 'decommission'
    group by code
),
judged as (
    select
        e.bucket,
        e.event_id,
        e.content_hash,
        e.code,
        substr(cast(e.event_time as varchar), 1, 7) as month,
        e.event_type,
        e.event_time,
        e.parent_code,
        e.product_code,
        e.batch_no,
        e.work_order_no,
        e.order_no,
        e.delivery_no,
        u.product_code as unit_product,
        coalesce(u.is_commissioned, false) as is_known,
        u.commission_event_id <> e.event_id or u.commission_hash <> e.content_hash as is_again,
        u.commissioned_at > e.event_time as is_early,
        -- At the same time the decommission comes last.
        d.decommissioned_at < e.event_time as is_late
    from core.event_code as e
    left join core.unit as u on u.code = e.code
    left join decommissioned as d on d.code = e.code
    where not e.is_voided and e.event_time is not null
),
state_fault as (
    select
        bucket,
        event_id,
        content_hash,
        code,
        month,
        case
            when not is_known then 'unknown_code'
            when event_type = 'commission' then 'not_new'
            when is_early then 'not_commissioned'
            else 'decommissioned'
        end as fault
    from judged
    where
        not is_known
        or (event_type = 'commission' and is_again)
        or (event_type = 'pack' and is_early)
        or (
            event_type in (
                'store_in', 'store_move', 'ship', 'void_ship', 'receive', 'transfer', 'return', 'open_case', 'sell',
                'purchase_check'
            )
            and (is_early or is_late)
        )
),
placeholder as (
    select distinct normalize_code(code) as code from rules.placeholder
),
-- What the law made of a pack or unpack is the stay that it ended.
packing as (
    select
        j.bucket,
        j.event_id,
        j.content_hash,
        j.code,
        j.month,
        case
            when j.event_type = 'unpack' then
                case when s.parent_code is null or s.parent_code <> j.parent_code then 'not_in_parent' end
            when
                j.parent_code is null
                or j.parent_code = j.code
                or btrim(j.parent_code, '0') = ''
                or p.code is not null
                then 'parent_unreadable'
            when s.parent_code <> j.parent_code then 'in_other_parent'
        end as fault
    from judged as j
    left join core.containment as s
        on s.code = j.code and s.end_event_id = j.event_id and s.contained_to = j.event_time
    left join placeholder as p on p.code = j.parent_code
    where j.event_type in ('pack', 'unpack')
),
-- Every document that an event names; a document is what all systems say of its number.
naming as (
    select bucket, event_id, content_hash, code, month, event_type, 'order' as document, order_no as number, product_code, unit_product
    from judged
    where order_no is not null
    union all
    select bucket, event_id, content_hash, code, month, event_type, 'delivery' as document, delivery_no as number, product_code, unit_product
    from judged
    where delivery_no is not null
),
known as (
    select distinct 'order' as document, order_no as number from core.sales_order where not is_deleted
    union all
    select distinct 'delivery' as document, delivery_no as number from core.delivery where not is_deleted
),
dealer as (
    select distinct 'order' as document, order_no as number, dealer_code
    from core.sales_order
    where not is_deleted and dealer_code is not null
    union all
    select distinct 'delivery' as document, delivery_no as number, dealer_code
    from core.delivery
    where not is_deleted and dealer_code is not null
),
product as (
    select distinct 'order' as document, order_no as number, product_code
    from core.sales_order_line
    where not is_deleted and product_code is not null
    union all
    select distinct 'delivery' as document, delivery_no as number, product_code
    from core.delivery_line
    where not is_deleted and product_code is not null
),
work_order as (
    select n.name, min(w.product_code) as product_code, min(w.batch_no) as batch_no
    from core.work_order_name as n
    join core.work_order as w on w.work_order_no = n.work_order_no
    where not w.is_deleted
    group by n.name
),
made as (
    select
        j.bucket,
        j.event_id,
        j.content_hash,
        j.code,
        j.month,
        case
            when w.name is null then 'unknown_document'
            when w.product_code <> j.product_code or w.product_code <> j.unit_product then 'other_product'
            when w.batch_no <> j.batch_no then 'other_batch'
        end as fault
    from work_order as w
    right join judged as j on w.name = j.work_order_no
    where j.work_order_no is not null
),
speaking as (
    select bucket, event_id, content_hash, code, month, document, number, product_code as product
    from naming
    where product_code is not null
    union all
    select bucket, event_id, content_hash, code, month, document, number, unit_product as product
    from naming
    where unit_product is not null
),
-- A ship or receive says who has the goods afterwards.
handing as (
    select n.bucket, n.event_id, n.content_hash, n.code, n.month, n.document, n.number, m.holder_code
    from naming as n
    join core.movement as m on m.event_id = n.event_id and m.content_hash = n.content_hash
    where n.event_type in ('ship', 'receive') and m.holder_code is not null
),
found as (
    select bucket, event_id, content_hash, code, month, fault, 1 as rank
    from state_fault
    union all
    select bucket, event_id, content_hash, code, month, fault, 2 as rank
    from packing
    where fault is not null
    union all
    select n.bucket, n.event_id, n.content_hash, n.code, n.month, 'unknown_document' as fault, 3 as rank
    from naming as n
    left anti join known as k on k.document = n.document and k.number = n.number
    union all
    select bucket, event_id, content_hash, code, month, fault, case when fault = 'unknown_document' then 3 else 4 end as rank
    from made
    where fault is not null
    union all
    select s.bucket, s.event_id, s.content_hash, s.code, s.month, 'other_product' as fault, 5 as rank
    from speaking as s
    left semi join product as l on l.document = s.document and l.number = s.number
    left anti join product as p on p.document = s.document and p.number = s.number and p.product_code = s.product
    union all
    select h.bucket, h.event_id, h.content_hash, h.code, h.month, 'other_dealer' as fault, 6 as rank
    from handing as h
    left semi join dealer as l on l.document = h.document and l.number = h.number
    left anti join dealer as d on d.document = h.document and d.number = h.number and d.dealer_code = h.holder_code
),
ranked as (
    select
        bucket,
        event_id,
        content_hash,
        code,
        month,
        fault,
        row_number() over (partition by event_id, content_hash, code order by rank, fault) as place
    from found
)
select bucket, event_id, content_hash, code, month, fault from ranked where place = 1
