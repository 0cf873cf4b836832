-- name: core.movement
-- kind: table
-- partition: piece = bucket(event_id)
-- touched: select bucket(event_id) as piece, event_id from changed.core__scan_event where event_type in ('ship', 'void_ship', 'receive', 'transfer', 'return', 'decommission')
-- grain: event_id, content_hash
-- Events that move custody, with who has the goods afterwards. That is `to_party` if it is a dealer, or the
-- dealer of the store it names; nobody for a warehouse of our own. A ship that names nobody goes to the
-- dealer of its delivery, else of its order; a receive or transfer to the dealer of its store. A party that
-- no system knows is kept as it is written.
-- A `void_ship` that corrects an event stays in force even if it is corrected itself, because correcting a
-- correction does not revive the original.
-- columns:
--   piece: piece, by the event
--   event_id: the event
--   content_hash: tells two events with one id apart
--   event_type: ship, void_ship, receive, transfer, return or decommission
--   event_time: when
--   holder_code: dealer that has the goods afterwards; empty: nobody, or not known
--   is_internal: it went to a warehouse of our own
--   is_at_store: it happened at a store we know
--   channel: the event's channel, else the dealer's
--   delivery_no: the delivery
--   order_no: the order, of the event or else of its delivery
--   from_party: from whom
--   to_party: to whom
--   store_code: the store
--   warehouse_code: the warehouse
--   device_id: the device
--   corrects_event_id: what it corrects
with moving as (
    select *
    from core.scan_event
    where
        event_type in ('ship', 'void_ship', 'receive', 'transfer', 'return', 'decommission')
        and event_time is not null
        and (not is_voided or (event_type = 'void_ship' and corrects_event_id is not null))
),
delivery_of as (
    select
        delivery_no,
        dealer_code,
        order_no,
        row_number() over (partition by delivery_no order by is_deleted, status = 'cancelled', system, source_id) as place
    from core.delivery
),
order_of as (
    select
        order_no,
        dealer_code,
        row_number() over (partition by order_no order by is_deleted, status = 'cancelled', system, source_id) as place
    from core.sales_order
),
site as (
    select distinct warehouse_code from core.warehouse where warehouse_code is not null
),
placed as (
    select
        m.event_id,
        m.content_hash,
        m.event_type,
        m.event_time,
        case
            when m.event_type not in ('ship', 'receive', 'transfer') then null
            when party.dealer_code is not null then party.dealer_code
            when outlet.store_code is not null then outlet.dealer_code
            when site.warehouse_code is not null then null
            when m.to_party is not null then m.to_party
            when m.event_type = 'ship' then coalesce(d.dealer_code, o.dealer_code)
            else shop.dealer_code
        end as holder_code,
        party.dealer_code is null and outlet.store_code is null and site.warehouse_code is not null as is_internal,
        outlet.store_code is not null or shop.store_code is not null as is_at_store,
        m.channel,
        m.delivery_no,
        coalesce(m.order_no, d.order_no) as order_no,
        m.from_party,
        m.to_party,
        m.store_code,
        m.warehouse_code,
        m.device_id,
        m.corrects_event_id
    from moving as m
    left join core.dealer_profile as party on party.dealer_code = m.to_party
    left join core.store_profile as outlet on outlet.store_code = m.to_party
    left join core.store_profile as shop on shop.store_code = m.store_code
    left join site on site.warehouse_code = m.to_party
    left join delivery_of as d on d.delivery_no = m.delivery_no and d.place = 1
    left join order_of as o on o.order_no = coalesce(m.order_no, d.order_no) and o.place = 1
)
select
    bucket(p.event_id) as piece,
    p.event_id,
    p.content_hash,
    p.event_type,
    p.event_time,
    p.holder_code,
    p.is_internal,
    p.is_at_store,
    coalesce(p.channel, h.channel) as channel,
    p.delivery_no,
    p.order_no,
    p.from_party,
    p.to_party,
    p.store_code,
    p.warehouse_code,
    p.device_id,
    p.corrects_event_id
from placed as p
left join core.dealer_profile as h on h.dealer_code = p.holder_code
