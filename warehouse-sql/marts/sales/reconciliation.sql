-- name: marts.reconciliation
-- kind: table
-- grain: system?, line_source_id?, order_no?, product_code?, dealer_code?, day?
-- Lines of ERP orders against what was scanned on the order, in base units and items.
-- What is known of an order and a product but of no line goes to the lines of that product in line order:
-- deliveries that name no line up to what was ordered, scans up to what was delivered, then up to what was
-- ordered; what is left goes to the last line. A scan without an order takes those of its delivery's lines.
-- Where systems share an order number, a scan means the order of its own dealer. Orders that do not count
-- (drafts, cancelled ones) are shown if something of them was delivered or scanned.
-- columns:
--   system: the configured system; empty: not_in_erp
--   line_source_id: the order line's key in that system; empty: wrong_product and not_in_erp
--   order_no: the order; empty: not_in_erp
--   line_no: the line; empty: wrong_product and not_in_erp
--   day: business day of the order, for not_in_erp that of the ship
--   dealer_code: who ordered, for not_in_erp who got it
--   product_code: the product
--   ordered_qty: base units ordered
--   delivered_qty: base units on goods issues in force
--   scanned_qty: items shipped by scan, each once for the order, whether or not they came back
--   status: ok, open, short, over, wrong_product, wrong_dealer or not_in_erp
with header as (
    select system, order_no, dealer_code, day, is_counted
    from (
        select
            system,
            order_no,
            dealer_code,
            business_date(ordered_at) as day,
            coalesce(status in ('approved', 'closed'), false) as is_counted,
            row_number() over (
                partition by system, order_no
                order by coalesce(status in ('approved', 'closed'), false) desc, status = 'cancelled', source_id
            ) as place
        from core.sales_order
        where not is_deleted and order_no is not null
    ) as h
    where place = 1
),
-- The order a bare number means, for documents of another system.
home as (
    select order_no, system
    from (
        select
            order_no,
            system,
            row_number() over (partition by order_no order by is_counted desc, system) as place
        from header
    ) as h
    where place = 1
),
line as (
    select
        l.system,
        l.source_id,
        l.order_no,
        l.line_no,
        l.product_code,
        cast(coalesce(l.base_qty, 0) as decimal(38, 10)) as ordered_qty,
        row_number() over (
            partition by l.system, l.order_no, l.product_code
            order by try_cast(l.line_no as bigint) nulls last, l.line_no, l.source_id
        ) as turn,
        count(*) over (partition by l.system, l.order_no, l.product_code) as turns
    from core.sales_order_line as l
    join header as h on h.system = l.system and h.order_no = l.order_no
    where not l.is_deleted
),
numbered as (
    select system, order_no, line_no, min(source_id) as source_id
    from line
    where line_no is not null
    group by system, order_no, line_no
),
issued as (
    select
        coalesce(h.system, m.system) as system,
        i.order_no,
        i.product_code,
        n.source_id,
        i.base_qty
    from core.goods_issue as i
    left join header as h on h.system = i.system and h.order_no = i.order_no
    left join home as m on m.order_no = i.order_no
    left join numbered as n
        on n.system = coalesce(h.system, m.system) and n.order_no = i.order_no and n.line_no = i.order_line_no
    where coalesce(h.system, m.system) is not null
),
issued_on_line as (
    select system, source_id, sum(base_qty) as qty
    from issued
    where source_id is not null
    group by system, source_id
),
issued_of_product as (
    select system, order_no, product_code, sum(base_qty) as qty
    from issued
    where source_id is null
    group by system, order_no, product_code
),
wanted as (
    select
        l.system,
        l.source_id,
        l.order_no,
        l.line_no,
        l.product_code,
        l.ordered_qty,
        l.turn,
        l.turns,
        cast(coalesce(i.qty, 0) as decimal(38, 10)) as named_qty,
        cast(coalesce(p.qty, 0) as decimal(38, 10)) as nameless_qty,
        cast(greatest(l.ordered_qty - coalesce(i.qty, 0), 0) as decimal(38, 10)) as room
    from line as l
    left join issued_on_line as i on i.system = l.system and i.source_id = l.source_id
    left join issued_of_product as p
        on p.system = l.system and p.order_no = l.order_no and (p.product_code is not distinct from l.product_code)
),
queued as (
    select
        *,
        cast(sum(room) over (
            partition by system, order_no, product_code order by turn rows between unbounded preceding and current row
        ) - room as decimal(38, 10)) as room_before
    from wanted
),
delivered as (
    select
        system,
        source_id,
        order_no,
        line_no,
        product_code,
        ordered_qty,
        turn,
        turns,
        named_qty + case
            when turn = turns then nameless_qty - least(room_before, greatest(nameless_qty, 0))
            else greatest(least(room, nameless_qty - room_before), 0)
        end as delivered_qty
    from queued
),
scanned as (
    select
        order_no,
        delivery_no,
        dealer_code,
        product_code,
        day,
        sum(shipped) as items
    from core.document_scan
    group by order_no, delivery_no, dealer_code, product_code, day
),
meant as (
    select order_no, dealer_code, system
    from (
        select
            s.order_no,
            s.dealer_code,
            h.system,
            row_number() over (
                partition by s.order_no, s.dealer_code
                order by coalesce(h.dealer_code = s.dealer_code, false) desc, h.is_counted desc, h.system
            ) as place
        from (select distinct order_no, dealer_code from scanned where order_no is not null) as s
        join header as h on h.order_no = s.order_no
    ) as m
    where place = 1
),
-- The lines of a delivery of several orders, one behind the other on a scale of items.
parcel as (
    select
        i.delivery_no,
        i.product_code,
        coalesce(h.system, m.system) as system,
        i.order_no,
        sum(i.base_qty) over in_line - i.base_qty as begins,
        case when lead(i.source_id) over in_line is not null then sum(i.base_qty) over in_line end as ends
    from core.goods_issue as i
    join (select delivery_no, min(system) as system from core.goods_issue group by delivery_no) as d
        on d.delivery_no = i.delivery_no and d.system = i.system
    left join header as h on h.system = i.system and h.order_no = i.order_no
    left join home as m on m.order_no = i.order_no
    where coalesce(h.system, m.system) is not null
    window in_line as (
        partition by i.delivery_no, i.product_code
        order by try_cast(i.line_no as bigint) nulls last, i.line_no, i.source_id
    )
),
unordered as (
    select
        delivery_no,
        product_code,
        dealer_code,
        sum(items) as items,
        sum(sum(items)) over (partition by delivery_no, product_code order by dealer_code nulls last) as ends
    from scanned
    where order_no is null and delivery_no is not null
    group by delivery_no, product_code, dealer_code
),
parcelled as (
    select
        p.system,
        p.order_no,
        u.product_code,
        u.dealer_code,
        least(coalesce(p.ends, u.ends), u.ends) - greatest(p.begins, u.ends - u.items) as items
    from unordered as u
    join parcel as p on p.delivery_no = u.delivery_no and (p.product_code is not distinct from u.product_code)
    where least(coalesce(p.ends, u.ends), u.ends) > greatest(p.begins, u.ends - u.items)
),
on_order as (
    select m.system, s.order_no, s.product_code, s.dealer_code, cast(s.items as decimal(38, 10)) as items
    from scanned as s
    join meant as m on m.order_no = s.order_no and (m.dealer_code is not distinct from s.dealer_code)
    union all
    select system, order_no, product_code, dealer_code, cast(items as decimal(38, 10)) as items
    from parcelled
),
-- A scan that no order stands behind.
nowhere as (
    select s.dealer_code, s.product_code, s.day, s.items
    from scanned as s
    left anti join meant as m on m.order_no = s.order_no
    left anti join parcel as p
        on s.order_no is null and p.delivery_no = s.delivery_no
        and (p.product_code is not distinct from s.product_code)
    where s.items > 0
),
scanned_on as (
    select
        o.system,
        o.order_no,
        o.product_code,
        sum(o.items) as items,
        bool_or(coalesce(o.dealer_code <> h.dealer_code, false)) as is_elsewhere
    from on_order as o
    join header as h on h.system = o.system and h.order_no = o.order_no
    group by o.system, o.order_no, o.product_code
),
loaded as (
    select
        d.*,
        cast(coalesce(s.items, 0) as decimal(38, 10)) as items,
        coalesce(s.is_elsewhere, false) as is_elsewhere,
        -- Items are whole.
        cast(trunc(greatest(d.delivered_qty, 0)) as decimal(38, 10)) as due,
        cast(trunc(greatest(d.ordered_qty - greatest(d.delivered_qty, 0), 0)) as decimal(38, 10)) as spare
    from delivered as d
    left join scanned_on as s
        on s.system = d.system and s.order_no = d.order_no and (s.product_code is not distinct from d.product_code)
),
lined_up as (
    select
        *,
        cast(sum(due) over in_line - due as decimal(38, 10)) as due_before,
        cast(sum(spare) over in_line - spare as decimal(38, 10)) as spare_before,
        cast(greatest(items - sum(due) over whole, 0) as decimal(38, 10)) as surplus
    from loaded
    window
        in_line as (partition by system, order_no, product_code order by turn rows between unbounded preceding and current row),
        whole as (partition by system, order_no, product_code)
),
allotted as (
    select
        system,
        source_id,
        order_no,
        line_no,
        product_code,
        ordered_qty,
        delivered_qty,
        is_elsewhere,
        greatest(least(due, items - due_before), 0) + case
            when turn = turns then surplus - least(spare_before, surplus)
            else greatest(least(spare, surplus - spare_before), 0)
        end as scanned_qty
    from lined_up
),
listed as (
    select
        a.system,
        a.source_id as line_source_id,
        a.order_no,
        a.line_no,
        a.product_code,
        a.ordered_qty,
        a.delivered_qty,
        a.scanned_qty,
        case
            when a.is_elsewhere and a.scanned_qty > 0 then 'wrong_dealer'
            when a.delivered_qty = 0 and a.scanned_qty = 0 then 'open'
            when a.scanned_qty = a.delivered_qty then 'ok'
            when a.scanned_qty < a.delivered_qty then 'short'
            else 'over'
        end as status
    from allotted as a
    union all
    select
        s.system,
        cast(null as varchar) as line_source_id,
        s.order_no,
        cast(null as varchar) as line_no,
        s.product_code,
        cast(0 as decimal(38, 10)) as ordered_qty,
        cast(coalesce(p.qty, 0) as decimal(38, 10)) as delivered_qty,
        s.items as scanned_qty,
        'wrong_product' as status
    from scanned_on as s
    left anti join line as l
        on l.system = s.system and l.order_no = s.order_no and (l.product_code is not distinct from s.product_code)
    left join issued_of_product as p
        on p.system = s.system and p.order_no = s.order_no and (p.product_code is not distinct from s.product_code)
    where s.items > 0
),
moved as (
    select distinct system, order_no from listed where delivered_qty <> 0 or scanned_qty <> 0
)
select
    l.system,
    l.line_source_id,
    l.order_no,
    l.line_no,
    h.day,
    h.dealer_code,
    l.product_code,
    l.ordered_qty,
    l.delivered_qty,
    cast(l.scanned_qty as bigint) as scanned_qty,
    l.status
from listed as l
join header as h on h.system = l.system and h.order_no = l.order_no
left join moved as m on m.system = l.system and m.order_no = l.order_no
where h.is_counted or m.order_no is not null
union all
select
    cast(null as varchar) as system,
    cast(null as varchar) as line_source_id,
    cast(null as varchar) as order_no,
    cast(null as varchar) as line_no,
    day,
    dealer_code,
    product_code,
    cast(0 as decimal(38, 10)) as ordered_qty,
    cast(0 as decimal(38, 10)) as delivered_qty,
    sum(items) as scanned_qty,
    'not_in_erp' as status
from nowhere
group by day, dealer_code, product_code
