-- name: core.unit_fact
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with e as (select code from changed.core__event_code group by code, event_id, content_hash, is_voided, parent_code having count(*) = 1), a as (select code from changed.core__ancestry group by code, ancestor_code, depth, inside_from, inside_to having count(*) = 1), u as (select code from changed.core__unit group by code, printed_code, level, product_code, batch_no, work_order_no, is_commissioned, commission_event_id, commission_hash, commissioned_at having count(*) = 1), m as (select code from changed.core__unit_movement group by code, event_id, content_hash, via_code, event_type, event_time, depth, holder_code, is_internal, is_at_store, channel, delivery_no, order_no, corrects_event_id having count(*) = 1), s as (select code from changed.core__shipment group by code, event_id, event_type, event_time, dealer_code, channel, delivery_no, order_no, is_inferred, via_code, is_voided, is_repeat having count(*) = 1), k as (select code from changed.core__custody group by code, dealer_code, held_from, held_to, held_since, channel, start_event_id, is_inferred, ship_event_id, ship_via_code, delivery_no, order_no, continues having count(*) = 1), i as (select code from changed.core__containment group by code, parent_code, contained_from, contained_to, start_event_id, end_event_id having count(*) = 1), t as (select code from changed.core__container_event group by code, event_id, content_hash, event_type, event_time, store_code, is_voided having count(*) = 1), l as (select code from changed.core__sale group by code, sold_at having count(*) = 1) select distinct bucket(code) as bucket, code from (select code from e union all select y.code from t join core.ancestry as y on t.code = y.ancestor_code union all select code from a union all select code from u union all select code from m union all select code from s union all select code from k union all select code from i union all select code from l)
-- slice: core.event_code, core.unit, core.unit_movement, core.shipment, core.custody, core.containment, core.sale, core.ancestry
-- grain: code
-- What the state of a unit follows from, and where it was last: all that a recall reads of a unit. Nothing here
-- depends on the clock but through the events seen.
-- Rows lie in order of work order, group by group, so that a recall of one reads few of them.
-- columns:
--   bucket: piece, by the unit's code
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
--   facts: what its state follows from, as the function unit_state takes it: is_commissioned; left_line_at, the
--     first store_in or ship; sold_at, the sale that holds; first decommissioned_at; last bought_at, returned_at,
--     reached_store_at, reached_dealer_at and shipped_at; each of these six once more as own_…, as far as its own
--     code was scanned
--   last_event_type: the last thing that happened to it
--   last_event_at: when
--   container_code: what it is inside of
--   dealer_code: who has it
--   held_since: since when
--   delivery_no: the delivery it came with
--   order_no: the order it came with
--   delivered_at: when that was shipped
--   first_store_in_at: the first store_in that reached it
--   first_ship_at: the first ship, cancelled ones left out
--   first_receive_at: the first receive
--   first_sell_at: the first sell of its own code
--   first_verify_at: the first verify of its own code
--   last_returned_at: the last return
--   earlier_holds: who had it before, or had it by an earlier ship, in order, with delivery_no, order_no and
--     delivered_at
with scanned as (
    select bucket, code, event_id, event_type, event_time, store_code
    from core.event_code
    where not is_voided and event_time is not null
),
happening as (
    select bucket, code, event_id, event_type, event_time, store_code, true as is_own
    from scanned
    union all
    select a.bucket, a.code, s.event_id, s.event_type, s.event_time, s.store_code, false as is_own
    from core.ancestry as a
    join core.container_event as s
        on s.code = a.ancestor_code
        and s.event_time >= a.inside_from
        and (a.inside_to is null or s.event_time < a.inside_to)
    where not s.is_voided
),
happened as (
    select
        bucket,
        code,
        min(case when event_type in ('store_in', 'ship') then event_time end) as left_line_at,
        min(case when event_type = 'store_in' then event_time end) as first_store_in_at,
        min(case when event_type = 'receive' then event_time end) as first_receive_at,
        min(case when event_type = 'sell' then event_time end) as first_sell_at,
        min(case when event_type = 'verify' then event_time end) as first_verify_at,
        min(case when event_type = 'decommission' then event_time end) as decommissioned_at,
        min(case when event_type = 'decommission' and is_own then event_time end) as own_decommissioned_at,
        max(case when event_type = 'purchase_check' then event_time end) as bought_at,
        max(case when event_type = 'purchase_check' and is_own then event_time end) as own_bought_at,
        max(case when event_type = 'open_case' and store_code is not null then event_time end) as opened_at,
        max(case when event_type = 'open_case' and store_code is not null and is_own then event_time end) as own_opened_at,
        last_value(event_type order by event_time, type_precedence(event_type), event_id) as last_event_type,
        max(event_time) as last_event_at
    from happening
    group by bucket, code
),
moved as (
    select
        bucket,
        code,
        max(case when event_type = 'return' then event_time end) as returned_at,
        max(case when event_type = 'return' and depth = 0 then event_time end) as own_returned_at,
        max(case when event_type = 'receive' and is_at_store then event_time end) as received_at,
        max(case when event_type = 'receive' and is_at_store and depth = 0 then event_time end) as own_received_at,
        max(case when event_type in ('receive', 'transfer') then event_time end) as reached_dealer_at,
        max(case when event_type in ('receive', 'transfer') and depth = 0 then event_time end) as own_reached_dealer_at
    from core.unit_movement
    where event_type in ('return', 'receive', 'transfer') and not is_internal
    group by bucket, code
),
shipped as (
    select
        bucket,
        code,
        max(event_time) as shipped_at,
        max(case when not is_inferred then event_time end) as own_shipped_at,
        min(event_time) as first_shipped_at
    from core.shipment
    where event_type = 'ship' and not is_voided
    group by bucket, code
),
-- From one of our own warehouses to another.
sent as (
    select bucket, code, min(event_time) as first_sent_at
    from core.unit_movement
    where event_type = 'ship' and is_internal
    group by bucket, code
),
dispatch as (
    select bucket, code, event_id, min(event_time) as delivered_at
    from core.shipment
    where event_type = 'ship'
    group by bucket, code, event_id
),
held as (
    select
        c.bucket,
        c.code,
        c.dealer_code,
        c.held_from,
        c.held_to,
        c.held_since,
        c.ship_event_id,
        c.delivery_no,
        c.order_no,
        d.delivered_at
    from core.custody as c
    left join dispatch as d on d.bucket = c.bucket and d.code = c.code and d.event_id = c.ship_event_id
),
cancelled as (
    select bucket, code, event_id from core.shipment where event_type = 'ship' and is_voided
),
earlier as (
    select
        h.bucket,
        h.code,
        -- Sorted afterwards: an ordered aggregate of structs keeps every batch it ever saw.
        array_sort(array_agg(named_struct(
            'held_from', h.held_from,
            'dealer_code', h.dealer_code,
            'delivery_no', h.delivery_no,
            'order_no', h.order_no,
            'delivered_at', h.delivered_at
        ))) as earlier_holds
    from held as h
    -- What was never sent was never held, even if it took a while until that was known.
    left anti join cancelled as x on x.bucket = h.bucket and x.code = h.code and x.event_id = h.ship_event_id
    where h.held_to is not null
    group by h.bucket, h.code
)
select
    u.bucket,
    u.code,
    u.printed_code,
    u.level,
    u.product_code,
    u.batch_no,
    u.work_order_no,
    u.is_commissioned,
    u.commission_event_id,
    u.commission_hash,
    u.commissioned_at,
    named_struct(
        'is_commissioned', u.is_commissioned,
        'left_line_at', h.left_line_at,
        'sold_at', s.sold_at,
        'decommissioned_at', h.decommissioned_at,
        'own_decommissioned_at', h.own_decommissioned_at,
        'bought_at', h.bought_at,
        'own_bought_at', h.own_bought_at,
        'returned_at', m.returned_at,
        'own_returned_at', m.own_returned_at,
        'reached_store_at', greatest(m.received_at, h.opened_at),
        'own_reached_store_at', greatest(m.own_received_at, h.own_opened_at),
        'reached_dealer_at', m.reached_dealer_at,
        'own_reached_dealer_at', m.own_reached_dealer_at,
        'shipped_at', p.shipped_at,
        'own_shipped_at', p.own_shipped_at
    ) as facts,
    h.last_event_type,
    h.last_event_at,
    i.parent_code as container_code,
    k.dealer_code,
    k.held_since,
    k.delivery_no,
    k.order_no,
    k.delivered_at,
    h.first_store_in_at,
    least(p.first_shipped_at, t.first_sent_at) as first_ship_at,
    h.first_receive_at,
    h.first_sell_at,
    h.first_verify_at,
    m.returned_at as last_returned_at,
    e.earlier_holds
from core.unit as u
left join happened as h on h.bucket = u.bucket and h.code = u.code
left join moved as m on m.bucket = u.bucket and m.code = u.code
left join shipped as p on p.bucket = u.bucket and p.code = u.code
left join sent as t on t.bucket = u.bucket and t.code = u.code
left join core.sale as s on s.bucket = u.bucket and s.code = u.code
left join core.containment as i on i.bucket = u.bucket and i.code = u.code and i.contained_to is null
left join held as k on k.bucket = u.bucket and k.code = u.code and k.held_to is null
left join earlier as e on e.bucket = u.bucket and e.code = u.code
order by u.work_order_no, u.code
