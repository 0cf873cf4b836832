-- Every unit a recall reaches, with the one state it is in. A unit belongs to the work order its commission names,
-- or, if it names none, to the batch; a range of codes brings what its containers ever held. One kind of scope
-- at a time, so that no unit comes twice.
-- parameters: material text, lot text, product text, batch text, work_order text, line text, from instant, to instant, codes_from text, codes_to text
with whole as (
    select work_order_no, product_code, batch_no from recall.closure where is_whole
),
of_work_order as (
    select u.*
    from whole as w
    join core.unit_fact as u on u.work_order_no = w.work_order_no
),
-- A line may name a work order that no system knows.
of_unknown_order as (
    select u.*
    from core.unit_fact as u
    left anti join whole as w on w.work_order_no = u.work_order_no
    -- Here and below known when it is planned: what was not asked for is not read.
    where cast($work_order as varchar) is not null and u.work_order_no = cast($work_order as varchar)
),
of_asked_batch as (
    select u.*
    from core.unit_fact as u
    left anti join whole as w on w.work_order_no = u.work_order_no
    where
        (cast($lot as varchar) is not null or cast($batch as varchar) is not null)
        and u.product_code = coalesce(cast($material as varchar), cast($product as varchar))
        and u.batch_no = coalesce(cast($lot as varchar), cast($batch as varchar))
),
spread as (
    select distinct product_code, batch_no
    from whole
    where
        product_code is not null
        and batch_no is not null
        and not (
            coalesce(product_code = coalesce(cast($material as varchar), cast($product as varchar)), false)
            and coalesce(batch_no = coalesce(cast($lot as varchar), cast($batch as varchar)), false)
        )
),
of_batch as (
    select u.*
    from spread as b
    join core.unit_fact as u on u.product_code = b.product_code and u.batch_no = b.batch_no
    where u.work_order_no is null
),
commissioned as (
    select e.event_id, e.content_hash
    from core.scan_event as e
    left join core.work_order_name as n on n.name = e.work_order_no
    left join (
        select work_order_no, min(line) as line from core.work_order where not is_deleted group by work_order_no
    ) as w on w.work_order_no = n.work_order_no
    where
        cast($line as varchar) is not null
        and e.event_type = 'commission'
        and not e.is_voided
        and e.event_time >= cast($from as timestamptz)
        and e.event_time <= cast($to as timestamptz)
        and coalesce(e.line, w.line) = cast($line as varchar)
),
of_line as (
    select u.*
    from commissioned as c
    join core.unit_fact as u on u.commission_event_id = c.event_id and u.commission_hash = c.content_hash
    left anti join whole as w on w.work_order_no = u.work_order_no
    left anti join spread as b on u.work_order_no is null and b.product_code = u.product_code and b.batch_no = u.batch_no
),
named as (
    select *
    from core.unit_fact
    where
        cast($codes_from as varchar) is not null
        and code >= normalize_code(cast($codes_from as varchar))
        and code <= normalize_code(cast($codes_to as varchar))
        -- Numbers of one length lie in order; one with more digits behind lies between them and is not meant.
        and (
            length(code) = length(normalize_code(cast($codes_from as varchar)))
            or length(normalize_code(cast($codes_from as varchar))) <> length(normalize_code(cast($codes_to as varchar)))
        )
),
held as (
    select distinct a.bucket, a.code
    from (select code from named where coalesce(level, 'item') <> 'item') as n
    join core.ancestry as a on a.ancestor_code = n.code
    left anti join named as own on own.code = a.code
),
of_range as (
    select * from named
    union all
    select u.*
    from held as h
    join core.unit_fact as u on u.bucket = h.bucket and u.code = h.code
),
in_scope as (
    select * from of_work_order
    union all
    select * from of_unknown_order
    union all
    select * from of_asked_batch
    union all
    select * from of_batch
    union all
    select * from of_line
    union all
    select * from of_range
),
decided as (
    select s.*, unit_state(s.facts, as_of(), r.transit_days) as standing
    from in_scope as s
    cross join rules.recall as r
)
select
    bucket,
    code,
    printed_code,
    coalesce(level, 'item') as level,
    product_code,
    batch_no,
    work_order_no,
    is_commissioned,
    commissioned_at,
    standing['state'] as state,
    standing['is_inferred'] as is_inferred,
    last_event_type,
    last_event_at,
    container_code,
    dealer_code,
    held_since,
    delivery_no,
    order_no,
    delivered_at,
    earlier_holds
from decided
